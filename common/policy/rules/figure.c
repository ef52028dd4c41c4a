/* figure: found by its name, and changed by overrides. */
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"

const struct figure *figure_find(const struct policy *policy, const char *name)
{
    for (unsigned i = 0; i < policy->figure_count; i++)
        if (text_equal(policy->figures[i].name, name))
            return &policy->figures[i];
    return NULL;
}

void figure_apply(struct figure *figure, const struct figure_change *change)
{
    if (!figure->is_money || change->to.amounts[0] >= 0)
        figure->value = change->to.value;
    for (unsigned i = 0; figure->is_money && i < POLICY_CURRENCIES; i++)
        if (change->to.amounts[i] >= 0)
            figure->amounts[i] = change->to.amounts[i];
}
