/* near: asks conditions for the values that their comparisons had. */
#include "common/policy/trial/near.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/state/state.h"

#include <stdlib.h>

enum { COMPARISONS_MOST = 16, FIGURES_MOST = 4 };

/* One side names figures, the other does not. */
struct comparison_of_figures {
    const struct syntax *figures_side, *other_side;
    bool is_of_wait; /* what is compared with is how long the wait has lasted */
    const struct figure *figures[FIGURES_MOST];
    size_t figure_count;
};

struct near_rule {
    const struct rule *rule;
    struct comparison_of_figures comparisons[COMPARISONS_MOST];
    size_t count;
};

struct near_rules {
    struct map by_rule; /* by the rule's place in memory */
    struct cel_report *reports;
    unsigned report_count;
};

struct near_rules *near_rules_new(void)
{
    struct near_rules *rules = memory_zeroed(sizeof *rules);
    map_init(&rules->by_rule, 1);
    return rules;
}

void near_rules_free(struct near_rules *rules)
{
    struct near_rule *each;
    MAP_EACH(each, &rules->by_rule)
        free(each);
    map_clear(&rules->by_rule);
    free(rules->reports);
    free(rules);
}

/* --- which comparisons there are --- */

static bool is_ordering(const struct syntax *syntax)
{
    static const char *const names[] = {"_<_", "_<=_", "_>_", "_>=_"};
    for (size_t i = 0; syntax->kind == SYNTAX_OPERATOR && syntax->count == 2 && i < COUNT_OF(names); i++)
        if (text_equal(syntax->name, names[i]))
            return syntax->items[0]->type->kind == CEL_INT || syntax->items[0]->type->kind == CEL_DURATION;
    return false;
}

/* The figures that a part of the text names, each once. */
static size_t figures_in(const struct policy *policy, const char *text, const struct syntax *syntax,
                         const struct figure *ret_figures[static FIGURES_MOST])
{
    static const char prefix[] = "figures.";
    const char *at = text + syntax->place.offset, *end = at + syntax->place.size;
    size_t count = 0;
    while ((at = memmem(at, (size_t)(end - at), prefix, strlen(prefix)))) {
        char name[POLICY_NAME_SIZE] = "";
        at += strlen(prefix);
        size_t size = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (size < sizeof name && at + size <= end)
            memcpy(name, at, size);
        const struct figure *figure = figure_find(policy, name);
        bool is_known = !figure || count == FIGURES_MOST;
        for (size_t i = 0; i < count; i++)
            is_known |= ret_figures[i] == figure;
        if (!is_known)
            ret_figures[count++] = figure;
    }
    return count;
}

static void find(struct near_rule *near, const struct policy *policy, const char *text,
                 const struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->count; i++)
        find(near, policy, text, syntax->items[i]);
    if (!is_ordering(syntax) || near->count == COMPARISONS_MOST)
        return;
    const struct figure *figures[2][FIGURES_MOST];
    size_t counts[2];
    for (int side = 0; side < 2; side++)
        counts[side] = figures_in(policy, text, syntax->items[side], figures[side]);
    if (!counts[0] == !counts[1])
        return;
    int named = counts[0] ? 0 : 1;
    const struct syntax *other = syntax->items[1 - named];
    if (other->is_folded || other->kind == SYNTAX_LITERAL)
        return;
    struct comparison_of_figures *comparison = &near->comparisons[near->count++];
    comparison->figures_side = syntax->items[named];
    comparison->other_side = other;
    comparison->is_of_wait = other->fact && text_equal(other->fact, "wait.lasted_ms");
    comparison->figure_count = counts[named];
    memcpy(comparison->figures, figures[named], sizeof comparison->figures);
}

static const struct near_rule *near_rule_of(struct near_rules *rules, const struct policy *policy,
                                            const struct rule *rule)
{
    struct near_rule *near = map_find(&rules->by_rule, &rule, sizeof rule);
    if (near)
        return near;
    near = memory_zeroed(sizeof *near);
    near->rule = rule;
    if (rule->when.program)
        find(near, policy, program_text(rule->when.program), program_syntax(rule->when.program));
    map_put(&rules->by_rule, &near->rule, sizeof near->rule, near);
    return near;
}

/* --- what they came out as --- */

static enum candidate_unit unit_of(const struct figure *figure)
{
    return figure->is_money                           ? CANDIDATE_MONEY
           : figure->value.type == &cel_type_duration ? CANDIDATE_DURATION
                                                      : CANDIDATE_NUMBER;
}

static int64_t value_of(const struct figure *figure)
{
    return figure->value.type == &cel_type_duration ? figure->value.as.nanoseconds / 1000
                                                    : figure->value.as.integer;
}

static void tell(const struct policy *policy, const struct figure *figure, double times, near_found *found,
                 void *owner)
{
    char name[SETTING_NAME_SIZE];
    double needed = (double)value_of(figure) * times;
    bool has_parts = figure->is_money && policy->currency_count > 1;
    text_format(name, sizeof name, "figures.%s%s%s", figure->name, has_parts ? "." : "",
                has_parts ? policy->currency : "");
    if (needed > 0 && needed < 1e18)
        found(owner, name, unit_of(figure), value_of(figure), (int64_t)(needed + 0.5));
}

static void remember(void *owner, const struct cel_report *report)
{
    ((struct cel_report *)owner)[report->node] = *report;
}

static bool number_of(const struct near_rules *rules, const struct syntax *syntax, double *ret_number)
{
    const struct cel_report *report = &rules->reports[syntax->number];
    bool is_constant = syntax->kind == SYNTAX_LITERAL || syntax->is_folded;
    if (!is_constant && report->outcome != CEL_HAS_VALUE)
        return false;
    const union cel_datum *datum = is_constant ? &syntax->datum : &report->value.as;
    *ret_number = (double)(syntax->type->kind == CEL_DURATION ? datum->nanoseconds : datum->integer);
    return *ret_number > 0;
}

void near_look(struct near_rules *rules, const struct rule_look *look, near_found *found, void *owner)
{
    const struct near_rule *near = near_rule_of(rules, look->policy, look->rule);
    struct cel_value value;
    if (!near->count || look->event->drill)
        return;
    unsigned nodes = cel_program_nodes(look->rule->when.program);
    if (nodes > rules->report_count) {
        rules->reports = memory_resize_array(rules->reports, nodes, sizeof *rules->reports);
        rules->report_count = nodes;
    }
    for (unsigned i = 0; i < nodes; i++)
        rules->reports[i].outcome = CEL_NOT_EVALUATED;
    cel_scratch_reset(look->activation->scratch);
    cel_explain(look->rule->when.program, look->activation, remember, rules->reports, &value, NULL);
    for (size_t i = 0; i < near->count; i++) {
        const struct comparison_of_figures *comparison = &near->comparisons[i];
        double asked, was;
        if (!number_of(rules, comparison->figures_side, &asked) ||
            !number_of(rules, comparison->other_side, &was))
            continue;
        for (size_t figure = 0; figure < comparison->figure_count; figure++)
            tell(look->policy, comparison->figures[figure], was / asked, found, owner);
    }
}

/* --- waits --- */

static bool is_limit(const struct trigger *trigger, int kind, const struct figure *figure)
{
    return trigger->is_delayed && (!trigger->is_narrowed || trigger->kind == kind) &&
           figure->value.type == &cel_type_duration && trigger->after_us == value_of(figure);
}

void near_wait(struct near_rules *rules, const struct policy *policy, const struct fold *fold,
               const WireEvent *event, near_found *found, void *owner)
{
    const struct rule_list *list = &policy->delayed[WIRE_EVENT__BODY_WAIT_STARTED];
    const struct interaction *interaction =
        state_interaction(fold, event->store_id, event->interaction_id, event->drill);
    bool is_end = event->body_case == WIRE_EVENT__BODY_WAIT_ENDED && interaction &&
                  interaction->known.wait_kind == event->wait_ended->kind;
    int64_t lasted_us = is_end ? event->occurred_at - interaction->known.wait_started_at : 0;
    for (unsigned i = 0; is_end && i < list->count; i++) {
        const struct near_rule *near = near_rule_of(rules, policy, list->rules[i]);
        for (size_t place = 0; place < near->count; place++) {
            const struct comparison_of_figures *comparison = &near->comparisons[place];
            for (size_t at = 0; comparison->is_of_wait && at < comparison->figure_count; at++)
                if (is_limit(list->triggers[i], (int)event->wait_ended->kind, comparison->figures[at]))
                    tell(policy, comparison->figures[at],
                         (double)lasted_us / (double)value_of(comparison->figures[at]), found, owner);
        }
    }
}

/* --- levels --- */

/* Within a level's limit it would have stayed below. */
static void pass_level(const struct policy *policy, const WireProofLevel *proof, near_found *found,
                       void *owner)
{
    char name[SETTING_NAME_SIZE];
    int place = proof->role ? ladder_find(&policy->ladder, proof->role) : -1;
    if (place < 0 || proof->enough || !proof->has_limit || proof->shortfall_minor <= 0)
        return;
    const struct level *level = &policy->ladder.levels[place];
    int64_t needed = proof->limit_minor + proof->shortfall_minor;
    const char *part = policy->currency_count > 1 ? policy->currency : "", *dot = *part ? "." : "";
    bool is_customer = proof->limit == WIRE_LIMIT_KIND__PER_CUSTOMER_DAY;
    int64_t times = is_customer ? level->customer_times : level->employee_times;
    const char *word = is_customer ? "per_customer_day" : "per_employee_day";
    if (proof->limit == WIRE_LIMIT_KIND__PER_REMEDY) {
        text_format(name, sizeof name, "ladder.%s.remedy%s%s", level->role, dot, part);
        found(owner, name, CANDIDATE_MONEY, proof->limit_minor, needed);
    } else if (times > 0 && level->remedy > 0 && level->remedy != UNLIMITED) {
        text_format(name, sizeof name, "authority.%s", word);
        found(owner, name, CANDIDATE_NUMBER, times, (needed + level->remedy - 1) / level->remedy);
    } else {
        text_format(name, sizeof name, "ladder.%s.%s%s%s", level->role, word, dot, part);
        found(owner, name, CANDIDATE_MONEY, proof->limit_minor, needed);
    }
}

void near_case(const struct policy *policy, const WireDecision *decision, near_found *found, void *owner)
{
    const WireCase *body = decision->case_;
    const WireProof *proof = body->proof;
    char name[SETTING_NAME_SIZE];
    bool is_ours = proof && proof->requested && proof->requested->currency &&
                   text_equal(proof->requested->currency, policy->currency);
    for (size_t i = 0; decision->kind == WIRE_DECISION_KIND__CASE_OPENED && is_ours && i < proof->n_levels;
         i++)
        pass_level(policy, proof->levels[i], found, owner);
    int place = body->opened_role ? ladder_find(&policy->ladder, body->opened_role) : -1;
    if (decision->kind != WIRE_DECISION_KIND__CASE_ACKNOWLEDGED || place < 0 ||
        body->round > 2 + body->climbs)
        return;
    text_format(name, sizeof name, "ladder.%s.acknowledge_within", body->opened_role);
    found(owner, name, CANDIDATE_DURATION, policy->ladder.levels[place].acknowledge_us,
          body->acknowledged_at - body->opened_at);
}
