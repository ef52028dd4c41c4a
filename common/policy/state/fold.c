/* fold: its beginning and end, its deadlines, and what it counts. */
#include "common/policy/state/fold.h"

#include "common/base/digest.h"
#include "common/base/memory.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/state.h"
#include "common/policy/state/state_age.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdlib.h>

const struct fold_limits fold_limits_default = {
    .interactions = 250000,
    .closed_interactions = 20000,
    .customers = 100000,
    .employees = 20000,
    .stores = 5000,
    .cases = 20000,
    .follow_ups = 60000,
    .remedies = 30000,
    .promises = 30000,
    .products = 20000,
    .purchases = 100000,
    .shelves = 20000,
    .wants = 50000,
    .appointments = 20000,
    .topics = 20000,
    .good_news = 10000,
    .charges = 60000,
    .interaction_age_ms = 7 * INT64_C(86400000),
    .closed_age_ms = 3600000,
    .ended_age_ms = 86400000,
    .customer_age_ms = 400 * INT64_C(86400000),
    .employee_age_ms = 30 * INT64_C(86400000),
    .topic_age_ms = 62 * INT64_C(86400000),
    .remedy_age_ms = 62 * INT64_C(86400000),
};

struct fold *fold_new(const struct fold_limits *limits, uint64_t seed)
{
    struct fold *fold = NEW(fold);
    struct map *const maps[] = {&fold->interactions, &fold->customers,    &fold->employees,  &fold->stores,
                                &fold->escalations,  &fold->groups,       &fold->follow_ups, &fold->remedies,
                                &fold->promises,     &fold->bearers,      &fold->products,   &fold->purchases,
                                &fold->shelves,      &fold->appointments, &fold->posts,      &fold->rosters};
    struct list *const lists[] = {
        &fold->open_interactions, &fold->closed_interactions, &fold->recent_customers,
        &fold->recent_employees,  &fold->recent_stores,       &fold->live_escalations,
        &fold->ended_escalations, &fold->recent_follow_ups,   &fold->recent_remedies,
        &fold->live_promises,     &fold->ended_promises,      &fold->recent_products,
        &fold->recent_purchases,  &fold->recent_shelves,      &fold->arrived_shelves,
        &fold->recent_rosters,    &fold->recent_appointments, &fold->attended_posts,
        &fold->vacant_posts};
    fold->limits = limits ? *limits : fold_limits_default;
    fold->seed = seed;
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_init(maps[i], seed);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        list_init(lists[i]);
    map_init(&fold->topics, seed);
    list_init(&fold->recent_topics);
    map_init(&fold->good_news, seed);
    list_init(&fold->recent_good_news);
    names_init(&fold->names, seed);
    charges_init(&fold->charges, seed);
    deadlines_init(&fold->deadlines);
    return fold;
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    state_clear(fold);
    free(fold);
}

uint32_t fold_epoch(const struct fold *fold)
{
    return fold->epoch;
}

uint64_t fold_seq(const struct fold *fold)
{
    return fold->seq;
}

uint64_t fold_policy_version(const struct fold *fold)
{
    const struct policy *policy = state_policy_at(fold, fold->recorded_at, false);
    return policy ? policy->version : 0;
}

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

static bool is_named_within_store(enum deadline_owner owner)
{
    return owner == DEADLINE_OF_PROMISE || owner == DEADLINE_OF_APPOINTMENT || owner == DEADLINE_OF_GOOD_NEWS;
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
    case DEADLINE_OF_GOOD_NEWS:
        describe_good_news(CONTAINER_OF(deadline, struct good_news, deadline), into);
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

void fold_count(const struct fold *fold, struct fold_counts *ret_counts)
{
    const struct map *const maps[] = {
        &fold->interactions, &fold->customers,  &fold->employees, &fold->stores,       &fold->escalations,
        &fold->groups,       &fold->follow_ups, &fold->remedies,  &fold->promises,     &fold->bearers,
        &fold->products,     &fold->purchases,  &fold->shelves,   &fold->appointments, &fold->good_news,
        &fold->posts,        &fold->rosters,    &fold->topics,    &fold->names.map,    &fold->charges.map};
    *ret_counts = (struct fold_counts){
        .seq = (int64_t)fold->seq,
        .interactions = fold->interactions.count,
        .open_interactions = fold->open_count,
        .customers = fold->customers.count,
        .employees = fold->employees.count,
        .stores = fold->stores.count,
        .cases = list_count(&fold->live_escalations),
        .follow_ups = fold->follow_ups.count,
        .remedies = fold->remedies.count,
        .promises = fold->promises.count,
        .products = fold->products.count,
        .purchases = fold->purchases.count,
        .wants = fold->want_count,
        .appointments = fold->appointments.count,
        .posts = fold->posts.count,
        .unattended = attendance_count(fold),
        .deadlines = fold->deadlines.count,
        .policies = fold->policy_count,
        .bytes = fold->bytes + fold->names.bytes + fold->charges.bytes,
        .forgotten = fold->forgotten,
    };
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        ret_counts->bytes += maps[i]->slot_count * sizeof(struct map_slot) +
                             maps[i]->entry_capacity * sizeof(struct map_entry);
}
