/* rule_load: the section of rules. */
#ifndef BELLHOP_POLICY_LOAD_RULE_LOAD_H
#define BELLHOP_POLICY_LOAD_RULE_LOAD_H

#include "common/policy/load/loading.h"

void rules_load(struct loading *loading, struct node *node);

#endif
