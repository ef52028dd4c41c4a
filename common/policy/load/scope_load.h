/* scope_load: the stores of a policy. */
#ifndef BELLHOP_POLICY_LOAD_SCOPE_LOAD_H
#define BELLHOP_POLICY_LOAD_SCOPE_LOAD_H

#include "common/policy/load/loading.h"

/* Zone and calendar of all stores, the calendars, and the stores. */
void scopes_load(struct loading *loading, struct node *root);

#endif
