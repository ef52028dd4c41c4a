/* state_set: entries become what a stored message says. */
#ifndef BELLHOP_POLICY_STATE_STATE_SET_H
#define BELLHOP_POLICY_STATE_STATE_SET_H

#include "common/policy/state/state.h"

/* A case that ended is filed. */
void state_set_escalation(struct fold *fold, const WireCase *body, bool is_muted);
void state_set_follow_up(struct fold *fold, const WireFollowUp *body);
/* 0, or -EINVAL and why: it cannot be loaded. */
int state_add_policy(struct fold *fold, const WirePolicyProposed *proposed, uint64_t version,
                     int64_t active_at, char why[static WHY_SIZE]);

#endif
