/* fold_read: the state from the bytes that fold_write.c makes. Everything is checked for being there; what it
 * says is believed, for the caller's checksum held. */
#include "common/base/memory.h"
#include "common/policy/state/asked.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/attention.h"
#include "common/policy/state/fold.h"
#include "common/policy/state/policy_begin.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_set.h"
#include "common/policy/state/recurrence.h"
#include "common/wire/wire.h"

#include <stdlib.h>

static void get_countdown(struct reading *reading, struct interaction *interaction, struct countdown ***end)
{
    struct countdown *countdown = NEW(countdown);
    countdown->deadline.owner = DEADLINE_OF_COUNTDOWN;
    countdown->interaction = interaction;
    uint64_t version = get_u64(reading);
    countdown->seq = get_u64(reading);
    countdown->started_at = (int64_t)get_u64(reading);
    countdown->late_until = (int64_t)get_u64(reading);
    countdown->policy = state_policy_of(reading->fold, version, interaction->key, countdown->started_at);
    countdown->epoch = get_u32(reading);
    countdown->at = get_u32(reading);
    countdown->unjudged = get_u32(reading);
    countdown->kind = (int)get_u32(reading);
    countdown->event = get_u16(reading);
    countdown->is_drill = get_u8(reading);
    countdown->is_armed = get_u8(reading);
    if (!countdown->policy || countdown->event >= EVENT_TYPES ||
        countdown->at >= countdown->policy->delayed[countdown->event].count ||
        countdown->unjudged > countdown->at)
        reading->failed = true;
    if (reading->failed) {
        free(countdown);
        return;
    }
    **end = countdown;
    *end = &countdown->next;
    reading->fold->bytes += sizeof *countdown + 1;
    if (countdown->is_armed)
        deadline_set(&reading->fold->deadlines, &countdown->deadline,
                     countdown->started_at + countdown_trigger(countdown)->after_us);
}

static void get_interactions(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct slice key = get_slice(reading);
        char pair[2 * KEY_PAIR_SIZE] = "";
        if (key.size >= KEY_CONTACT_SIZE || !key.data || !memchr(key.data, 0, key.size)) {
            reading->failed = true;
            return;
        }
        memcpy(pair, key.data, key.size);
        struct interaction *interaction =
            state_make_interaction(fold, pair, key_second(pair), key_is_drill(pair, key.size));
        interaction->touched_at = (int64_t)get_u64(reading);
        get_values(reading, &interaction->known, sizeof interaction->known);
        interaction->known.owner = interaction->known.served_by = NULL;
        interaction->known.customer = interaction->known.department = interaction->known.how = NULL;
        memset(interaction->known.needs_by, 0, sizeof interaction->known.needs_by);
        get_name(reading, &interaction->known.owner);
        get_name(reading, &interaction->known.served_by);
        name_own(&fold->names, &interaction->known.customer, get_text(reading));
        get_name(reading, &interaction->known.department);
        get_name(reading, &interaction->known.how);
        for (size_t i = 0; i < NEEDS_BY; i++)
            get_name(reading, &interaction->known.needs_by[i]);
        if (interaction->known.closed_at)
            state_file_interaction(fold, interaction);
        struct countdown **end = &interaction->countdowns;
        for (uint32_t countdowns = get_u32(reading); countdowns && !reading->failed; countdowns--)
            get_countdown(reading, interaction, &end);
        for (uint32_t members = get_u32(reading); members && !reading->failed; members--)
            state_join_interaction(interaction, state_escalation(fold, get_word(reading)));
    }
}

static void get_customers(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct customer *customer = state_make_customer(fold, get_word(reading));
        customer->touched_at = (int64_t)get_u64(reading);
        get_values(reading, &customer->known, sizeof customer->known);
        customer->known.owner = customer->known.last.served_by = customer->known.before_last.served_by = NULL;
        get_name(reading, &customer->known.owner);
        get_name(reading, &customer->known.last.served_by);
        get_name(reading, &customer->known.before_last.served_by);
        for (uint32_t members = get_u32(reading); members && !reading->failed; members--)
            state_join_customer(customer, state_follow_up(fold, get_word(reading)));
    }
}

static void get_people(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct store *store = state_make_store(fold, get_word(reading));
        store->touched_at = (int64_t)get_u64(reading);
        store->on_duty = get_u32(reading);
        store->day_from_at = (int64_t)get_u64(reading);
        store->policy_told = get_u64(reading);
        care_read(&store->care, reading);
    }
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *employee_id = get_word(reading);
        struct employee *employee = state_make_employee(fold, store_id, employee_id);
        employee->touched_at = (int64_t)get_u64(reading);
        employee->seq = get_u64(reading);
        employee->is_on_duty = get_u8(reading);
        employee->duty_at = (int64_t)get_u64(reading);
        employee->back_at = (int64_t)get_u64(reading);
        employee->served_from_at = (int64_t)get_u64(reading);
        employee->served_level = get_u8(reading);
        get_name(reading, &employee->role);
        get_name(reading, &employee->drilled_role);
    }
}

static void get_remedies(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct remedy_name name = {.store_id = get_word(reading)};
        name.interaction_id = get_text(reading);
        name.source = get_text(reading);
        name.remedy_id = get_word(reading);
        name.is_drill = get_u8(reading);
        struct remedy *remedy = state_make_remedy(fold, &name);
        remedy->state = (enum remedy_state)get_u32(reading);
        remedy->kind = (int)get_u32(reading);
        remedy->minor = (int64_t)get_u64(reading);
        text_copy(remedy->currency, sizeof remedy->currency, get_word(reading));
        remedy->asked = (int64_t)get_u64(reading);
        text_copy(remedy->asked_currency, sizeof remedy->asked_currency, get_word(reading));
        remedy->day = (int64_t)get_u64(reading);
        remedy->charged = (int64_t)get_u64(reading);
        remedy->returned = (int64_t)get_u64(reading);
        remedy->ungranted = (int64_t)get_u64(reading);
        remedy->is_ungranted = get_u8(reading);
        get_name(reading, &remedy->exception);
        get_name(reading, &remedy->charged_to);
        get_name(reading, &remedy->lent_to);
        get_name(reading, &remedy->customer);
        free(remedy->escalation_id);
        remedy->escalation_id = memory_copy_text(get_text(reading));
        remedy->requested_at = (int64_t)get_u64(reading);
        remedy->asked_at = (int64_t)get_u64(reading);
        remedy->settled_at = (int64_t)get_u64(reading);
        remedy->returned_at = (int64_t)get_u64(reading);
        remedy->touched_at = (int64_t)get_u64(reading);
        remedy->seq = get_u64(reading);
        remedy->is_unnamed = get_u8(reading);
        reading->failed |= remedy->state > REMEDY_WITHDRAWN;
    }
}

/* Its clocks are as they were: they need not follow from what it says, where another engine decided. */
static void get_escalation(struct reading *reading)
{
    struct fold *fold = reading->fold;
    int64_t touched_at = (int64_t)get_u64(reading);
    bool is_muted = get_u8(reading);
    bool is_armed = get_u8(reading), is_unattended = get_u8(reading);
    int64_t unattended_at = (int64_t)get_u64(reading);
    const char *page = get_text(reading);
    WireCase *body = wire_unpack(&wire_case__descriptor, get_slice(reading), &reading->arena, NULL);
    if (!body || !body->escalation_id || !body->rule || !body->state || !fold->policy_count) {
        reading->failed = true;
        return;
    }
    state_set_escalation(fold, body, is_muted);
    struct escalation *escalation = state_escalation(fold, body->escalation_id);
    escalation->touched_at = touched_at;
    escalation_set_page(fold, escalation, page);
    if (!is_armed)
        deadline_stop(&fold->deadlines, &escalation->deadline);
    if (is_unattended)
        deadline_set(&fold->deadlines, &escalation->unattended, unattended_at);
    else
        deadline_stop(&fold->deadlines, &escalation->unattended);
}

static void get_escalations(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        get_escalation(reading);
    }
}

/* Likewise which of several that are live leads their group. */
static void get_leaders(struct reading *reading)
{
    struct fold *fold = reading->fold;
    map_clear(&fold->groups);
    map_init(&fold->groups, fold->seed);
    LIST_EACH(node, &fold->live_escalations) {
        struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        escalation->is_leader = get_u8(reading);
        if (escalation->is_leader)
            map_put(&fold->groups, escalation->group, escalation->group_size, escalation);
    }
}

static void get_follow_ups(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        int64_t touched_at = (int64_t)get_u64(reading);
        bool is_armed = get_u8(reading);
        WireFollowUp *body =
            wire_unpack(&wire_follow_up__descriptor, get_slice(reading), &reading->arena, NULL);
        if (!body || !body->follow_up_id || !body->state || !fold->policy_count) {
            reading->failed = true;
            return;
        }
        state_set_follow_up(fold, body);
        struct follow_up *follow_up = state_follow_up(fold, body->follow_up_id);
        if (!follow_up) {
            reading->failed = true;
            return;
        }
        follow_up->touched_at = touched_at;
        if (!is_armed)
            deadline_stop(&fold->deadlines, &follow_up->deadline);
    }
}

static void get_policies(struct reading *reading)
{
    char why[WHY_SIZE];
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        uint64_t version = get_u64(reading);
        int64_t active_at = (int64_t)get_u64(reading);
        WirePolicyProposed *proposed =
            wire_unpack(&wire_policy_proposed__descriptor, get_slice(reading), &reading->arena, NULL);
        if (!proposed || state_add_policy(reading->fold, proposed, version, active_at, why))
            reading->failed = true;
    }
}

static void get_all(struct reading *reading)
{
    struct fold *fold = reading->fold;
    uint32_t magic = get_u32(reading), version = get_u32(reading), engine_version = get_u32(reading);
    reading->failed |=
        magic != SNAPSHOT_MAGIC || version != SNAPSHOT_VERSION || engine_version != ENGINE_VERSION;
    fold->epoch = get_u32(reading);
    fold->seq = get_u64(reading);
    fold->recorded_at = (int64_t)get_u64(reading);
    fold->forgotten = get_u64(reading);
    fold->forgotten_told = get_u64(reading);
    get_policies(reading);
    get_people(reading);
    policy_begins_arm(fold);
    staff_read(reading);
    roster_read(reading);
    loans_read(reading);
    recurrences_read(reading);
    asked_read(reading);
    get_remedies(reading);
    if (!reading->failed && charges_read(&fold->charges, &reading->rest))
        reading->failed = true;
    attendance_read(reading);
    get_escalations(reading);
    get_escalations(reading);
    get_leaders(reading);
    get_follow_ups(reading);
    promises_read(reading);
    products_read(reading);
    purchases_read(reading);
    stock_read(reading);
    appointments_read(reading);
    good_news_read(reading);
    get_interactions(reading);
    get_interactions(reading);
    LIST_EACH(node, &fold->recent_remedies) {
        struct remedy *remedy = CONTAINER_OF(node, struct remedy, recent);
        if (remedy->is_unnamed)
            state_join_contact(fold, remedy);
    }
    attention_read(reading);
    get_customers(reading);
    reading->failed |= get_u32(reading) != SNAPSHOT_MAGIC || reading->rest.size;
}

struct fold *fold_snapshot_read(const struct fold_limits *limits, uint64_t seed, struct slice snapshot)
{
    AUTO(fold) *fold = fold_new(limits, seed);
    struct reading reading = {.fold = fold, .rest = snapshot};
    arena_init(&reading.arena, 8 * 1024 * 1024);
    get_all(&reading);
    arena_clear(&reading.arena);
    return reading.failed ? NULL : TAKE(fold);
}
