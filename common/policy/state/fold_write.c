/* fold_write: the state as bytes. Numbers are big-endian; text is its size and its bytes.
 *
 * Lists are written in their order, and the entries of an interaction or customer by their ids in its order:
 * what is read decides as the one that was written. What is derived (groups, indexes, deadlines) is made
 * again. */
#include "common/policy/state/asked.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/attention.h"
#include "common/policy/state/fold.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/recurrence.h"

struct writing {
    struct bytes *into;
    fold_snapshot_piece *on_piece;
    void *owner;
};

enum { PIECE_BYTES = 1024 * 1024 };

static void writing_flush(struct writing *writing)
{
    writing->on_piece(writing->owner, bytes_slice(writing->into));
    bytes_reset(writing->into);
}

/* Before each of many entries. */
static void writing_drain(struct writing *writing)
{
    if (writing->into->size >= PIECE_BYTES)
        writing_flush(writing);
}

static void put_interaction_known(struct bytes *into, const struct interaction_known *known)
{
    struct interaction_known values;
    memcpy(&values, known,
           sizeof values); /* with what lies between its members: an assignment may leave that out */
    values.owner = values.served_by = values.customer = values.department = values.how = NULL;
    memset(values.needs_by, 0, sizeof values.needs_by);
    put_slice(into, &values, sizeof values);
    put_text(into, known->owner);
    put_text(into, known->served_by);
    put_text(into, known->customer);
    put_text(into, known->department);
    put_text(into, known->how);
    for (size_t i = 0; i < NEEDS_BY; i++)
        put_text(into, known->needs_by[i]);
}

static void put_countdown(struct bytes *into, const struct countdown *countdown)
{
    bytes_append_u64(into, countdown->policy->version);
    bytes_append_u64(into, countdown->seq);
    bytes_append_u64(into, (uint64_t)countdown->started_at);
    bytes_append_u64(into, (uint64_t)countdown->late_until);
    bytes_append_u32(into, countdown->epoch);
    bytes_append_u32(into, countdown->at);
    bytes_append_u32(into, countdown->unjudged);
    bytes_append_u32(into, (uint32_t)countdown->kind);
    bytes_append_u16(into, countdown->event);
    bytes_append_u8(into, countdown->is_drill);
    bytes_append_u8(into, countdown->is_armed);
}

static void put_interactions(struct writing *writing, const struct list *list)
{
    struct bytes *into = writing->into;
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        writing_drain(writing);
        const struct interaction *interaction = CONTAINER_OF(node, struct interaction, recent);
        uint32_t countdowns = 0;
        for (const struct countdown *at = interaction->countdowns; at; at = at->next)
            countdowns++;
        put_slice(into, interaction->key, interaction->key_size);
        bytes_append_u64(into, (uint64_t)interaction->touched_at);
        put_interaction_known(into, &interaction->known);
        bytes_append_u32(into, countdowns);
        for (const struct countdown *at = interaction->countdowns; at; at = at->next)
            put_countdown(into, at);
        bytes_append_u32(into, (uint32_t)list_count(&interaction->escalations));
        LIST_EACH(member, &interaction->escalations)
            put_text(into, CONTAINER_OF(member, struct escalation, in_interaction)->id);
    }
}

static void put_customers(struct writing *writing, const struct list *list)
{
    struct bytes *into = writing->into;
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        writing_drain(writing);
        const struct customer *customer = CONTAINER_OF(node, struct customer, recent);
        struct customer_known values;
        memcpy(&values, &customer->known, sizeof values); /* likewise */
        values.owner = values.last.served_by = values.before_last.served_by = NULL;
        put_text(into, customer->key);
        bytes_append_u64(into, (uint64_t)customer->touched_at);
        put_slice(into, &values, sizeof values);
        put_text(into, customer->known.owner);
        put_text(into, customer->known.last.served_by);
        put_text(into, customer->known.before_last.served_by);
        bytes_append_u32(into, (uint32_t)list_count(&customer->follow_ups));
        LIST_EACH(member, &customer->follow_ups)
            put_text(into, CONTAINER_OF(member, struct follow_up, in_customer)->id);
    }
}

static void put_people(struct bytes *into, const struct fold *fold)
{
    bytes_append_u64(into, list_count(&fold->recent_stores));
    LIST_EACH(node, &fold->recent_stores) {
        const struct store *store = CONTAINER_OF(node, struct store, recent);
        put_text(into, store->key);
        bytes_append_u64(into, (uint64_t)store->touched_at);
        bytes_append_u32(into, store->on_duty);
        bytes_append_u64(into, (uint64_t)store->day_from_at);
        bytes_append_u64(into, store->policy_told);
        care_write(&store->care, into);
    }
    bytes_append_u64(into, list_count(&fold->recent_employees));
    LIST_EACH(node, &fold->recent_employees) {
        const struct employee *employee = CONTAINER_OF(node, struct employee, recent);
        put_pair(into, employee->key);
        bytes_append_u64(into, (uint64_t)employee->touched_at);
        bytes_append_u64(into, employee->seq);
        bytes_append_u8(into, employee->is_on_duty);
        bytes_append_u64(into, (uint64_t)employee->duty_at);
        bytes_append_u64(into, (uint64_t)employee->back_at);
        bytes_append_u64(into, (uint64_t)employee->served_from_at);
        bytes_append_u8(into, employee->served_level);
        put_text(into, employee->role);
        put_text(into, employee->drilled_role);
    }
}

static void put_remedies(struct writing *writing, const struct list *list)
{
    struct bytes *into = writing->into;
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        writing_drain(writing);
        const struct remedy *remedy = CONTAINER_OF(node, struct remedy, recent);
        const struct remedy_name name = remedy_name(remedy);
        put_text(into, name.store_id);
        put_text(into, name.interaction_id);
        put_text(into, name.source);
        put_text(into, name.remedy_id);
        bytes_append_u8(into, name.is_drill);
        bytes_append_u32(into, (uint32_t)remedy->state);
        bytes_append_u32(into, (uint32_t)remedy->kind);
        bytes_append_u64(into, (uint64_t)remedy->minor);
        put_text(into, remedy->currency);
        bytes_append_u64(into, (uint64_t)remedy->asked);
        put_text(into, remedy->asked_currency);
        bytes_append_u64(into, (uint64_t)remedy->day);
        bytes_append_u64(into, (uint64_t)remedy->charged);
        bytes_append_u64(into, (uint64_t)remedy->returned);
        bytes_append_u64(into, (uint64_t)remedy->ungranted);
        bytes_append_u8(into, remedy->is_ungranted);
        put_text(into, remedy->exception);
        put_text(into, remedy->charged_to);
        put_text(into, remedy->lent_to);
        put_text(into, remedy->customer);
        put_text(into, remedy->escalation_id);
        bytes_append_u64(into, (uint64_t)remedy->requested_at);
        bytes_append_u64(into, (uint64_t)remedy->asked_at);
        bytes_append_u64(into, (uint64_t)remedy->settled_at);
        bytes_append_u64(into, (uint64_t)remedy->returned_at);
        bytes_append_u64(into, (uint64_t)remedy->touched_at);
        bytes_append_u64(into, remedy->seq);
        bytes_append_u8(into, list_is_linked(&remedy->in_contact));
    }
}

static void put_escalations(struct writing *writing, const struct list *list)
{
    struct bytes *into = writing->into;
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        writing_drain(writing);
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        bytes_append_u64(into, (uint64_t)escalation->touched_at);
        bytes_append_u8(into, escalation->is_muted);
        bytes_append_u8(into, deadline_is_set(&escalation->deadline));
        bool is_unattended = deadline_is_set(&escalation->unattended);
        bytes_append_u8(into, is_unattended);
        bytes_append_u64(into, is_unattended ? (uint64_t)escalation->unattended.due_at : 0);
        put_text(into, escalation->page);
        put_slice(into, escalation->packed, escalation->packed_size);
    }
}

static void put_leaders(struct bytes *into, const struct fold *fold)
{
    LIST_EACH(node, &fold->live_escalations)
        bytes_append_u8(into, CONTAINER_OF(node, struct escalation, recent)->is_leader);
}

static void put_follow_ups(struct writing *writing, const struct list *list)
{
    struct bytes *into = writing->into;
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        writing_drain(writing);
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, recent);
        bytes_append_u64(into, (uint64_t)follow_up->touched_at);
        bytes_append_u8(into, deadline_is_set(&follow_up->deadline));
        put_slice(into, follow_up->packed, follow_up->packed_size);
    }
}

static void write_state(const struct fold *fold, struct writing *writing)
{
    struct bytes *into = writing->into;
    bytes_append_u32(into, SNAPSHOT_MAGIC);
    bytes_append_u32(into, SNAPSHOT_VERSION);
    bytes_append_u32(into, ENGINE_VERSION);
    bytes_append_u32(into, fold->epoch);
    bytes_append_u64(into, fold->seq);
    bytes_append_u64(into, (uint64_t)fold->recorded_at);
    bytes_append_u64(into, fold->forgotten);
    bytes_append_u64(into, fold->forgotten_told);
    bytes_append_u64(into, fold->policy_count);
    for (size_t i = 0; i < fold->policy_count; i++) {
        bytes_append_u64(into, fold->policies[i].policy->version);
        bytes_append_u64(into, (uint64_t)fold->policies[i].active_at);
        put_slice(into, fold->policies[i].proposal, fold->policies[i].proposal_size);
    }
    put_people(into, fold);
    staff_write(fold, into);
    roster_write(fold, into);
    loans_write(fold, into);
    recurrences_write(fold, into);
    asked_write(fold, into);
    put_remedies(writing, &fold->recent_remedies);
    charges_write(&fold->charges, into);
    attendance_write(fold, into);
    put_escalations(writing, &fold->ended_escalations);
    put_escalations(writing, &fold->live_escalations);
    put_leaders(into, fold);
    put_follow_ups(writing, &fold->recent_follow_ups);
    promises_write(fold, into);
    products_write(fold, into);
    purchases_write(fold, into);
    stock_write(fold, into);
    appointments_write(fold, into);
    good_news_write(fold, into);
    put_interactions(writing, &fold->open_interactions);
    put_interactions(writing, &fold->closed_interactions);
    attention_write(fold, into);
    put_customers(writing, &fold->recent_customers);
    bytes_append_u32(into, SNAPSHOT_MAGIC);
}

void fold_snapshot_stream(const struct fold *fold, fold_snapshot_piece *on_piece, void *owner)
{
    AUTO_CLEAR(bytes) room = {0};
    struct writing writing = {.into = &room, .on_piece = on_piece, .owner = owner};
    write_state(fold, &writing);
    writing_flush(&writing);
}
