/* fold_deadline: each described by the entry it is in. */
#include "common/policy/state/fold_deadline.h"

#include "common/base/digest.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/state.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

bool fold_next_deadline(const struct fold *fold, int64_t *ret_due_at)
{
    const struct heap_node *first = heap_first(&fold->deadlines.waiting);
    if (first)
        *ret_due_at = first->key;
    return first != NULL;
}

bool fold_oldest_deadline(const struct fold *fold, int64_t *ret_due_at)
{
    int64_t oldest = 0;
    bool is_any = fold_next_deadline(fold, &oldest);
    LIST_EACH(node, &fold->deadlines.given) {
        int64_t due_at = CONTAINER_OF(node, struct deadline, given)->due_at;
        oldest = !is_any || due_at < oldest ? due_at : oldest;
        is_any = true;
    }
    if (is_any)
        *ret_due_at = oldest;
    return is_any;
}

static void describe_countdown(const struct countdown *countdown, struct fold_deadline *into)
{
    struct position position = {countdown->epoch, countdown->seq};
    char text[POSITION_TEXT_SIZE];
    position_format(position, text);
    text_copy(into->subject, sizeof into->subject, text);
    into->body.kind = WIRE_DEADLINE_KIND__RULE_DUE;
    into->body.round = 1;
    into->body.rule = (char *)countdown_rule(countdown)->name;
    WIRE_SET(&into->body, step, countdown_trigger(countdown)->step);
    into->store_id = countdown->interaction->key;
    into->interaction_id = key_second(countdown->interaction->key);
    into->drill = countdown->is_drill;
}

static void describe_escalation(const struct escalation *escalation, struct fold_deadline *into)
{
    text_copy(into->subject, sizeof into->subject, escalation->id);
    into->body.kind = escalation->state == ESCALATION_ACKNOWLEDGED ? WIRE_DEADLINE_KIND__ANSWER_DUE
                                                                   : WIRE_DEADLINE_KIND__ACKNOWLEDGE_DUE;
    into->body.round = escalation->round;
    into->store_id = escalation->group;
    const char *interaction = escalation->group + strlen(escalation->group) + 1;
    into->interaction_id = *interaction ? interaction : NULL;
    into->drill = escalation->is_drill;
}

static void describe_follow_up(const struct follow_up *follow_up, struct fold_deadline *into)
{
    text_copy(into->subject, sizeof into->subject, follow_up->id);
    into->body.kind =
        follow_up->is_overdue ? WIRE_DEADLINE_KIND__FOLLOW_UP_LONG_DUE : WIRE_DEADLINE_KIND__FOLLOW_UP_DUE;
    into->body.round = 1;
    into->drill = follow_up->is_drill;
}

static void describe_promise(const struct promise *promise, struct fold_deadline *into)
{
    text_copy(into->subject, sizeof into->subject, key_second(promise->key));
    into->body.kind =
        promise->remind_at ? WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE : WIRE_DEADLINE_KIND__PROMISE_DUE;
    into->body.round = promise->round;
    into->store_id = promise->key;
    into->drill = promise->is_drill;
}

static void describe_appointment(const struct appointment *appointment, struct fold_deadline *into)
{
    text_copy(into->subject, sizeof into->subject, key_second(appointment->key));
    into->body.kind = appointment->remind_at ? WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE
                                             : WIRE_DEADLINE_KIND__PREPARATION_DUE;
    into->body.round = appointment->round;
    into->store_id = appointment->key;
    into->interaction_id = appointment->interaction;
    into->drill = appointment->is_drill;
}

static void describe_good_news(const struct good_news *news, struct fold_deadline *into)
{
    text_copy(into->subject, sizeof into->subject, good_news_day(news));
    into->body.kind = WIRE_DEADLINE_KIND__DIGEST_DUE;
    into->body.round = 1;
    into->store_id = news->key;
}

/* Of one store: the policy by its version. */
static void describe_policy(const struct store *store, struct fold_deadline *into)
{
    text_format(into->subject, sizeof into->subject, "%llu", (unsigned long long)store->policy_next);
    into->body.kind = WIRE_DEADLINE_KIND__POLICY_BEGINS;
    into->body.round = 1;
    into->store_id = store->key;
}

static void describe_care(const struct store *store, struct fold_deadline *into)
{
    char week[DAY_TEXT_SIZE];
    care_format_week(&store->care, week);
    text_copy(into->subject, sizeof into->subject, week);
    into->body.kind = WIRE_DEADLINE_KIND__WEEK_DUE;
    into->body.round = 1;
    into->store_id = store->key;
}

static bool is_named_within_store(enum deadline_owner owner)
{
    return owner == DEADLINE_OF_PROMISE || owner == DEADLINE_OF_APPOINTMENT ||
           owner == DEADLINE_OF_GOOD_NEWS || owner == DEADLINE_OF_POLICY || owner == DEADLINE_OF_CARE;
}

static void describe(const struct deadline *deadline, struct fold_deadline *into)
{
    *into = (struct fold_deadline){.body = WIRE_DEADLINE_PASSED__INIT};
    switch (deadline->owner) {
    case DEADLINE_OF_COUNTDOWN:
        describe_countdown(CONTAINER_OF(deadline, struct countdown, deadline), into);
        break;
    case DEADLINE_OF_ESCALATION:
        describe_escalation(CONTAINER_OF(deadline, struct escalation, deadline), into);
        break;
    case DEADLINE_OF_FOLLOW_UP:
        describe_follow_up(CONTAINER_OF(deadline, struct follow_up, deadline), into);
        break;
    case DEADLINE_OF_APPOINTMENT:
        describe_appointment(CONTAINER_OF(deadline, struct appointment, deadline), into);
        break;
    case DEADLINE_OF_ATTENDANCE:
        describe_escalation(CONTAINER_OF(deadline, struct escalation, unattended), into);
        into->body.kind = WIRE_DEADLINE_KIND__NOBODY_HOME_DUE;
        break;
    case DEADLINE_OF_CARE:
        describe_care(CONTAINER_OF(deadline, struct store, care.deadline), into);
        break;
    case DEADLINE_OF_GOOD_NEWS:
        describe_good_news(CONTAINER_OF(deadline, struct good_news, deadline), into);
        break;
    case DEADLINE_OF_POLICY:
        describe_policy(CONTAINER_OF(deadline, struct store, policy_begins), into);
        break;
    case DEADLINE_OF_PROMISE:
        describe_promise(CONTAINER_OF(deadline, struct promise, deadline), into);
        break;
    }
    into->body.has_kind = into->body.has_round = into->body.has_due_at = true;
    into->body.subject = into->subject;
    into->body.due_at = deadline->due_at;
    /* what is named within a store alone needs that as well, and whether it is an exercise */
    char within[KEY_CONTACT_SIZE];
    text_format(within, sizeof within, "%s%s", into->store_id ? into->store_id : "",
                into->drill ? " drill" : "");
    const char *rule = into->body.rule                          ? into->body.rule
                       : is_named_within_store(deadline->owner) ? within
                                                                : "";
    unsigned long long rule_hash = digest_content_u64(slice_of_text(rule));
    if (!text_format(into->foreign_id, sizeof into->foreign_id, "%d/%s/%u/%s/%u", (int)into->body.kind,
                     into->subject, into->body.round, rule, into->body.step) &&
        !text_format(into->foreign_id, sizeof into->foreign_id, "%d/%s/%u/%016llx/%u", (int)into->body.kind,
                     into->subject, into->body.round, rule_hash, into->body.step))
        text_format(into->foreign_id, sizeof into->foreign_id, "%d/%016llx/%u/%016llx/%u",
                    (int)into->body.kind,
                    (unsigned long long)digest_content_u64(slice_of_text(into->subject)), into->body.round,
                    rule_hash, into->body.step);
}

WireEvent fold_deadline_event(struct fold_deadline *deadline)
{
    WireEvent event = WIRE_EVENT__INIT;
    event.source = (char *)"bellhop/escalate";
    event.foreign_id = deadline->foreign_id;
    event.has_id_time = event.has_id = event.has_occurred_at = true;
    event.id_time = event.occurred_at = deadline->body.due_at;
    deadline->id =
        uuid_derive(event.id_time, slice_of_text(event.source), slice_of_text(deadline->foreign_id));
    event.id = wire_bytes(slice_of(deadline->id.bytes, UUID_SIZE));
    event.store_id = (char *)deadline->store_id;
    event.interaction_id = (char *)deadline->interaction_id;
    event.has_drill = event.drill = deadline->drill;
    event.body_case = WIRE_EVENT__BODY_DEADLINE_PASSED;
    event.deadline_passed = &deadline->body;
    return event;
}

bool fold_due(struct fold *fold, int64_t now, struct fold_deadline *ret_deadline)
{
    struct heap_node *first = heap_first(&fold->deadlines.waiting);
    if (!first || first->key > now)
        return false;
    struct deadline *deadline = CONTAINER_OF(first, struct deadline, node);
    heap_remove(&fold->deadlines.waiting, first);
    list_append(&fold->deadlines.given, &deadline->given);
    describe(deadline, ret_deadline);
    return true;
}

/* --- reporting --- */

bool fold_deadline_ended(struct fold *fold, uint32_t *ret_number)
{
    struct deadlines *deadlines = &fold->deadlines;
    if (deadlines->ended_count == 0)
        return false;
    *ret_number = deadlines->ended[--deadlines->ended_count];
    return true;
}

/* The row of a decision has the same time. */
static bool is_in_a_row(const struct fold_deadline *deadline)
{
    WireDeadlineKind kind = deadline->body.kind;
    return kind == WIRE_DEADLINE_KIND__ACKNOWLEDGE_DUE || kind == WIRE_DEADLINE_KIND__ANSWER_DUE ||
           kind == WIRE_DEADLINE_KIND__FOLLOW_UP_DUE || kind == WIRE_DEADLINE_KIND__PROMISE_DUE;
}

bool fold_deadline_armed(struct fold *fold, uint32_t *ret_number, struct fold_deadline *ret_deadline)
{
    struct deadline *deadline;
    while ((deadline = deadline_take_unreported(&fold->deadlines))) {
        describe(deadline, ret_deadline);
        if (is_in_a_row(ret_deadline))
            continue;
        *ret_number = deadline_report(&fold->deadlines, deadline);
        return true;
    }
    return false;
}
