/* countdown: finds the next trigger that is meant. */
#include "common/policy/countdown.h"

uint32_t countdown_next(const struct policy *policy, WireEvent__BodyCase event, int kind, uint32_t at)
{
    const struct rule_list *list = &policy->delayed[event];
    while (at < list->count && list->triggers[at]->is_narrowed && list->triggers[at]->kind != kind)
        at++;
    return at;
}

const struct trigger *countdown_trigger(const struct countdown *countdown)
{
    return countdown->policy->delayed[countdown->event].triggers[countdown->at];
}

const struct rule *countdown_rule(const struct countdown *countdown)
{
    return countdown->policy->delayed[countdown->event].rules[countdown->at];
}
