/* statements: everything but the rules as statements. */
#ifndef BELLHOP_POLICY_EXPLAIN_STATEMENTS_H
#define BELLHOP_POLICY_EXPLAIN_STATEMENTS_H

#include "common/policy/explain/statement.h"

/* Everything but the rules, in the order of reading. */
void statements_make(const struct policy *policy, struct statements *into);

/* What holds wherever this very policy does, as its overrides have made it: neither places nor overrides. */
void statements_make_common(const struct policy *policy, struct statements *into);

#endif
