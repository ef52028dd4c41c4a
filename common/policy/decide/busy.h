/* busy: cases that last while an employee is so busy. */
#ifndef BELLHOP_POLICY_DECIDE_BUSY_H
#define BELLHOP_POLICY_DECIDE_BUSY_H

#include "common/policy/decide/deciding.h"

/* The event relieves somebody, or ends their duty: what waited for that is overtaken. */
void busy_overtake(struct deciding *deciding);

/* The live case of the rule about that employee, who is one case however many more come; NULL: none. */
const struct escalation *busy_case(struct deciding *deciding, const struct rule *rule,
                                   const char *employee_id);

/* Whether the employee is still so busy that the case goes on, by the policy of the case. */
bool busy_goes_on(struct deciding *deciding, const struct escalation *escalation, const char *employee_id);

#endif
