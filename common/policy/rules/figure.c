/* figure: found by its name, and changed by overrides. */
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"

const struct figure *figure_find(const struct policy *policy, const char *name)
{
    for (unsigned at = 0; at < policy->figure_count; at++)
        if (!strcmp(policy->figures[at].name, name))
            return &policy->figures[at];
    return NULL;
}

void figure_apply(struct figure *figure, const struct figure_change *change)
{
    if (!figure->is_money || change->to.amounts[0] >= 0)
        figure->value = change->to.value;
    for (unsigned at = 0; figure->is_money && at < POLICY_CURRENCIES; at++)
        if (change->to.amounts[at] >= 0)
            figure->amounts[at] = change->to.amounts[at];
}
