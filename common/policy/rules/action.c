/* action: what a rule does. THE table of actions and what each of them takes; the README lists the same. */
#include "common/policy/load/loading.h"

#include "common/base/memory.h"
#include "common/base/text.h"

enum parameter_type {
    PARAMETER_ROLE,     /* a role, or an expression that gives one */
    PARAMETER_SEVERITY, /* low, normal, high, critical, or an expression over these */
    PARAMETER_FEELING,
    PARAMETER_TEXT, /* an expression that gives an id */
    PARAMETER_TRUTH,
    PARAMETER_NUMBER,
    PARAMETER_DURATION,
    PARAMETER_SENTENCE,
    PARAMETER_ENDS,
    PARAMETER_FOLLOW_UP,
    PARAMETER_RECOGNITION,
};

struct parameter {
    const char *name;
    enum parameter_type type;
    size_t offset; /* in struct action */
    bool is_required;
};

#define FIELD(member) offsetof(struct action, member)
enum { PARAMETERS = 10 };

static const struct {
    const char *name;
    struct parameter parameters[PARAMETERS];
} kinds[ACTION_KINDS] = {
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

static bool read_word_of(struct loading *loading, const struct node *node, const char *const *words,
                         int *ret_word)
{
    int word = read_choice(loading, node, words);
    if (word >= 0)
        *ret_word = word;
    return word >= 0;
}

static bool read_parameter(const struct compiling *compiling, const struct parameter *parameter,
                           const struct node *node, struct action *action)
{
    static const char *const ends[] = {"nothing", "interaction", "wait", "mood", NULL};
    static const char *const follow_ups[] = {
        "", "call_back", "recovery", "check_in", "goods_arrived", "customer_care", "thank_you", NULL};
    static const char *const recognitions[] = {"", "compliment", "returning_customer", NULL};
    void *into = (char *)action + parameter->offset;
    switch (parameter->type) {
    case PARAMETER_ROLE:
        return read_expression(compiling, node, &cel_type_string, WORDS_ROLES, into);
    case PARAMETER_SEVERITY:
        return read_expression(compiling, node, &cel_type_int, WORDS_SEVERITIES, into);
    case PARAMETER_FEELING:
        return read_expression(compiling, node, &cel_type_int, WORDS_FEELINGS, into);
    case PARAMETER_TEXT:
        return read_expression(compiling, node, &cel_type_string, WORDS_NONE, into);
    case PARAMETER_TRUTH:
        return read_expression(compiling, node, &cel_type_bool, WORDS_NONE, into);
    case PARAMETER_NUMBER:
        return read_expression(compiling, node, &cel_type_int, WORDS_NONE, into);
    case PARAMETER_DURATION:
        return read_expression(compiling, node, &cel_type_duration, WORDS_NONE, into);
    case PARAMETER_SENTENCE:
        return read_sentence(compiling, node, into);
    case PARAMETER_ENDS:
        return read_word_of(compiling->loading, node, ends, into);
    case PARAMETER_FOLLOW_UP:
        return read_word_of(compiling->loading, node, follow_ups, into);
    case PARAMETER_RECOGNITION:
        return read_word_of(compiling->loading, node, recognitions, into);
    }
    return false;
}

static unsigned facts_of(const struct action *action)
{
    return action->to.facts | action->severity.facts | action->subject.facts | action->call_back.facts |
           action->legal.facts | action->value.facts | action->due_in.facts | action->feeling.facts |
           action->reach.facts | action->employee.facts | action->says.facts;
}

/* A lone sentence stands for `says`: `advise: "Listen first."` */
static void read_action(const struct compiling *compiling, enum action_kind kind, struct node *node,
                        struct action *action)
{
    struct policy_findings *findings = compiling->loading->findings;
    action->is_given = true;
    if (node->kind == NODE_TEXT && (kind == ACTION_ADVISE || kind == ACTION_GRANT || kind == ACTION_RECORD)) {
        if (node->size)
            read_sentence(compiling, node, &action->says);
        return;
    }
    if (node->kind != NODE_MAPPING) {
        finding_at(findings, node, "expected what %s needs here, such as { says: … }", kinds[kind].name);
        return;
    }
    for (const struct parameter *parameter = kinds[kind].parameters; parameter->name; parameter++) {
        struct node *value = node_find(node, parameter->name);
        if (kind == ACTION_ESCALATE && parameter->type == PARAMETER_ROLE && compiling->loading->to)
            value = compiling->loading->to;
        if (value)
            read_parameter(compiling, parameter, value, action);
        else if (parameter->is_required)
            finding_at(findings, node->key ? node->key : node, "%s has no \"%s\"", kinds[kind].name,
                       parameter->name);
    }
    node_refuse_unread(node, kinds[kind].name, findings);
}

static void check_actions(const struct compiling *compiling, const struct node *node, const struct rule *rule)
{
    struct policy_findings *findings = compiling->loading->findings;
    bool is_change = rule->triggers[0].event == WIRE_EVENT__BODY__NOT_SET;
    if (is_change && (rule->actions[ACTION_ESCALATE].is_given || rule->actions[ACTION_GRANT].is_given))
        finding_at(findings, node, "what follows a case's own change cannot escalate or grant");
    for (unsigned at = 0; rule->actions[ACTION_DIGEST].is_given && at < rule->trigger_count; at++)
        if (!trigger_is_closing(&rule->triggers[at])) {
            finding_at(findings, node, "there is a digest when a store closes alone: on: store.closing");
            return;
        }
    for (unsigned at = 0; rule->actions[ACTION_GRANT].is_given && at < rule->trigger_count; at++)
        if (rule->triggers[at].event != WIRE_EVENT__BODY_REMEDY_REQUESTED || rule->triggers[at].is_delayed) {
            finding_at(findings, node, "only what was asked for can be granted: on: remedy_requested");
            return;
        }
}

void read_actions(const struct compiling *compiling, struct node *node, struct rule *rule)
{
    if (node->kind != NODE_MAPPING || !node->first) {
        finding_at(compiling->loading->findings, node,
                   "expected what is to be done here, such as advise: \"…\"");
        return;
    }
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        struct node *value = node_find(node, kinds[kind].name);
        if (!value)
            continue;
        read_action(compiling, (enum action_kind)kind, value, &rule->actions[kind]);
        rule->facts |= facts_of(&rule->actions[kind]);
    }
    node_refuse_unread(node, "then", compiling->loading->findings);
    check_actions(compiling, node, rule);
}

static bool is_expression(enum parameter_type type)
{
    return type != PARAMETER_SENTENCE && type != PARAMETER_ENDS && type != PARAMETER_FOLLOW_UP &&
           type != PARAMETER_RECOGNITION;
}

void actions_clear(struct rule *rule)
{
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        struct action *action = &rule->actions[kind];
        for (const struct parameter *parameter = kinds[kind].parameters; parameter->name; parameter++)
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
        for (const struct parameter *parameter = kinds[kind].parameters; parameter->name; parameter++) {
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
