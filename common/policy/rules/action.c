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
                           {"same_day", PARAMETER_TRUTH, FIELD(same_day), false},
                           {"waits_at_most", PARAMETER_DURATION, FIELD(waits), false},
                           {"employee", PARAMETER_TEXT, FIELD(employee), false},
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
                       {"within", PARAMETER_DURATION, FIELD(within), false},
                       {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_FINDING] = {"finding",
                        {{"subject", PARAMETER_TEXT, FIELD(subject), true},
                         {"value", PARAMETER_NUMBER, FIELD(value), false},
                         {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_NOTIFY] = {"notify",
                       {{"employee", PARAMETER_TEXT, FIELD(employee), false},
                        {"lead", PARAMETER_ROLE, FIELD(to), false},
                        {"subject", PARAMETER_TEXT, FIELD(subject), false},
                        {"asks", PARAMETER_TRUTH, FIELD(asks), false},
                        {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_DIGEST] = {"digest",
                       {{"manager", PARAMETER_ROLE, FIELD(to), false},
                        {"says", PARAMETER_SENTENCE, FIELD(says), true}}},
    [ACTION_EXPERIENCE] = {"experience",
                           {{"feeling", PARAMETER_FEELING, FIELD(feeling), true},
                            {"reach", PARAMETER_NUMBER, FIELD(reach), true}}},
    [ACTION_ADVISE] = {"advise", {{"says", PARAMETER_SENTENCE, FIELD(says), true}}},
};

const struct expression *action_expression(const struct action *action, const struct parameter *parameter)
{
    switch (parameter->type) {
    case PARAMETER_SENTENCE:
    case PARAMETER_ENDS:
    case PARAMETER_FOLLOW_UP:
    case PARAMETER_RECOGNITION:
        return NULL;
    case PARAMETER_ROLE:
    case PARAMETER_SEVERITY:
    case PARAMETER_FEELING:
    case PARAMETER_TEXT:
    case PARAMETER_TRUTH:
    case PARAMETER_NUMBER:
    case PARAMETER_DURATION:
        break;
    }
    return (const struct expression *)(const void *)((const char *)action + parameter->offset);
}
