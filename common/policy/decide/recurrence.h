/* recurrence: the group of what came up again and again, as coaching tells of it. */
#ifndef BELLHOP_POLICY_DECIDE_RECURRENCE_H
#define BELLHOP_POLICY_DECIDE_RECURRENCE_H

#include "common/policy/decide/deciding.h"

/* Coaching of `rule` is about what came up `within` its time: the decision says which contacts, and from when until when.
 * What went wrong in an employee's contacts is for their lead alone. */
void recurrence_note(struct deciding *deciding, const struct rule *rule, WireDecision *decision);

#endif
