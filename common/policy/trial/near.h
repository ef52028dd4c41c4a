/* near: how near an event came to a figure or limit: what that would have had to be, for this to come out otherwise.
 * Internal to candidate. */
#ifndef BELLHOP_POLICY_TRIAL_NEAR_H
#define BELLHOP_POLICY_TRIAL_NEAR_H

#include "common/policy/trial/candidate.h"

/* A figure or limit by its name, what it is, and what it would have had to be. */
typedef void near_found(void *owner, const char *name, enum candidate_unit unit, int64_t was, int64_t needed);

/* The comparisons with figures in the conditions of rules, found once for each. */
struct near_rules;

struct near_rules *near_rules_new(void);
void near_rules_free(struct near_rules *rules);

/* A rule was looked at: its comparisons with figures. */
void near_look(struct near_rules *rules, const struct rule_look *look, near_found *found, void *owner);
/* A wait that ends now: the limits of the policy for waits of its kind. */
void near_wait(struct near_rules *rules, const struct policy *policy, const struct fold *fold,
               const WireEvent *event, near_found *found, void *owner);
/* A case that was opened by a proof, or is taken: the limits of its levels. */
void near_case(const struct policy *policy, const WireDecision *decision, near_found *found, void *owner);

#endif
