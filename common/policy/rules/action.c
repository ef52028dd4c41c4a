/* action: what a rule does. THE table of actions and what each of them takes; the README lists the same. */
#include "common/policy/rules/action.h"

#define FIELD(member) offsetof(struct action, member)

const struct action_form action_forms[ACTION_KINDS] = {
    [ACTION_RECORD] = {"record", {{"says", PARAMETER_SENTENCE, FIELD(says), false}}},
    [ACTION_GRANT] = {"grant",
                      {{"reach", PARAMETER_NUMBER, FIELD(reach), false},
                       {"hearer", PARAMETER_NUMBER, FIELD(hearer), false},
                       {"cap", PARAMETER_NUMBER, FIELD(cap), false},
                       {"says", PARAMETER_SENTENCE, FIELD(says), false}}},
    [ACTION_ESCALATE] = {"escalate",
                         {{"to", PARAMETER_ROLE, FIELD(to), true},
                          {"severity", PARAMETER_SEVERITY, FIELD(severity), true},
                          {"ends_with", PARAMETER_ENDS, FIELD(ends_with), false},
                          {"subject", PARAMETER_TEXT, FIELD(subject), false},
                          {"while", PARAMETER_TRUTH, FIELD(goes_on), false},
                          {"call_back", PARAMETER_TRUTH, FIELD(call_back), false},
                          {"legal", PARAMETER_TRUTH, FIELD(legal), false},
                          {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_FOLLOW_UP] = {"follow_up",
                          {{"kind", PARAMETER_FOLLOW_UP, FIELD(follow_up), true},
                           {"due_in", PARAMETER_DURATION, FIELD(due_in), true},
                           {"subject", PARAMETER_TEXT, FIELD(subject), false},
                           {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_RECOGNISE] = {"recognise",
                          {{"employee", PARAMETER_TEXT, FIELD(employee), true},
                           {"manager", PARAMETER_ROLE, FIELD(to), true},
                           {"kind", PARAMETER_RECOGNITION, FIELD(recognition), false},
                           {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_COACH] = {"coach",
                      {{"employee", PARAMETER_TEXT, FIELD(employee), false},
                       {"lead", PARAMETER_ROLE, FIELD(to), true},
                       {"subject", PARAMETER_TEXT, FIELD(subject), false},
                       {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_FINDING] = {"finding",
                        {{"subject", PARAMETER_TEXT, FIELD(subject), true},
                         {"value", PARAMETER_NUMBER, FIELD(value), false},
                         {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_NOTIFY] = {"notify",
                       {{"employee", PARAMETER_TEXT, FIELD(employee), false},
                        {"subject", PARAMETER_TEXT, FIELD(subject), false},
                        {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_DIGEST] = {"digest",
                       {{"manager", PARAMETER_ROLE, FIELD(to), false},
                        {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_EXPERIENCE] = {"experience",
                           {{"feeling", PARAMETER_FEELING, FIELD(feeling), true},
                            {"reach", PARAMETER_NUMBER, FIELD(reach), true}}},
    [ACTION_ADVISE] = {"advise", {{"says", PARAMETER_SENTENCE, FIELD(says), true}}},
};

static bool is_expression(enum parameter_type type)
{
    return type != PARAMETER_SENTENCE && type != PARAMETER_ENDS && type != PARAMETER_FOLLOW_UP &&
           type != PARAMETER_RECOGNITION;
}

void actions_clear(struct rule *rule)
{
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        struct action *action = &rule->actions[kind];
        for (const struct parameter *parameter = action_forms[kind].parameters; parameter->name; parameter++)
            if (is_expression(parameter->type))
                cel_program_free(
                    ((struct expression *)(void *)((char *)action + parameter->offset))->program);
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
            const void *field = (const char *)action + parameter->offset;
            const struct cel_program *program =
                is_expression(parameter->type) ? ((const struct expression *)field)->program : NULL;
            if (program)
                each(owner, parameter->name, program);
        }
        for (size_t at = 0; says && at < cel_template_parts(says); at++)
            if (cel_template_part(says, at))
                each(owner, "says", cel_template_part(says, at));
    }
}
