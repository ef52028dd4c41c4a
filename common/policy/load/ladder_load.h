/* ladder_load: the levels of a policy, lowest first, and what an override says of them. */
#ifndef BELLHOP_POLICY_LOAD_LADDER_LOAD_H
#define BELLHOP_POLICY_LOAD_LADDER_LOAD_H

#include "common/policy/load/loading.h"

void ladder_load(struct loading *loading, struct node *ladder, struct node *authority);

/* What an override says of a level. */
bool ladder_load_change(struct loading *loading, struct node *node, struct level_change *ret_change);

#endif
