/* expire: deadlines that have passed. */
#ifndef BELLHOP_POLICY_DECIDE_EXPIRE_H
#define BELLHOP_POLICY_DECIDE_EXPIRE_H

#include "common/policy/decide/deciding.h"

void expire_deadline(struct deciding *deciding);
/* Go on to the next level that can decide it, or be told again at the top; `body` is as it was. */
void expire_climb(struct deciding *deciding, const struct escalation *escalation, WireCase *body,
                  char *reason);
/* What the case was about has ended: nobody needs to come any more. */
bool expire_is_over(struct deciding *deciding, const struct escalation *escalation, const WireCase *body);
/* The wait ends with the event: limits that had passed by then but were never told of are judged now. */
void expire_missed(struct deciding *deciding);
/* The wait that begins with the event is over, as was told before: its limits are judged likewise. */
void expire_over(struct deciding *deciding);

#endif
