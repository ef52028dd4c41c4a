/* fact_keep: what decisions keep of the facts. */
#ifndef BELLHOP_POLICY_DECIDE_FACT_KEEP_H
#define BELLHOP_POLICY_DECIDE_FACT_KEEP_H

#include "common/policy/decide/deciding.h"

/* The facts that `rule` reads, as they are: on those of the decisions from `first` on that it made, and, if
 * it has told something since `told_before`, on the verdict to come. */
void fact_keep(struct deciding *deciding, const struct rule *rule, size_t first, size_t told_before);

#endif
