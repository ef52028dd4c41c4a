/* rule: found by its name, freed, and its expressions one by one. */
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"

const struct rule *rule_find_escalating(const struct policy *policy, const char *name)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].actions[ACTION_ESCALATE].is_given && text_equal(policy->rules[i].name, name))
            return &policy->rules[i];
    return NULL;
}

void rule_clear(struct rule *rule)
{
    cel_program_free(rule->when.program);
    for (int i = 0; i < ACTION_KINDS; i++) {
        struct action *action = &rule->actions[i];
        for (const struct parameter *parameter = action_forms[i].parameters; parameter->name; parameter++) {
            const struct expression *expression = action_expression(action, parameter);
            if (expression)
                cel_program_free(expression->program);
        }
        cel_template_free(action->says.template);
    }
}

void rule_each_program(const struct rule *rule, program_each *each, void *owner)
{
    if (rule->when.program)
        each(owner, "when", rule->when.program);
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        const struct action *action = &rule->actions[kind];
        const struct cel_template *says = action->says.template;
        for (const struct parameter *parameter = action_forms[kind].parameters; parameter->name;
             parameter++) {
            const struct expression *expression = action_expression(action, parameter);
            if (expression && expression->program)
                each(owner, parameter->name, expression->program);
        }
        for (size_t i = 0; says && i < cel_template_parts(says); i++)
            if (cel_template_part(says, i))
                each(owner, "says", cel_template_part(says, i));
    }
}
