/* policy: what a policy is called, what it names, and its end. */
#include "common/policy/rules/policy.h"

#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/rules/scope.h"

#include <stdlib.h>

static void rule_list_clear(struct rule_list *list)
{
    free(list->rules);
    free(list->triggers);
}

/* What is loaded from the rules; of one that overrides made it is all there is. */
static void free_rules(struct policy *policy)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        rule_clear(&policy->rules[i]);
    for (unsigned i = 0; i < EVENT_TYPES; i++) {
        rule_list_clear(&policy->by_event[i]);
        rule_list_clear(&policy->delayed[i]);
    }
    for (unsigned i = 0; i < CASE_CHANGES; i++)
        rule_list_clear(&policy->by_change[i]);
    for (size_t i = 0; i < policy->money_figure_count; i++)
        free(policy->money_figures[i]);
    free(policy->money_figures);
    free(policy->rules);
    arena_clear(&policy->arena);
}

void policy_free_variant(struct policy *variant)
{
    if (!variant)
        return;
    free_rules(variant);
    free(variant->overrides);
    free(variant);
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    free_rules(policy);
    free(policy->products);
    for (unsigned i = 0; i < policy->scopes->variant_count; i++)
        policy_free_variant(policy->scopes->variants[i].policy);
    scopes_free(policy->scopes);
    free(policy);
}

const char *policy_name(const struct policy *policy)
{
    return policy->name;
}

uint64_t policy_version(const struct policy *policy)
{
    return policy->version;
}

int policy_currency(const struct policy *policy, const char *code)
{
    for (unsigned i = 0; i < policy->currency_count; i++)
        if (text_equal(policy->currencies[i], code))
            return (int)i;
    return -1;
}
