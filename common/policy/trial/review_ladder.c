/* review_ladder: levels that nobody reaches, that can decide no more than the one below, or where nothing
 * ever moves. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/trial/reviewing.h"

static const struct node *level_node(const struct reviewing *reviewing, unsigned level)
{
    const struct node *node = reviewing_value(reviewing->root, "ladder")->first;
    while (level-- && node->next)
        node = node->next;
    return node;
}

/* --- who is reached --- */

struct reach {
    const struct policy *policy;
    bool is_reached[POLICY_LEVELS];
};

static void reach_names(struct reach *reach, const struct syntax *syntax, const char *text)
{
    char name[POLICY_NAME_SIZE];
    text_format(name, sizeof name, "%.*s", (int)(syntax->place.size < 64 ? syntax->place.size : 64),
                text + syntax->place.offset);
    size_t size = strlen(name);
    if (size > 1 && (name[0] == '\'' || name[0] == '"')) { /* a role written as text */
        memmove(name, name + 1, size - 1);
        name[size - 2] = 0;
    }
    int level = ladder_find(&reach->policy->ladder, name);
    if (level >= 0)
        reach->is_reached[level] = true;
    bool is_relative =
        text_equal(name, "covering") || text_equal(name, "above") || text_equal(name, "present");
    for (unsigned i = 0; is_relative && i < reach->policy->ladder.count; i++)
        reach->is_reached[i] = true;
    for (size_t i = 0; i < syntax->count; i++)
        reach_names(reach, syntax->items[i], text);
}

static void find_reached(struct reach *reach)
{
    const struct policy *policy = reach->policy;
    for (unsigned i = 0; i < policy->rule_count; i++)
        for (int kind = 0; kind < ACTION_KINDS; kind++) {
            const struct cel_program *to = policy->rules[i].actions[kind].to.program;
            if (to)
                reach_names(reach, program_syntax(to), program_text(to));
        }
    for (unsigned i = 0; i + 1 < policy->ladder.count; i++)
        if (reach->is_reached[i] && policy->ladder.levels[i].acknowledge_us)
            reach->is_reached[i + 1] = true; /* by climbing */
}

static void check_reach(struct reviewing *reviewing)
{
    const struct ladder *ladder = &reviewing->policy->ladder;
    struct reach reach = {.policy = reviewing->policy};
    find_reached(&reach);
    for (unsigned i = 1; i < ladder->count; i++) {
        const struct node *node = level_node(reviewing, i);
        if (!reach.is_reached[i])
            reviewing_add(
                reviewing, reviewing_part(node, "role"),
                "Name the role in a rule's `to`, or leave the level out.",
                "no case ever gets to the %s: no rule names it, and no clock below lets a case climb to it",
                ladder->levels[i].role);
        else if (!ladder->levels[i].acknowledge_us)
            reviewing_add(reviewing, reviewing_part(node, "role"), "Give it acknowledge_within, such as 10m.",
                          "a case at the %s waits for ever: it has no acknowledge_within",
                          ladder->levels[i].role);
    }
}

/* --- what they may decide --- */

/* In one currency; `below` is NULL where there is none. */
static void check_limits(struct reviewing *reviewing, const struct level *level, const struct level *below,
                         const char *currency)
{
    const struct policy *policy = reviewing->policy;
    const struct limits *limits = ladder_limits(policy, level, currency);
    const struct limits *of_below = below ? ladder_limits(policy, below, currency) : NULL;
    const struct node *node = level_node(reviewing, (unsigned)(level - policy->ladder.levels));
    if (!limits)
        return;
    if (limits->customer_day < limits->remedy)
        reviewing_add(reviewing, reviewing_part(node, "per_customer_day"),
                      "Make it at least as much as one remedy.",
                      "the %s may give a customer less in a day than one remedy may cost", level->role);
    if (limits->employee_day < limits->remedy)
        reviewing_add(reviewing, reviewing_part(node, "per_employee_day"),
                      "Make it at least as much as one remedy.",
                      "the %s may give less in a day than one remedy may cost", level->role);
    if (!of_below)
        return;
    if (limits->remedy == of_below->remedy && limits->remedy != UNLIMITED)
        reviewing_add(reviewing, reviewing_part(node, "remedy"), "Give it more, or leave the level out.",
                      "the %s may decide no more than the %s below: it is never the lowest that can",
                      level->role, below->role);
    if (limits->customer_day < of_below->customer_day)
        reviewing_add(reviewing, reviewing_part(node, "per_customer_day"),
                      "A level may decide what the one below may.",
                      "the %s may give a customer less in a day than the %s below", level->role, below->role);
    if (limits->employee_day < of_below->employee_day)
        reviewing_add(reviewing, reviewing_part(node, "per_employee_day"),
                      "A level may decide what the one below may.",
                      "the %s may give less in a day than the %s below", level->role, below->role);
}

static void check_amounts(struct reviewing *reviewing, unsigned at)
{
    const struct policy *policy = reviewing->policy;
    const struct level *level = &policy->ladder.levels[at];
    const struct node *node = level_node(reviewing, at);
    for (unsigned i = 0; i < policy->currency_count; i++)
        check_limits(reviewing, level, at ? level - 1 : NULL, policy->currencies[i]);
    if (!at)
        return;
    if (level->acknowledge_us > INT64_C(7) * 86400 * 1000000)
        reviewing_add(reviewing, reviewing_part(node, "acknowledge_within"), "Minutes to an hour are usual.",
                      "the %s has more than a week to take a case", level->role);
}

/* --- exceptions --- */

static bool looks_at_exceptions(const struct policy *policy)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        for (unsigned trigger = 0; trigger < policy->rules[i].trigger_count; trigger++)
            if (policy->rules[i].triggers[trigger].event == WIRE_EVENT__BODY_EXCEPTION_REQUESTED)
                return true;
    return false;
}

/* What a level below lists, a level may grant as well. */
static void check_exceptions(struct reviewing *reviewing, unsigned at)
{
    const struct ladder *ladder = &reviewing->policy->ladder;
    const struct exceptions *listed = &ladder->levels[at].exceptions;
    const struct node *node = reviewing_part(level_node(reviewing, at), "exceptions");
    for (unsigned i = 0; i < listed->count; i++)
        for (unsigned below = 0; below < at; below++)
            if (level_lists(&ladder->levels[below], listed->kinds[i])) {
                reviewing_add(
                    reviewing, node, "Leave it out of the higher list.",
                    "the exception %s of the %s is listed by the %s below: whoever is above may grant it",
                    listed->kinds[i], ladder->levels[at].role, ladder->levels[below].role);
                break;
            }
    if (listed->count && !looks_at_exceptions(reviewing->policy))
        reviewing_add(reviewing, node, "Add a rule on: exception_requested, or leave the list out.",
                      "the %s may make exceptions, and no rule looks at what is asked for",
                      ladder->levels[at].role);
}

void review_ladder(struct reviewing *reviewing)
{
    const struct ladder *ladder = &reviewing->policy->ladder;
    for (unsigned i = 0; i < ladder->count; i++) {
        check_amounts(reviewing, i);
        check_exceptions(reviewing, i);
    }
    if (ladder->count && ladder->levels[ladder->count - 1].remedy != UNLIMITED)
        reviewing_add(reviewing, reviewing_part(level_node(reviewing, ladder->count - 1), "remedy"),
                      "Let the highest level decide any amount: remedy: unlimited.",
                      "beyond the %s nobody may decide: there is a gap at the top of the ladder",
                      ladder->levels[ladder->count - 1].role);
    check_reach(reviewing);
}
