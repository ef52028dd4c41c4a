/* busy: cases that last while an employee is so busy. */
#ifndef BELLHOP_POLICY_DECIDE_BUSY_H
#define BELLHOP_POLICY_DECIDE_BUSY_H

#include "common/policy/decide/deciding.h"

/* The event relieves somebody: what waited for that is overtaken. */
void busy_overtake(struct deciding *deciding);

/* Whether the employee is still so busy that the case goes on, by the policy of the case. */
bool busy_goes_on(struct deciding *deciding, const struct escalation *escalation, const char *employee_id);

#endif
