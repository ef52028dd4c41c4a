/* action_load: the section `then` of a rule: what it does, by the table of rules/action.c. */
#include "common/policy/load/action_load.h"

#include "common/policy/load/expression.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/rules/action.h"

static bool read_word_of(struct loading *loading, const struct node *node, const char *const *words,
                         int *ret_word)
{
    int word = scalar_read_choice(loading, node, words);
    if (word >= 0)
        *ret_word = word;
    return word >= 0;
}

static bool read_parameter(const struct compiling *compiling, const struct parameter *parameter,
                           const struct node *node, struct action *action)
{
    static const char *const ends[] = {"nothing", "interaction", "wait", "mood", NULL};
    static const char *const follow_ups[] = {"",          "call_back",     "recovery",
                                             "check_in",  "goods_arrived", "customer_care",
                                             "thank_you", "asked_for",     NULL};
    static const char *const recognitions[] = {"", "compliment", "returning_customer", NULL};
    void *into = (char *)action + parameter->offset;
    switch (parameter->type) {
    case PARAMETER_ROLE:
        return expression_compile(compiling, node, &cel_type_string, WORDS_ROLES, into);
    case PARAMETER_SEVERITY:
        return expression_compile(compiling, node, &cel_type_int, WORDS_SEVERITIES, into);
    case PARAMETER_FEELING:
        return expression_compile(compiling, node, &cel_type_int, WORDS_FEELINGS, into);
    case PARAMETER_TEXT:
        return expression_compile(compiling, node, &cel_type_string, WORDS_NONE, into);
    case PARAMETER_TRUTH:
        return expression_compile(compiling, node, &cel_type_bool, WORDS_NONE, into);
    case PARAMETER_NUMBER:
        return expression_compile(compiling, node, &cel_type_int, WORDS_NONE, into);
    case PARAMETER_DURATION:
        return expression_compile(compiling, node, &cel_type_duration, WORDS_NONE, into);
    case PARAMETER_SENTENCE:
        return expression_compile_sentence(compiling, node, into);
    case PARAMETER_ENDS:
        return read_word_of(compiling->loading, node, ends, into);
    case PARAMETER_FOLLOW_UP:
        return read_word_of(compiling->loading, node, follow_ups, into);
    case PARAMETER_RECOGNITION:
        return read_word_of(compiling->loading, node, recognitions, into);
    }
    return false;
}

static unsigned facts_of(enum action_kind kind, const struct action *action)
{
    unsigned facts = action->says.facts;
    for (const struct parameter *parameter = action_forms[kind].parameters; parameter->name; parameter++) {
        const struct expression *expression = action_expression(action, parameter);
        facts |= expression ? expression->facts : 0;
    }
    return facts;
}

/* A lone sentence stands for `says`: `advise: "Listen first."` */
static void read_action(const struct compiling *compiling, enum action_kind kind, struct node *node,
                        struct action *action)
{
    struct policy_findings *findings = compiling->loading->findings;
    action->is_given = true;
    if (node->kind == NODE_TEXT && (kind == ACTION_ADVISE || kind == ACTION_GRANT || kind == ACTION_RECORD)) {
        if (node->size)
            expression_compile_sentence(compiling, node, &action->says);
        return;
    }
    if (node->kind != NODE_MAPPING) {
        finding_at(findings, node, "expected what %s needs here, such as { says: … }",
                   action_forms[kind].name);
        return;
    }
    for (const struct parameter *parameter = action_forms[kind].parameters; parameter->name; parameter++) {
        struct node *value = node_find(node, parameter->name);
        if (kind == ACTION_ESCALATE && parameter->type == PARAMETER_ROLE && compiling->loading->to)
            value = compiling->loading->to;
        if (value)
            read_parameter(compiling, parameter, value, action);
        else if (parameter->is_required)
            finding_at(findings, node->key ? node->key : node, "%s has no \"%s\"", action_forms[kind].name,
                       parameter->name);
    }
    node_refuse_unread(node, action_forms[kind].name, findings);
}

static void check_actions(const struct compiling *compiling, const struct node *node, const struct rule *rule)
{
    struct policy_findings *findings = compiling->loading->findings;
    bool is_change = rule->triggers[0].event == WIRE_EVENT__BODY__NOT_SET;
    if (is_change && (rule->actions[ACTION_ESCALATE].is_given || rule->actions[ACTION_GRANT].is_given))
        finding_at(findings, node, "what follows a case's own change cannot escalate or grant");
    for (unsigned i = 0; rule->actions[ACTION_DIGEST].is_given && i < rule->trigger_count; i++)
        if (!trigger_is_closing(&rule->triggers[i])) {
            finding_at(findings, node, "there is a digest when a store closes alone: on: store.closing");
            return;
        }
    for (unsigned i = 0; rule->actions[ACTION_GRANT].is_given && i < rule->trigger_count; i++) {
        const struct trigger *trigger = &rule->triggers[i];
        if (trigger->is_delayed || (trigger->event != WIRE_EVENT__BODY_REMEDY_REQUESTED &&
                                    trigger->event != WIRE_EVENT__BODY_EXCEPTION_REQUESTED)) {
            finding_at(findings, node,
                       "only what was asked for can be granted: on: remedy_requested, exception_requested");
            return;
        }
    }
}

void actions_load(const struct compiling *compiling, struct node *node, struct rule *rule)
{
    if (node->kind != NODE_MAPPING || !node->first) {
        finding_at(compiling->loading->findings, node,
                   "expected what is to be done here, such as advise: \"…\"");
        return;
    }
    for (int i = 0; i < ACTION_KINDS; i++) {
        struct node *value = node_find(node, action_forms[i].name);
        if (!value)
            continue;
        read_action(compiling, (enum action_kind)i, value, &rule->actions[i]);
        rule->facts |= facts_of((enum action_kind)i, &rule->actions[i]);
    }
    node_refuse_unread(node, "then", compiling->loading->findings);
    check_actions(compiling, node, rule);
}
