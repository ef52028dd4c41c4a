/* rule_load: the section of rules, and the indexes by which the fold finds those that look at an event. */
#include "common/policy/load/rule_load.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/action_load.h"
#include "common/policy/load/expression.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/rule_override.h"
#include "common/policy/load/scalar.h"
#include "common/policy/load/trigger_load.h"
#include "common/policy/load/vocabulary.h"
#include "common/policy/rules/fact.h"

#include <stdlib.h>

static bool read_triggers(struct loading *loading, const struct node *node, struct rule *rule)
{
    if (node->kind != NODE_LIST)
        return trigger_load(loading, node, rule);
    bool is_read = node->first != NULL;
    if (!is_read)
        finding_at(loading->findings, node, "expected an event here, such as wait_started + 5m");
    for (const struct node *item = node->first; item; item = item->next)
        is_read = trigger_load(loading, item, rule) && is_read;
    for (unsigned i = 1; is_read && i < rule->trigger_count; i++)
        if ((rule->triggers[i].event == WIRE_EVENT__BODY__NOT_SET) !=
            (rule->triggers[0].event == WIRE_EVENT__BODY__NOT_SET)) {
            finding_at(loading->findings, node, "a rule looks at events or at changes of cases, not at both");
            return false;
        }
    return is_read;
}

/* Steps count through all rules of one name, so that a deadline finds its own by name and step. */
static void number_steps(const struct policy *policy, struct rule *rule)
{
    uint32_t step = 0;
    for (unsigned i = 0; i < policy->rule_count; i++)
        for (unsigned trigger = 0; trigger < policy->rules[i].trigger_count; trigger++)
            if (text_equal(policy->rules[i].name, rule->name) &&
                policy->rules[i].triggers[trigger].is_delayed)
                step++;
    for (unsigned trigger = 0; trigger < rule->trigger_count; trigger++)
        if (rule->triggers[trigger].is_delayed)
            rule->triggers[trigger].step = step++;
}

/* A row may need several rules: they carry one name and one row. */
static void check_name(struct loading *loading, const struct node *node, const struct rule *rule)
{
    const struct policy *policy = loading->policy;
    for (unsigned i = 0; i < policy->rule_count; i++) {
        const struct rule *other = &policy->rules[i];
        if (!text_equal(other->name, rule->name))
            continue;
        if (!text_equal(other->row, rule->row)) {
            finding_at(loading->findings, node, "the rule %s is of row %s in line %u", rule->name, other->row,
                       other->line);
            return;
        }
        if (other->actions[ACTION_ESCALATE].is_given && rule->actions[ACTION_ESCALATE].is_given)
            finding_at(loading->findings, node,
                       "the rule %s escalates in line %u already: its cases could not be told apart",
                       rule->name, other->line);
    }
}

static void read_what_it_does(struct loading *loading, struct node *when, struct node *then,
                              struct rule *rule)
{
    struct cel_environment *environment = vocabulary_of_rule(loading->environment, rule);
    struct compiling compiling = {.loading = loading, .environment = environment};
    bool is_read = !when || expression_compile(&compiling, when, &cel_type_bool, WORDS_NONE, &rule->when);
    compiling.given = rule->when.program;
    rule->facts |= rule->when.facts;
    if (is_read)
        actions_load(&compiling, then, rule);
    fact_find_reads(loading->policy, rule);
    cel_environment_free(environment);
}

static void read_rule(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    struct rule *rule = &policy->rules[policy->rule_count];
    *rule = (struct rule){.line = node->line, .row = "", .about = ""};
    if (!finding_expect(loading->findings, node, NODE_MAPPING, "a rule here: id, row, on, when, then"))
        return;
    struct node *name = node_find(node, "id"), *row = node_find(node, "row"), *on = node_find(node, "on");
    struct node *when = node_find(node, "when"), *then = node_find(node, "then"),
                *about = node_find(node, "about");
    bool is_complete = true;
    if (!name || !on || !then) {
        finding_at(loading->findings, node, "this rule has no \"%s\"", !name ? "id" : !on ? "on" : "then");
        is_complete = false;
    }
    if (name && !(rule->name = scalar_read_word(loading, name, 48)))
        is_complete = false;
    if (row && !(rule->row = scalar_read_word(loading, row, 16)))
        is_complete = false;
    if (about)
        rule->about = scalar_read_text(loading, about);
    if (is_complete && read_triggers(loading, on, rule)) {
        number_steps(policy, rule);
        read_what_it_does(loading, when, then, rule);
        check_name(loading, name, rule);
        policy->rule_count++; /* what it holds is freed with the policy */
    }
    node_refuse_unread(node, "a rule", loading->findings);
}

/* A rule as overrides leave it: its own figures, and whom it escalates to. */
static void read_rule_changed(struct loading *loading, struct node *node,
                              const struct rule_override *override)
{
    struct policy *policy = loading->policy;
    struct cel_environment *common = loading->environment;
    struct figure *figures = memory_copy(policy->figures, sizeof policy->figures);
    unsigned count = policy->rule_count;
    for (unsigned i = 0; i < override->figure_count; i++)
        figure_apply(&policy->figures[override->figures[i]->figure], override->figures[i]);
    loading->environment = vocabulary_of_policy(loading);
    loading->to = override->to;
    read_rule(loading, node);
    loading->to = NULL;
    cel_environment_free(loading->environment);
    loading->environment = common;
    memcpy(policy->figures, figures, sizeof policy->figures);
    free(figures);
    if (policy->rule_count > count)
        policy->rules[count].is_off = override->is_off;
}

static void read_rule_here(struct loading *loading, struct node *node)
{
    struct rule_override override = {.is_changed = false};
    if (loading->overriding)
        rule_override_find(loading, node, &override);
    if (override.is_changed)
        read_rule_changed(loading, node, &override);
    else
        read_rule(loading, node);
}

static void rule_list_add(struct rule_list *list, const struct rule *rule, const struct trigger *trigger)
{
    list->rules = memory_resize_array(list->rules, list->count + 1, sizeof *list->rules);
    list->triggers = memory_resize_array(list->triggers, list->count + 1, sizeof *list->triggers);
    unsigned at = list->count++;
    /* those at once keep the policy's order; the delayed come by their time, then in that order */
    for (; trigger->is_delayed && at > 0 && list->triggers[at - 1]->after_us > trigger->after_us; at--) {
        list->rules[at] = list->rules[at - 1];
        list->triggers[at] = list->triggers[at - 1];
    }
    list->rules[at] = rule;
    list->triggers[at] = trigger;
}

static void index_rules(struct policy *policy)
{
    for (unsigned i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        for (unsigned index = 0; !rule->is_off && index < rule->trigger_count; index++) {
            const struct trigger *trigger = &rule->triggers[index];
            struct rule_list *list = trigger->event == WIRE_EVENT__BODY__NOT_SET
                                         ? &policy->by_change[trigger->change]
                                     : trigger->is_delayed ? &policy->delayed[trigger->event]
                                                           : &policy->by_event[trigger->event];
            rule_list_add(list, rule, trigger);
        }
    }
}

void rules_load(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    unsigned count;
    if (!finding_expect(loading->findings, node, NODE_LIST,
                        "the rules here, each one beginning with - id: …") ||
        !finding_count(loading->findings, node, "rules", POLICY_RULES, &count))
        return;
    policy->rules = memory_zeroed((count + 1) * sizeof *policy->rules);
    for (struct node *item = node->first; item; item = item->next)
        read_rule_here(loading, item);
    index_rules(policy);
}
