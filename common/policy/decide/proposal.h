/* proposal: what an employee would have otherwise in the policy. The answer to it is owed like a promise, by a role: whoever keeps
 * the policy. */
#ifndef BELLHOP_POLICY_DECIDE_PROPOSAL_H
#define BELLHOP_POLICY_DECIDE_PROPOSAL_H

#include "common/policy/decide/deciding.h"

/* What a proposal is about, before any rule looks at it: an answer is owed, if it is about something the policy has. */
void proposal_conclude(struct deciding *deciding);
/* Whoever keeps the policy has answered `promise`: it is kept, or was broken, and the rules that look at that. False: the
 * arena is full. */
bool proposal_answer(struct deciding *deciding, const struct promise *promise);

#endif
