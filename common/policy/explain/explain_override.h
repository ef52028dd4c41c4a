/* explain_override: what is otherwise in some stores, or for some time, as sentences. */
#ifndef BELLHOP_POLICY_EXPLAIN_EXPLAIN_OVERRIDE_H
#define BELLHOP_POLICY_EXPLAIN_EXPLAIN_OVERRIDE_H

#include "common/policy/explain/statement.h"

void explain_overrides(const struct policy *policy, struct statements *into);

/* "for stores in the region coast, from 21 November 2026 18:00 by the clocks of each store". */
void explain_override_scope(const struct override *override, struct bytes *into);

#endif
