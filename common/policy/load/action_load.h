/* action_load: the section `then` of a rule: what it does. */
#ifndef BELLHOP_POLICY_LOAD_ACTION_LOAD_H
#define BELLHOP_POLICY_LOAD_ACTION_LOAD_H

#include "common/policy/load/expression.h"

void actions_load(const struct compiling *compiling, struct node *node, struct rule *rule);

#endif
