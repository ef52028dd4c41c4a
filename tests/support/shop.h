/* shop: tells a story to the fold and writes down what it concludes, one line a decision.
 *
 * Beside the fold runs a twin that never decides: it applies the stored bytes of each decision, as after a
 * restart. At each event both would have to decide the same, byte for byte, and have the same next deadline.
 */
#ifndef BELLHOP_TESTS_SUPPORT_SHOP_H
#define BELLHOP_TESTS_SUPPORT_SHOP_H

#include "common/base/bytes.h"
#include "common/policy/decide/decide.h"
#include "common/policy/state/fold_deadline.h"

struct shop {
    struct fold *fold, *twin;
    const struct fold_limits *limits;
    struct decisions *decisions, *twin_decisions;
    struct arena arena;
    int64_t now;           /* UTC microseconds: the clock of the log */
    int64_t sent_after_us; /* how long after it happened an event is sent */
    uint64_t seq;
    bool drill;
    const char *store_id;
    struct bytes heard;
    char case_id[72]; /* of the last decision about a case, and its round */
    unsigned round;
    char follow_up_id[72];
    size_t decided; /* decisions in all */
    /* Told of every event and what was decided; NULL: nobody. */
    void (*recorded)(void *recorder, const WireLoggedEvent *record, const WireEvent *event,
                     WireDecision *const *decisions, size_t count);
    void *recorder;
    size_t questioned;       /* decisions asked again from the facts they kept */
    unsigned snapshot_every; /* so many events the twin is one that was read from a snapshot; 0: never */
};

/* Open for business on a Monday at ten, under the policy that ships (`policy` NULL) or another. */
struct shop *shop_open(const char *policy);
/* The same with other limits; NULL: the defaults. */
struct shop *shop_open_bounded(const char *policy, const struct fold_limits *limits);
/* Open at another time, under the policy that ships. */
struct shop *shop_open_at(int64_t now);
/* Those who act in the tests (mia, lea, tom) may be `role` in every store, by the roster, without an event. */
void shop_trust(struct shop *shop, const char *role);
void shop_free(struct shop *shop);
AUTO_FREE(shop)

/* `who` is "INTERACTION EMPLOYEE CUSTOMER", "-" for nobody. `body` is the body as JSON, with ' for ", such as
 * "'mood_observed':{'mood':'ANGRY'}"; in it $case, $round and $follow_up stand for the last ones. What is
 * heard begins anew. */
const char *shop_play(struct shop *shop, const char *who, const char *body);

/* Let time pass; deadlines are told to the log when they pass. What is heard begins anew. */
const char *shop_wait(struct shop *shop, int64_t seconds);

/* Let time pass without anybody looking at deadlines, and look at them. */
void shop_sleep(struct shop *shop, int64_t seconds);
const char *shop_wake(struct shop *shop);

/* Propose another policy, to be in force from `active_at` on; 0: at once. What is heard begins anew. */
const char *shop_propose(struct shop *shop, const char *policy, int64_t active_at);

/* Tell an event as it is, recorded now. */
void shop_feed(struct shop *shop, WireEvent *event, bool has_sent_at);

#endif
