/* recurrence: the group of what came up again and again: the most times within its length, the earliest of such. */
#include "common/policy/decide/recurrence.h"

#include "common/base/text.h"
#include "common/policy/decide/evaluate.h"
#include "common/policy/decide/facts.h"
#include "common/policy/state/recurrence.h"
#include "common/wire/set.h"

/* The times of the rule's fact, oldest first. */
struct times {
    const int64_t *at;
    size_t count;
    int64_t this_at;
};

static size_t count_from(const struct times *times, int64_t from, int64_t length_us)
{
    size_t count = 0;
    if (from > times->this_at || times->this_at - from > length_us)
        return 0;
    for (size_t i = 0; i < times->count; i++)
        count += times->at[i] >= from && times->at[i] - from <= length_us;
    return count;
}

static struct told_group group_of(const struct times *times, int64_t length_us)
{
    int64_t from = times->this_at;
    size_t most = 0;
    for (size_t i = 0; i < times->count; i++) {
        size_t count = count_from(times, times->at[i], length_us);
        if (count > most) {
            most = count;
            from = times->at[i];
        }
    }
    return (struct told_group){.from = from, .until = from + length_us};
}

static void add_example(struct deciding *deciding, WireCoaching *body, const char *contact)
{
    for (size_t i = 0; contact && i < body->n_examples; i++)
        if (text_equal(body->examples[i], contact))
            return;
    if (contact && body->n_examples < RECURRENCE_TIMES)
        body->examples[body->n_examples++] = deciding_keep(deciding, contact);
}

static void add_examples(struct deciding *deciding, const struct recurrence_name *name,
                         WireDecision *decision)
{
    const struct recurrence *recurrence = recurrence_find(deciding->fold, name);
    WireCoaching *body = decision->coaching;
    const char *contact = deciding->occurrence.event->interaction_id;
    bool is_told = false;
    body->examples = deciding_allocate(deciding, RECURRENCE_TIMES * sizeof *body->examples);
    if (!body->examples)
        return;
    for (uint32_t i = 0; recurrence && i < recurrence->count; i++) {
        const struct occasion *occasion = &recurrence->occasions[i];
        if (occasion->at < body->since_at || occasion->at > body->until_at)
            continue;
        if (!is_told && occasion->at > deciding->occurrence.at) {
            add_example(deciding, body, contact);
            is_told = true;
        }
        add_example(deciding, body, occasion->contact);
        deciding_rest_on(deciding, decision, occasion->seq);
    }
    if (!is_told)
        add_example(deciding, body, contact);
}

void recurrence_note(struct deciding *deciding, const struct rule *rule, WireDecision *decision)
{
    const struct expression *within = &rule->actions[ACTION_COACH].within;
    struct facts *facts = &deciding->out->workspace->facts;
    WireCoaching *body = decision->coaching;
    bool is_pattern = rule->facts & 1U << FACT_PATTERN;
    if (!within->program)
        return;
    int64_t length_us = evaluate_duration_us(deciding, within);
    facts_fill(deciding, 1U << FACT_PATTERN | 1U << FACT_RECURRENCE);
    if (!facts->bindings[is_pattern ? FACT_PATTERN : FACT_RECURRENCE].as.message)
        return;
    const struct times times = {
        .at = is_pattern ? facts->failed_at : facts->recurred_at,
        .count = is_pattern ? facts->pattern.n_failed_at : facts->recurrence.n_came_at,
        .this_at = deciding->occurrence.at,
    };
    struct told_group group = group_of(&times, length_us);
    WIRE_SET(body, since_at, group.from);
    WIRE_SET(body, until_at, group.until);
    WIRE_SET(body, lead_alone, is_pattern);
    if (is_pattern)
        decision->audience = body->lead_role;
    add_examples(deciding, is_pattern ? &facts->of_employee : &facts->in_store, decision);
}
