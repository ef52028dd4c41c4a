/* countdown: starts with an event, goes from one trigger to the next, ends with what it counts. */
#include "common/policy/state/countdown.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/variant.h"
#include "common/policy/state/entry.h"
#include "common/wire/position.h"

uint32_t countdown_next(const struct policy *policy, WireEvent__BodyCase event, int kind, uint32_t at)
{
    const struct rule_list *list = &policy->delayed[event];
    while (at < list->count && list->triggers[at]->is_narrowed && list->triggers[at]->kind != kind)
        at++;
    return at;
}

const struct trigger *countdown_trigger(const struct countdown *countdown)
{
    return countdown->policy->delayed[countdown->event].triggers[countdown->at];
}

const struct rule *countdown_rule(const struct countdown *countdown)
{
    return countdown->policy->delayed[countdown->event].rules[countdown->at];
}

struct countdown *countdown_find(const struct interaction *interaction, const char *subject)
{
    struct position position;
    if (!interaction || !subject || position_parse(subject, &position))
        return NULL;
    struct countdown *countdown = interaction->countdowns;
    while (countdown && countdown->seq != position.seq)
        countdown = countdown->next;
    return countdown;
}

bool countdown_is_at(const struct countdown *countdown, const WireDeadlinePassed *passed)
{
    return passed->rule && text_equal(countdown_rule(countdown)->name, passed->rule) &&
           countdown_trigger(countdown)->step == passed->step;
}

void countdown_drop(struct fold *fold, struct countdown *countdown)
{
    struct countdown **link = &countdown->interaction->countdowns;
    while (*link != countdown)
        link = &(*link)->next;
    *link = countdown->next;
    deadline_stop(&fold->deadlines, &countdown->deadline);
    entry_free(fold, countdown, sizeof *countdown, 0);
}

void countdowns_drop(struct fold *fold, struct interaction *interaction, bool of_waits_alone)
{
    for (struct countdown *countdown = interaction->countdowns, *next; countdown; countdown = next) {
        next = countdown->next;
        if (!of_waits_alone || countdown->event == WIRE_EVENT__BODY_WAIT_STARTED)
            countdown_drop(fold, countdown);
    }
}

/* More are a flood of events, not a story. */
static bool has_room(struct fold *fold, const struct interaction *interaction)
{
    enum { COUNTDOWNS = 8 };
    unsigned count = 0;
    for (const struct countdown *countdown = interaction->countdowns; countdown; countdown = countdown->next)
        count++;
    fold->forgotten += count >= COUNTDOWNS;
    return count < COUNTDOWNS;
}

/* The limits of a wait that is told late may have passed, and it may have ended long ago: they are judged when
 * its end is told. Those to come are waited for, however late they are told. */
static void skip_passed(struct countdown *countdown, int64_t recorded_at)
{
    const struct rule_list *list = &countdown->policy->delayed[countdown->event];
    while (countdown->at < list->count &&
           countdown->started_at + countdown_trigger(countdown)->after_us <= recorded_at)
        countdown->at =
            countdown_next(countdown->policy, countdown->event, countdown->kind, countdown->at + 1);
    if (countdown->at < list->count)
        return;
    countdown->at = countdown->unjudged;
    countdown->is_armed = false;
}

void countdown_start(struct fold *fold, const struct occurrence *occurrence, const struct policy *in_force,
                     bool is_old, struct interaction *interaction)
{
    WireEvent__BodyCase event = occurrence->event->body_case;
    bool is_late = occurrence_is_late(occurrence, in_force);
    const struct policy *policy =
        variant_for(is_late ? state_policy_at(fold, occurrence->at, true) : in_force,
                    occurrence->event->store_id, occurrence->at);
    if (!policy || !policy->delayed[event].count || interaction->known.closed_at)
        return;
    int kind = trigger_kind_of(occurrence->event);
    uint32_t at = countdown_next(policy, event, kind, 0);
    if (at == policy->delayed[event].count)
        return;
    if (event == WIRE_EVENT__BODY_WAIT_STARTED && interaction->known.wait_seq != occurrence->seq)
        return; /* it is waiting so already */
    if (!has_room(fold, interaction))
        return;
    struct countdown *countdown = NEW(countdown);
    *countdown = (struct countdown){
        .deadline.owner = DEADLINE_OF_COUNTDOWN,
        .next = interaction->countdowns,
        .interaction = interaction,
        .policy = policy,
        .epoch = occurrence->epoch,
        .seq = occurrence->seq,
        .started_at = occurrence->at,
        .late_until = is_late ? occurrence->recorded_at : 0,
        .at = at,
        .unjudged = at,
        .kind = kind,
        .event = (uint16_t)event,
        .is_drill = occurrence->event->drill,
        .is_armed = true,
    };
    if (is_old || (is_late && event == WIRE_EVENT__BODY_WAIT_STARTED))
        skip_passed(countdown, occurrence->recorded_at);
    interaction->countdowns = countdown;
    fold->bytes += sizeof *countdown + 1;
    if (countdown->is_armed)
        deadline_set(&fold->deadlines, &countdown->deadline,
                     occurrence->at + countdown_trigger(countdown)->after_us);
}

void countdown_expire(struct fold *fold, const WireEvent *event, const WireDeadlinePassed *passed)
{
    struct interaction *interaction =
        state_interaction(fold, event->store_id, event->interaction_id, event->drill);
    struct countdown *countdown = countdown_find(interaction, passed->subject);
    if (!countdown || !countdown_is_at(countdown, passed))
        return;
    deadline_stop(&fold->deadlines, &countdown->deadline); /* the next may be due at the same time */
    countdown->at = countdown_next(countdown->policy, countdown->event, countdown->kind, countdown->at + 1);
    countdown->unjudged = countdown->at;
    if (countdown->at == countdown->policy->delayed[countdown->event].count)
        countdown_drop(fold, countdown);
    else
        deadline_set(&fold->deadlines, &countdown->deadline,
                     countdown->started_at + countdown_trigger(countdown)->after_us);
}
