/* act: what people do with cases and follow-ups. An act that comes too late, or from too low, is answered with the
 * present state. */
#ifndef BELLHOP_POLICY_DECIDE_ACT_H
#define BELLHOP_POLICY_DECIDE_ACT_H

#include "common/policy/decide/deciding.h"

void decide_acknowledged(struct deciding *deciding);
void decide_answered(struct deciding *deciding);
void decide_follow_up_done(struct deciding *deciding);

#endif
