/* review_rule: rules that never act, that act twice, or that lead nowhere. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/trial/reviewing.h"

#include <stdlib.h>

/* The rows of the domain: how many each letter has. */
static bool is_row(const char *row)
{
    static const char counts[] = {['A'] = 13, ['B'] = 8, ['C'] = 4, ['D'] = 6,  ['E'] = 3, ['F'] = 4,
                                  ['G'] = 8,  ['H'] = 2, ['I'] = 2, ['J'] = 11, ['K'] = 2, ['L'] = 5};
    unsigned char letter = (unsigned char)row[0];
    int64_t number;
    return letter < sizeof counts && row[1] >= '1' && !text_parse_int64(row + 1, 1, counts[letter], &number);
}

/* --- conditions --- */

static bool is_always(const struct cel_program *program)
{
    const struct syntax *syntax = program_syntax(program);
    return (syntax->kind == SYNTAX_LITERAL || syntax->is_folded) && syntax->datum.truth;
}

static void check_condition(struct reviewing *reviewing, const struct rule *rule, const struct node *node)
{
    if (!rule->when.program)
        return;
    const char *why = review_contradiction(rule->when.program);
    if (why)
        reviewing_add(reviewing, reviewing_part(node, "when"), "Mend the condition, or leave the rule out.",
                      "the rule %s can never act: %s", rule->name, why);
    else if (is_always(rule->when.program))
        reviewing_add(reviewing, reviewing_part(node, "when"), "Leave `when` out: the rule then always acts.",
                      "the condition of %s is always true", rule->name);
}

/* --- triggers --- */

static bool covers(const struct trigger *wide, const struct trigger *narrow)
{
    return wide->event == narrow->event && wide->change == narrow->change &&
           wide->is_delayed == narrow->is_delayed && wide->after_us == narrow->after_us &&
           (!wide->is_narrowed || (narrow->is_narrowed && wide->kind == narrow->kind));
}

static const struct node *trigger_node(const struct node *rule, unsigned trigger)
{
    const struct node *on = reviewing_part(rule, "on");
    if (on->kind != NODE_LIST)
        return on;
    const struct node *item = on->first;
    while (trigger-- && item->next)
        item = item->next;
    return item;
}

static void check_triggers(struct reviewing *reviewing, const struct rule *rule, const struct node *node)
{
    for (unsigned i = 0; i < rule->trigger_count; i++)
        for (unsigned other = 0; other < rule->trigger_count; other++) {
            bool is_again = other != i && covers(&rule->triggers[other], &rule->triggers[i]) &&
                            (other < i || !covers(&rule->triggers[i], &rule->triggers[other]));
            if (!is_again)
                continue;
            reviewing_add(reviewing, trigger_node(node, i), "Keep the wider of the two.",
                          "the rule %s looks at this twice: another trigger of it covers this one",
                          rule->name);
            break;
        }
    for (unsigned i = 0; i < rule->trigger_count; i++)
        if (rule->triggers[i].is_delayed && !rule->triggers[i].after_us)
            reviewing_add(reviewing, trigger_node(node, i), "Leave the + away, or give it a time.",
                          "the rule %s waits no time at all", rule->name);
}

/* --- actions --- */

static bool is_constant(const struct expression *expression, int64_t *ret_value)
{
    const struct syntax *syntax = expression->program ? program_syntax(expression->program) : NULL;
    if (!syntax || (syntax->kind != SYNTAX_LITERAL && !syntax->is_folded))
        return false;
    *ret_value = syntax->type->kind == CEL_DURATION ? syntax->datum.nanoseconds : syntax->datum.integer;
    return true;
}

/* An expression, or a branch of it, is the word. */
static bool says(const struct syntax *syntax, const char *text, const char *word)
{
    if (syntax->place.size == strlen(word) && !memcmp(text + syntax->place.offset, word, syntax->place.size))
        return true;
    for (size_t i = 0; i < syntax->count; i++)
        if (says(syntax->items[i], text, word))
            return true;
    return false;
}

static void check_critical(struct reviewing *reviewing, const struct rule *rule, const struct node *escalate)
{
    const struct action *action = &rule->actions[ACTION_ESCALATE];
    const struct ladder *ladder = &reviewing->policy->ladder;
    const struct cel_program *severity = action->severity.program, *to = action->to.program;
    if (!severity || !to || !says(program_syntax(severity), program_text(severity), "critical"))
        return;
    for (unsigned i = 0; i < ladder->count; i++)
        if (says(program_syntax(to), program_text(to), ladder->levels[i].role) &&
            (!i || !ladder->levels[i].acknowledge_us))
            reviewing_add(
                reviewing, reviewing_part(escalate, "to"),
                "Send it to a level with an acknowledge_within, so that it is noticed when nobody comes.",
                "a critical case of %s goes to the %s, where no clock runs", rule->name,
                ladder->levels[i].role);
}

static void check_numbers(struct reviewing *reviewing, const struct rule *rule, const struct node *then)
{
    int64_t number;
    const struct action *follow_up = &rule->actions[ACTION_FOLLOW_UP],
                        *escalate = &rule->actions[ACTION_ESCALATE];
    const struct action *experience = &rule->actions[ACTION_EXPERIENCE];
    if (is_constant(&follow_up->due_in, &number) && number <= 0)
        reviewing_add(reviewing, reviewing_part(reviewing_value(then, "follow_up"), "due_in"),
                      "Give it a time, such as 4h.", "the follow-up of %s is due before it begins",
                      rule->name);
    if (is_constant(&escalate->severity, &number) && (number < 1 || number > 4))
        reviewing_add(reviewing, reviewing_part(reviewing_value(then, "escalate"), "severity"),
                      "Write low, normal, high or critical.", "the severity of %s is none of the four",
                      rule->name);
    if (is_constant(&experience->reach, &number) && number < 0)
        reviewing_add(reviewing, reviewing_part(reviewing_value(then, "experience"), "reach"),
                      "Nobody hears of it: 0.", "fewer than no people hear of %s", rule->name);
}

/* --- beside each other --- */

static bool is_same_text(const struct node *left, const struct node *right)
{
    if (!left || !right)
        return left == right;
    if (left->kind != right->kind)
        return false;
    if (left->kind == NODE_TEXT)
        return text_equal(left->text, right->text);
    const struct node *a = left->first, *b = right->first;
    for (; a && b; a = a->next, b = b->next)
        if ((left->kind == NODE_MAPPING && !text_equal(a->key->text, b->key->text)) || !is_same_text(a, b))
            return false;
    return !a && !b;
}

/* Each trigger of `rule` is covered by one of `other`. */
static bool is_triggered_by_all(const struct rule *other, const struct rule *rule)
{
    for (unsigned i = 0; i < rule->trigger_count; i++) {
        bool is_covered = false;
        for (unsigned by = 0; by < other->trigger_count; by++)
            is_covered |= covers(&other->triggers[by], &rule->triggers[i]);
        if (!is_covered)
            return false;
    }
    return true;
}

static bool does_the_same(const struct node *other, const struct node *rule)
{
    return is_same_text(reviewing_value(other, "then"), reviewing_value(rule, "then"));
}

/* A rule is shadowed by an earlier one that acts at least as often and does the same. */
static void check_shadow(struct reviewing *reviewing, unsigned at, const struct node *node)
{
    const struct rule *rule = &reviewing->policy->rules[at];
    const struct node *other_node = reviewing_value(reviewing->root, "rules")->first;
    for (unsigned before = 0; before < at; before++, other_node = other_node->next) {
        const struct rule *other = &reviewing->policy->rules[before];
        const struct node *when = reviewing_value(other_node, "when");
        bool acts_as_often = !when || is_same_text(when, reviewing_value(node, "when"));
        if (!is_triggered_by_all(other, rule) || !acts_as_often || !does_the_same(other_node, node))
            continue;
        reviewing_add(reviewing, node, "Leave one of the two out, or tell them apart.",
                      "the rule %s says again what %s in line %u says already: it is shadowed by it",
                      rule->name, other->name, other->line);
        return;
    }
}

/* --- promises --- */

static bool looks_at(const struct policy *policy, WireEvent__BodyCase event, bool *ret_is_timed)
{
    bool is_any = false;
    for (unsigned i = 0; i < policy->rule_count; i++)
        for (unsigned trigger = 0; trigger < policy->rules[i].trigger_count; trigger++)
            if (policy->rules[i].triggers[trigger].event == event) {
                is_any = true;
                *ret_is_timed |= policy->rules[i].triggers[trigger].is_delayed;
            }
    return is_any;
}

/* A text below `node` speaks of `word`. */
static bool mentions(const struct node *node, const char *word)
{
    if (node->kind == NODE_TEXT)
        return strstr(node->text, word) != NULL;
    for (const struct node *item = node->first; item; item = item->next)
        if (mentions(item, word))
            return true;
    return false;
}

/* Whoever has rules about promises must have one that notices when a promise is not kept in time. */
static void check_promises(struct reviewing *reviewing)
{
    const struct policy *policy = reviewing->policy;
    bool is_timed = false;
    if (!looks_at(policy, WIRE_EVENT__BODY_PROMISE_MADE, &is_timed) || is_timed)
        return;
    const struct node *first = NULL;
    const struct node *node = reviewing_value(reviewing->root, "rules")->first;
    for (unsigned i = 0; i < policy->rule_count; i++, node = node->next) {
        const struct node *on = reviewing_value(node, "on");
        if (!first && mentions(on, "promise_made"))
            first = on;
        if (mentions(on, "promise") &&
            (mentions(on, "due") || mentions(on, "overdue") || mentions(on, "broken")))
            return;
    }
    if (first)
        reviewing_add(
            reviewing, first, "Add a rule that looks at a promise when it is due.",
            "promises are made here, and no rule has a deadline for them: one that is forgotten stays "
            "unnoticed");
}

void review_rules(struct reviewing *reviewing)
{
    const struct node *node = reviewing_value(reviewing->root, "rules")->first;
    for (unsigned i = 0; i < reviewing->policy->rule_count && node; i++, node = node->next) {
        const struct rule *rule = &reviewing->policy->rules[i];
        const struct node *then = reviewing_value(node, "then");
        if (*rule->row && !is_row(rule->row))
            reviewing_add(reviewing, reviewing_part(node, "row"),
                          "The rows are A1 to L5; leave `row` out of a rule of your own.",
                          "there is no row %s in the domain", rule->row);
        if (!*rule->about)
            reviewing_add(reviewing, reviewing_part(node, "id"),
                          "Add a line about: what it is for, in a sentence.",
                          "the rule %s does not say what it is about", rule->name);
        check_condition(reviewing, rule, node);
        check_triggers(reviewing, rule, node);
        check_numbers(reviewing, rule, then);
        if (rule->actions[ACTION_ESCALATE].is_given)
            check_critical(reviewing, rule, reviewing_value(then, "escalate"));
        check_shadow(reviewing, i, node);
    }
    check_promises(reviewing);
}
