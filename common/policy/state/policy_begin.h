/* policy_begin: when the staff of a store hear that another policy has come into force.
 *
 * Each store has a deadline of its own: the time at which the next policy begins that is in force by then, follows
 * another, and has a rule that looks at it. When it passes, what the staff know is compared with what is in force by then:
 * a policy that was replaced meanwhile is passed over. */
#ifndef BELLHOP_POLICY_STATE_POLICY_BEGIN_H
#define BELLHOP_POLICY_STATE_POLICY_BEGIN_H

#include "common/policy/state/staff.h"

struct policy;

/* A store is new: its staff know the policy in force. */
void policy_begin_meet(struct fold *fold, struct store *store);
/* A policy was accepted, or the stores were read from a snapshot. */
void policy_begins_arm(struct fold *fold);
/* It has begun for this store, which may be NULL: by `now` its staff know what is in force. The next one is waited for. */
void policy_begin_expire(struct fold *fold, struct store *store, const WireDeadlinePassed *passed,
                         int64_t now);

/* What begins in a store now. */
struct policy_begin {
    const struct policy *before,
        *after; /* what its staff know, and what is in force: as loaded, for all stores */
    const char *reason, *proposed_by; /* NULL: not given */
    uint64_t version;
};

/* False: it is not what the store waits for, or its staff know it. */
bool policy_begin_find(const struct fold *fold, const char *store_id, const WireDeadlinePassed *passed,
                       int64_t now, struct policy_begin *ret_begin);

#endif
