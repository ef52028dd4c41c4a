/* act: what people do with cases and follow-ups. An act that comes too late, or from too low, is answered with the
 * present state. */
#ifndef BELLHOP_POLICY_DECIDE_ACT_H
#define BELLHOP_POLICY_DECIDE_ACT_H

#include "common/policy/decide/deciding.h"

void act_acknowledge(struct deciding *deciding);
/* "Not me": the case goes at once to the next who can. */
void act_decline(struct deciding *deciding);
void act_answer(struct deciding *deciding);
void act_finish_follow_up(struct deciding *deciding);
/* What becomes of a proposal, from whoever keeps the policy. */
void act_answer_proposal(struct deciding *deciding);
/* Whether they were able to help, from whoever was asked. */
void act_give_word(struct deciding *deciding);

#endif
