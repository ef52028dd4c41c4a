/* escalation: opens cases, adds causes, and raises. */
#ifndef BELLHOP_POLICY_DECIDE_ESCALATION_H
#define BELLHOP_POLICY_DECIDE_ESCALATION_H

#include "common/policy/decide/deciding.h"

/* Open a case, or add a cause to the one that is open. `level` was decided by the rule. */
void escalation_open(struct deciding *deciding, const struct rule *rule, unsigned level, WireProof *proof);

#endif
