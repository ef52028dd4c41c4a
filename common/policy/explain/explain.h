/* explain: a policy as sentences that a store manager reads. */
#ifndef BELLHOP_POLICY_EXPLAIN_EXPLAIN_H
#define BELLHOP_POLICY_EXPLAIN_EXPLAIN_H

#include "common/base/bytes.h"
#include "common/policy/rules/policy.h"

/* The whole policy, appended. */
void explain_policy(const struct policy *policy, struct bytes *into);

#endif
