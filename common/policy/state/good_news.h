/* good_news: what went well in a store since it last closed, until the digest of its day tells it.
 *
 * News belongs to the next closing after it happened or, when that day's digest has been made already, after it was
 * recorded. The first news of a day arms the deadline of its closing, which stays where it is: a calendar that changes
 * later counts from the next day on. A day without good news is not there, and has no digest. */
#ifndef BELLHOP_POLICY_STATE_GOOD_NEWS_H
#define BELLHOP_POLICY_STATE_GOOD_NEWS_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/key.h"
#include "common/policy/state/occurrence.h"

struct fold;
struct reading;

enum news {
    NEWS_COMPLIMENT,
    NEWS_KEPT_PROMISE,
    NEWS_RETURNING_CUSTOMER,
    NEWS_SALES_GAIN,
    NEWS_KINDS,
};

enum {
    NEWS_EARNERS = 200, /* of more the news counts, and nobody is named */
    NEWS_SEQS = 32      /* events that the digest says it rests on */
};

/* An employee who earned some of it. */
struct earner {
    struct list_node in_news;
    const char *employee;
    uint32_t counts[NEWS_KINDS];
};

struct good_news {
    struct list_node recent;
    struct deadline deadline; /* when the store closes */
    struct list earners;      /* first who earned first, through in_news */
    uint32_t earner_count;
    uint32_t counts[NEWS_KINDS];
    int64_t gained[POLICY_CURRENCIES]; /* by sales gains, with their currencies; "": no further one */
    char currencies[POLICY_CURRENCIES][POLICY_CURRENCY_SIZE];
    int64_t since_at; /* the first was recorded */
    uint64_t seqs[NEWS_SEQS];
    uint32_t seq_count;
    uint16_t key_size;
    char key[]; /* store, NUL, the day that ends with the closing: "2026-11-27" */
};

static inline const char *good_news_day(const struct good_news *news)
{
    return key_second(news->key);
}

/* NULL: none. */
const struct good_news *good_news_find(const struct fold *fold, const char *store_id, const char *day);

/* Add what the event brought to the news of the store, if the policy makes a digest of it. `employee_id` and `gained`
 * may be NULL. */
void good_news_add(struct fold *fold, const struct policy *policy, const struct occurrence *occurrence,
                   enum news kind, const char *store_id, const char *employee_id, const WireMoney *gained);
/* The store has closed. */
void good_news_expire(struct fold *fold, const char *store_id, const WireDeadlinePassed *passed);

void good_news_age(struct fold *fold);
void good_news_clear(struct fold *fold);
void good_news_write(const struct fold *fold, struct bytes *into);
void good_news_read(struct reading *reading);

#endif
