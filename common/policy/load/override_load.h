/* override_load: what is otherwise in some stores, or for some time. */
#ifndef BELLHOP_POLICY_LOAD_OVERRIDE_LOAD_H
#define BELLHOP_POLICY_LOAD_OVERRIDE_LOAD_H

#include "common/policy/load/loading.h"

/* The section of overrides, once all else is read; then each of them is tried on its own. */
void overrides_load(struct loading *loading, struct node *node);
void overrides_check(struct loading *loading);

#endif
