/* customer: what is remembered of a customer. */
#ifndef BELLHOP_POLICY_STATE_CUSTOMER_H
#define BELLHOP_POLICY_STATE_CUSTOMER_H

#include "common/base/list.h"
#include "common/policy/state/interaction.h"

/* How a contact ended. */
struct customer_close {
    int64_t at;            /* 0: there was none */
    uint64_t contact;      /* the seq it began with */
    const char *served_by; /* when it closed */
    uint8_t outcome, rating;
};

enum { FAILURES = 3 };

/* Values only, as of interactions. */
struct customer_known {
    int64_t first_seen_at, seen_at, last_seen_at; /* `last`: at an interaction before this one; 0: never */
    uint64_t seen_seq, last_seen_seq;
    int64_t owner_at;          /* since when; see interaction.h */
    const char *owner;         /* the employee who knows this customer */
    int64_t last_bought_at;    /* 0: never */
    int64_t served_at;         /* when the last contact ended that they did not give up; 0: never */
    int64_t promise_broken_at; /* the last promise to this customer that was; 0: none */
    uint64_t promise_broken_seq;
    int64_t longest_hold_us; /* in one contact, since one ended well */
    int64_t well_at;         /* when that was; 0: never */
    uint32_t visits, shop_visits;
    int64_t trouble_us,
        trouble_at; /* a trouble's contacts together, and when the last of them closed; 0: there is none */
    uint16_t trouble_contacts, trouble_hand_overs;
    bool is_trouble_solved;
    uint16_t most_menus, open_complaints; /* likewise */
    uint16_t complaints, broken_promises;
    struct customer_close last, before_last; /* by when it was */
    int64_t failed_at[FAILURES];             /* the last ones by time, latest first; 0: none */
    bool is_owner_given;
};

/* The contact closed: what it adds to the trouble of its customer, if it is about any. A trouble is over with the contact
 * that solved it, or when nobody has come about it for sixty days. */
void customer_trouble(struct customer_known *known, const struct interaction_known *before,
                      const struct interaction_known *after, const struct occurrence *occurrence);

/* The contact is the first this customer is known to have had. */
static inline bool customer_is_first(const struct customer_known *known,
                                     const struct interaction_known *before)
{
    return known->visits == 1 && (!before || !before->customer);
}

struct customer {
    struct list_node recent;
    struct list follow_ups; /* open and overdue, through in_customer */
    struct customer_known known;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* the customer's id */
};

/* Apply the event; `before` is what was known of its interaction (NULL: nothing). */
void customer_observe(struct customer_known *known, const struct interaction_known *before,
                      const struct occurrence *occurrence, struct names *names);

/* The last that had closed by `at`, and began with another seq than `contact`. NULL: none is remembered. */
const struct customer_close *customer_last_close(const struct customer_known *known, uint64_t contact,
                                                 int64_t at);

/* What may drive the customer away, with the contact as it is `after` the event. */
void customer_suffer(struct customer_known *known, const struct interaction_known *before,
                     const struct interaction_known *after, const struct occurrence *occurrence);
/* A contact ended well: what was before it is made good. */
void customer_made_good(struct customer_known *known, int64_t at);

/* Owed a recovery, or a promise broken; or that one was none. */
void customer_fail(struct customer_known *known, int64_t at);
void customer_unfail(struct customer_known *known, int64_t at);
/* How far the failure nearest to `at` is. -1: there was none. */
int64_t customer_from_failure_us(const struct customer_known *known, int64_t at);

/* Give back the names it holds. */
void customer_known_clear(struct customer_known *known, struct names *names);

/* A promise to the customer was broken, or turned out not to be. */
void customer_promise_turned(struct customer_known *known, const struct occurrence *occurrence,
                             bool is_broken);

#endif
