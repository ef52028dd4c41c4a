/* escalate: cases are opened, and get further causes. */
#ifndef BELLHOP_POLICY_DECIDE_ESCALATE_H
#define BELLHOP_POLICY_DECIDE_ESCALATE_H

#include "common/policy/decide/deciding.h"

/* Open a case, or add a cause to the one that is open. `level` was decided by the rule. */
void escalate(struct deciding *deciding, const struct rule *rule, unsigned level, WireProof *proof);

#endif
