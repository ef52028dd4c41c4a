/* trigger_load: when a rule is looked at. */
#ifndef BELLHOP_POLICY_LOAD_TRIGGER_LOAD_H
#define BELLHOP_POLICY_LOAD_TRIGGER_LOAD_H

#include "common/policy/load/loading.h"

bool trigger_load(struct loading *loading, const struct node *node, struct rule *rule);

#endif
