/* explain: a policy as sentences that a store manager reads. */
#ifndef BELLHOP_POLICY_EXPLAIN_H
#define BELLHOP_POLICY_EXPLAIN_H

#include "common/base/bytes.h"
#include "common/policy/policy.h"
#include "common/policy/rule.h"

/* The whole policy, appended. */
void explain_policy(const struct policy *policy, struct bytes *into);

/* Its parts, each on lines of its own. */
void explain_level(const struct policy *policy, unsigned level, struct bytes *into);
void explain_rule(const struct policy *policy, const struct rule *rule, struct bytes *into);
/* "wait started (hold), 5 min later, if it still goes on". */
void explain_trigger(const struct trigger *trigger, struct bytes *into);
/* What a rule does, a line each behind `indent`. */
void explain_actions(const struct policy *policy, const struct rule *rule, const char *indent,
                     struct bytes *into);

#endif
