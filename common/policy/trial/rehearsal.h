/* rehearsal: plays events to a policy by a clock the caller sets. Deadlines pass by themselves, and every decision is
 * heard. */
#ifndef BELLHOP_POLICY_TRIAL_REHEARSAL_H
#define BELLHOP_POLICY_TRIAL_REHEARSAL_H

#include "common/policy/decide/decide.h"

struct rehearsal;

/* What is given is gone when the call returns. `at` is the clock. */
typedef void rehearsal_heard(void *owner, int64_t at, const WireEvent *event, const WireDecision *decision);

struct rehearsal_options {
    struct slice document;
    WireZoneTable *const *zones;
    size_t zone_count;
    int64_t begins_at; /* the policy is accepted now */
    rehearsal_heard *heard;
    rule_looked *looked; /* may be NULL */
    void *owner;         /* of both */
};

/* NULL and why: the policy is refused. */
struct rehearsal *rehearsal_new(const struct rehearsal_options *options, char why[static WHY_SIZE]);
void rehearsal_free(struct rehearsal *rehearsal);
AUTO_FREE(rehearsal)

/* Let the clock go on to `at`; what is due until then, and at it, passes. It never goes back. */
void rehearsal_wait(struct rehearsal *rehearsal, int64_t at);

/* An event that is recorded now. Its occurred_at is set; it was sent at `sent_at`. False and why: it cannot be decided. */
bool rehearsal_play(struct rehearsal *rehearsal, WireEvent *event, int64_t sent_at,
                    char why[static WHY_SIZE]);

int64_t rehearsal_clock(const struct rehearsal *rehearsal);
#endif
