/* figure_load: the section of named figures. */
#ifndef BELLHOP_POLICY_LOAD_FIGURE_LOAD_H
#define BELLHOP_POLICY_LOAD_FIGURE_LOAD_H

#include "common/policy/load/loading.h"

void figures_load(struct loading *loading, struct node *node);
/* The value of a figure. */
bool figure_load(struct loading *loading, const struct node *node, struct figure *ret_figure);

#endif
