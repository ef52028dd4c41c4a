/* explain_rule: rules as sentences, each on lines of its own; `before` stands before the first line, blanks before
 * others. */
#ifndef BELLHOP_POLICY_EXPLAIN_EXPLAIN_RULE_H
#define BELLHOP_POLICY_EXPLAIN_EXPLAIN_RULE_H

#include "common/base/bytes.h"
#include "common/policy/rules/policy_parts.h"

void explain_rule(const struct policy *policy, const struct rule *rule, struct bytes *into);
/* "a customer begins to wait". */
void explain_event(WireEvent__BodyCase event, struct bytes *into);
/* "a customer begins to wait (hold), and it still goes on 5 min later". */
void explain_trigger(const struct trigger *trigger, struct bytes *into);
void explain_triggers(const struct rule *rule, const char *before, struct bytes *into);
/* What the rule asks. */
void explain_condition(const struct policy *policy, const struct rule *rule, const char *before,
                       struct bytes *into);
/* What it does: `before` stands before each action. */
void explain_actions(const struct policy *policy, const struct rule *rule, const char *before,
                     struct bytes *into);

#endif
