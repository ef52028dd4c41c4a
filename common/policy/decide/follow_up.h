/* follow_up: follow-ups, from their opening to their end. */
#ifndef BELLHOP_POLICY_DECIDE_FOLLOW_UP_H
#define BELLHOP_POLICY_DECIDE_FOLLOW_UP_H

#include "common/policy/decide/deciding.h"

/* Their owner comes on duty: the time of those that waited for that runs. */
void follow_ups_wake(struct deciding *deciding);
/* The same of one, if its owner is on duty: `body` is as it will be. */
void follow_up_rouse(struct deciding *deciding, const struct policy *policy, WireFollowUp *body);
void follow_up_open(struct deciding *deciding, const struct rule *rule);
/* Call-backs to the customer, who is being served; what they asked somebody for, if it is them. */
void follow_ups_overtake(struct deciding *deciding);
/* `body` is as it was. */
void follow_up_overtake(struct deciding *deciding, const struct follow_up *follow_up, WireFollowUp *body);
/* It is done, as `body` says: the rules that look at that. */
void follow_up_tell(struct deciding *deciding, const struct follow_up *follow_up, const WireFollowUp *body);
WireDecision *follow_up_change(struct deciding *deciding, WireDecisionKind kind,
                               const struct follow_up *follow_up, WireFollowUp *body);

#endif
