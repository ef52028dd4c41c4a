/* expire: deadlines that have passed. */
#ifndef BELLHOP_POLICY_DECIDE_EXPIRE_H
#define BELLHOP_POLICY_DECIDE_EXPIRE_H

#include "common/policy/decide/deciding.h"

void expire_deadline(struct deciding *deciding);
/* The wait ends with the event: limits that had passed by then but were never told of are judged now. */
void expire_missed(struct deciding *deciding);
/* The wait that begins with the event is over, as was told before: its limits are judged likewise. */
void expire_over(struct deciding *deciding);

#endif
