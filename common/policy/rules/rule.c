/* rule: found by its name. */
#include "common/policy/rules/rule.h"

#include "common/base/text.h"

const struct rule *policy_escalating_rule(const struct policy *policy, const char *name)
{
    for (unsigned at = 0; at < policy->rule_count; at++)
        if (policy->rules[at].actions[ACTION_ESCALATE].is_given && !strcmp(policy->rules[at].name, name))
            return &policy->rules[at];
    return NULL;
}
