/* ownership: what goes along when a customer is handed over on purpose, or becomes known half way. */
#ifndef BELLHOP_POLICY_DECIDE_OWNERSHIP_H
#define BELLHOP_POLICY_DECIDE_OWNERSHIP_H

#include "common/policy/decide/deciding.h"

/* After the rules: what they have changed knows its owner already. */
void ownership_conclude(struct deciding *deciding);

#endif
