/* commit: entries, repeats and receipts. */
#include "services/persist/commit.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/store/write/batch.h"
#include "common/wire/event.h"
#include "common/wire/mismatch.h"
#include "common/wire/position.h"
#include "common/wire/refusal.h"
#include "common/wire/rules.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/persist/storable.h"

#include <stdlib.h>

enum { CONTENT_MOST_BYTES = 4096 };

struct commit *commit_new(struct rejected_quota *quota)
{
    struct commit *commit = NEW(commit);
    commit->quota = quota;
    commit->batch = batch_new();
    return commit;
}

void commit_free(struct commit *commit)
{
    if (!commit)
        return;
    commit_reset(commit);
    batch_free(commit->batch);
    free(commit->entries);
    free(commit->appends);
    free(commit->deciders);
    free(commit->streams);
    free(commit->decisions);
    free(commit->doubts);
    bytes_clear(&commit->doubtful);
    bytes_clear(&commit->packed);
    free(commit);
}

void commit_reset(struct commit *commit)
{
    batch_reset(commit->batch);
    for (size_t i = 0; i < commit->entry_count; i++)
        free(TAKE(commit->entries[i].conflict));
    bytes_reset(&commit->packed);
    commit->entry_count = commit->append_count = commit->decider_count = commit->stream_count = 0;
    commit->decision_count = commit->doubt_count = 0;
    bytes_reset(&commit->doubtful);
    commit->tries = 0;
    commit->has_conflict = false;
}

bool commit_is_empty(const struct commit *commit)
{
    return commit->append_count == 0 && commit->decider_count == 0 && commit->stream_count == 0 &&
           batch_is_empty(commit->batch);
}

/* --- events --- */

static struct slice cut(struct slice content)
{
    return slice_of(content.data, content.size < CONTENT_MOST_BYTES ? content.size : CONTENT_MOST_BYTES);
}

static const char *conflict_explanation(const struct commit_entry *entry)
{
    return entry->conflict ? entry->conflict->explanation : "the id is in the log with other content";
}

/* An event under an id that is in the log with other content: kept for people to look at. */
static void keep_conflict(struct commit *commit, const struct commit_entry *entry, const char *source,
                          struct slice canonical)
{
    if (!rejected_quota_allow(commit->quota, source, commit->now))
        return;
    struct slice content = cut(canonical);
    WireRejectedEvent rejected = WIRE_REJECTED_EVENT__INIT;
    rejected.key = (ProtobufCBinaryData){.len = UUID_SIZE, .data = (uint8_t *)entry->id.bytes};
    rejected.hash = (ProtobufCBinaryData){.len = CONTENT_HASH_SIZE, .data = (uint8_t *)entry->hash};
    rejected.source = (char *)source;
    rejected.reason = (char *)wire_reason_word(WIRE_CONTENT_DIFFERS);
    rejected.explanation = (char *)conflict_explanation(entry);
    rejected.field = entry->conflict && *entry->conflict->field ? entry->conflict->field : NULL;
    rejected.content = wire_bytes(content);
    rejected.received_at = commit->now;
    batch_add_rejected(commit->batch, &rejected);
}

static void become_conflict(struct commit_entry *entry)
{
    entry->result = WIRE_RECEIPT__RESULT__CONFLICT;
    entry->reason = wire_reason_word(WIRE_CONTENT_DIFFERS);
}

/* What differs, and since when the other is in the log. Either may be cut, and then nothing can be told. */
static void explain_conflict(struct commit_entry *entry, struct slice in_log, int64_t recorded_at,
                             struct slice ours)
{
    enum { DECODED_TIMES = 8, DECODED_LEAST = 65536 };
    AUTO(arena) *room = arena_new((ours.size + in_log.size) * DECODED_TIMES + 2 * DECODED_LEAST);
    const WireEvent *one = wire_unpack(&wire_event__descriptor, in_log, room, NULL);
    const WireEvent *other = wire_unpack(&wire_event__descriptor, ours, room, NULL);
    struct mismatch mismatch;
    char since[TIME_TEXT_SIZE];
    if (!one || !other || !mismatch_find(&one->base, &other->base, &mismatch))
        return;
    struct commit_conflict *conflict = NEW(commit_conflict);
    time_format(recorded_at, since);
    text_copy(conflict->field, sizeof conflict->field, mismatch.field);
    text_format(conflict->explanation, sizeof conflict->explanation, "is %s in the log since %s, and %s here",
                mismatch.one, since, mismatch.other);
    conflict->recorded_at = recorded_at;
    free(entry->conflict);
    entry->conflict = conflict;
}

static void keep_doubt(struct commit *commit, const char *source, struct slice canonical)
{
    MAKE_ROOM(commit->doubts, commit->doubt_count, commit->doubt_capacity);
    struct slice content = cut(canonical);
    size_t offset = commit->doubtful.size;
    bytes_append(&commit->doubtful, source, strlen(source) + 1);
    bytes_append_slice(&commit->doubtful, content);
    commit->doubts[commit->doubt_count++] = (struct commit_doubt){
        .entry = commit->entry_count - 1, .offset = offset, .size = commit->doubtful.size - offset};
}

/* `recent` decides at once what kind of repeat it is; its position is known once it is settled. */
static void add_repeat(struct commit *commit, struct commit_entry *entry, const struct recent_event *first,
                       const WireEvent *event, struct slice canonical)
{
    if (memcmp(entry->hash, first->hash, sizeof entry->hash) == 0) {
        entry->result = WIRE_RECEIPT__RESULT__DUPLICATE;
        return;
    }
    become_conflict(entry);
    keep_doubt(commit, event->source, canonical);
}

static void add_event(struct commit *commit, struct recent *recent, const WireAppendEvent *append,
                      struct arena *scratch)
{
    MAKE_ROOM(commit->entries, commit->entry_count, commit->entry_capacity);
    struct commit_entry *entry = &commit->entries[commit->entry_count++];
    *entry = (struct commit_entry){.row = COMMIT_NO_ROW, .wants_verdict = append->want_verdict};
    struct slice canonical = wire_slice(append->event);
    arena_reset(scratch, 0);
    const WireEvent *event = wire_unpack(&wire_event__descriptor, canonical, scratch, NULL);
    enum wire_reason reason = event ? storable_check_event(append, event) : WIRE_MALFORMED;
    if (reason != WIRE_FINE) {
        entry->result = WIRE_RECEIPT__RESULT__REJECTED;
        entry->reason = wire_reason_word(reason);
        return;
    }
    memcpy(entry->id.bytes, event->id.data, UUID_SIZE);
    wire_event_hash(canonical, entry->hash);
    const struct recent_event *first = recent_find(recent, &entry->id);
    bool differs_from_log = first && first->seq && memcmp(entry->hash, first->hash, sizeof entry->hash) != 0;
    if (first && !differs_from_log) {
        add_repeat(commit, entry, first, event, canonical);
        return;
    }
    entry->result = WIRE_RECEIPT__RESULT__COMMITTED;
    entry->row = (uint32_t)event_rows_add(&commit->batch->events, append, event);
    commit->has_conflict |= differs_from_log;
    if (!differs_from_log)
        entry->pending = recent_put(recent, &entry->id, entry->hash, 0, 0);
}

void commit_add_append(struct commit *commit, struct recent *recent, const struct link_peer *peer,
                       const WireAppendBatch *append, struct arena *scratch)
{
    MAKE_ROOM(commit->appends, commit->append_count, commit->append_capacity);
    commit->appends[commit->append_count++] = (struct commit_append){
        .peer = *peer,
        .batch_id = append->batch_id,
        .first_entry = commit->entry_count,
        .entry_count = append->n_events,
    };
    for (size_t i = 0; i < append->n_events; i++)
        add_event(commit, recent, append->events[i], scratch);
    for (size_t i = 0; i < append->n_rejected; i++)
        if (rejected_quota_allow(commit->quota, append->rejected[i]->source, commit->now))
            batch_add_rejected(commit->batch, append->rejected[i]);
}

bool commit_begins_log(const WireAppendBatch *append, struct arena *scratch)
{
    for (size_t i = 0; i < append->n_events; i++) {
        arena_reset(scratch, 0);
        const WireEvent *event =
            wire_unpack(&wire_event__descriptor, wire_slice(append->events[i]->event), scratch, NULL);
        if (!event || event->body_case != WIRE_EVENT__BODY_POLICY_PROPOSED)
            return false;
    }
    return true;
}

/* --- decisions and streams --- */

static bool is_after(const WireDecision *decision, const struct commit_decision *last_place,
                     uint32_t last_ordinal)
{
    return decision->position->seq > last_place->seq ||
           (decision->position->seq == last_place->seq && decision->ordinal > last_ordinal);
}

/* All of it is checked before any of it is added. */
static bool decisions_are_well_formed(const WireDecisionBatch *batch, struct arena *scratch)
{
    struct commit_decision last = {.seq = batch->after ? batch->after->seq : 0};
    uint32_t last_ordinal = UINT32_MAX;
    if (!batch->upto || batch->upto->seq < last.seq || !storable_deadlines(batch))
        return false;
    for (size_t i = 0; i < batch->n_decisions; i++) {
        arena_reset(scratch, 0);
        const WireDecision *decision =
            wire_unpack(&wire_decision__descriptor, wire_slice(batch->decisions[i]), scratch, NULL);
        if (!decision || !decision->position || !decision->has_kind ||
            decision->position->seq > batch->upto->seq || !is_after(decision, &last, last_ordinal))
            return false;
        last.seq = decision->position->seq;
        last_ordinal = decision->ordinal;
    }
    return true;
}

static void add_waiter(struct commit_waiter *waiter, const struct link_peer *peer, uint64_t id)
{
    *waiter = (struct commit_waiter){.peer = *peer, .id = id};
}

bool commit_add_decisions(struct commit *commit, const struct link_peer *peer, const WireDecisionBatch *batch,
                          struct arena *scratch)
{
    if (!decisions_are_well_formed(batch, scratch))
        return false;
    if (commit->batch->upto == commit->batch->after)
        commit->batch->after = batch->after ? batch->after->seq : 0;
    commit->batch->upto = batch->upto->seq;
    for (size_t i = 0; i < batch->n_decisions; i++) {
        struct slice packed = wire_slice(batch->decisions[i]);
        arena_reset(scratch, 0);
        const WireDecision *decision = wire_unpack(&wire_decision__descriptor, packed, scratch, NULL);
        MAKE_ROOM(commit->decisions, commit->decision_count, commit->decision_capacity);
        commit->decisions[commit->decision_count++] = (struct commit_decision){
            .offset = commit->packed.size,
            .size = packed.size,
            .seq = decision->position->seq,
            .kind = decision->kind,
        };
        bytes_append_slice(&commit->packed, packed);
        batch_add_decision(commit->batch, decision, packed);
    }
    batch_add_deadlines(commit->batch, batch);
    MAKE_ROOM(commit->deciders, commit->decider_count, commit->decider_capacity);
    add_waiter(&commit->deciders[commit->decider_count++], peer, batch->batch_id);
    return true;
}

void commit_add_stream(struct commit *commit, const struct link_peer *peer, const WireStreamWrite *write)
{
    batch_add_stream(commit->batch, write);
    MAKE_ROOM(commit->streams, commit->stream_count, commit->stream_capacity);
    add_waiter(&commit->streams[commit->stream_count++], peer, write->write_id);
}

/* --- outcomes --- */

/* What was found for each row, or NULL; the caller frees it. */
static const struct commit_found **found_by_row(const struct commit *commit, const struct commit_found *found,
                                                size_t count)
{
    const struct commit_found **by_row = memory_zeroed(commit->batch->events.count * sizeof *by_row);
    for (size_t i = 0; i < count; i++)
        by_row[found[i].row] = &found[i];
    return by_row;
}

/* The source of a row that is about to be dropped. */
static const char *source_of(struct slice canonical, struct arena *room)
{
    const WireEvent *event = wire_unpack(&wire_event__descriptor, canonical, room, NULL);
    return event ? event->source : NULL;
}

static void entry_is_found(struct commit *commit, struct recent *recent, struct commit_entry *entry,
                           const struct commit_found *found)
{
    struct slice ours = event_rows_canonical(&commit->batch->events, entry->row);
    uint8_t hash[CONTENT_HASH_SIZE];
    digest_content(&found->canonical, 1, hash);
    recent_remove(recent, &entry->id);
    recent_put(recent, &entry->id, hash, found->seq, found->epoch);
    if (slice_equal(ours, found->canonical)) {
        entry->result = found->is_ours ? WIRE_RECEIPT__RESULT__COMMITTED : WIRE_RECEIPT__RESULT__DUPLICATE;
    } else {
        AUTO(arena) *room = arena_new(ours.size * 8 + 65536);
        become_conflict(entry);
        explain_conflict(entry, found->canonical, found->recorded_at, ours);
        keep_conflict(commit, entry, source_of(ours, room), ours);
    }
    entry->seq = found->seq;
    entry->epoch = found->epoch;
}

void commit_drop_found(struct commit *commit, struct recent *recent, const struct commit_found *found,
                       size_t count)
{
    const struct commit_found **by_row = found_by_row(commit, found, count);
    for (size_t i = 0; i < commit->entry_count; i++) {
        struct commit_entry *entry = &commit->entries[i];
        if (entry->row == COMMIT_NO_ROW || !by_row[entry->row])
            continue;
        entry_is_found(commit, recent, entry, by_row[entry->row]);
        event_rows_drop(&commit->batch->events, entry->row);
        entry->row = COMMIT_NO_ROW;
    }
    free(by_row);
}

/* Of an entry that is not in conflict with a row of the log: another event of this very commit has its id. */
static void explain_doubt(const struct commit *commit, const struct commit_doubt *doubt)
{
    struct commit_entry *entry = &commit->entries[doubt->entry];
    const char *source = (const char *)commit->doubtful.data + doubt->offset;
    size_t source_size = strlen(source) + 1;
    struct slice ours = slice_of((const uint8_t *)source + source_size, doubt->size - source_size);
    for (size_t i = 0; i < commit->entry_count && !entry->conflict; i++)
        if (commit->entries[i].row != COMMIT_NO_ROW && uuid_equal(&commit->entries[i].id, &entry->id))
            explain_conflict(entry, event_rows_canonical(&commit->batch->events, commit->entries[i].row),
                             commit->batch->recorded_at, ours);
}

/* A repeat was judged by the content of the first one, which may itself have turned out to be a repeat or even a
 * conflict: what is in the log decides. */
static void settle_repeat(const struct recent *recent, struct commit_entry *entry)
{
    const struct recent_event *first = recent_find(recent, &entry->id);
    if (!first)
        return;
    entry->seq = first->seq;
    entry->epoch = first->epoch;
    if (memcmp(first->hash, entry->hash, sizeof entry->hash) == 0) {
        entry->result = WIRE_RECEIPT__RESULT__DUPLICATE;
        entry->reason = NULL;
    } else {
        become_conflict(entry);
    }
}

void commit_settle(struct commit *commit, struct recent *recent, uint32_t epoch)
{
    for (size_t i = 0; i < commit->entry_count; i++) {
        struct commit_entry *entry = &commit->entries[i];
        if (entry->row == COMMIT_NO_ROW)
            continue;
        entry->seq = commit->batch->events.rows[entry->row].seq;
        entry->epoch = epoch;
        if (!entry->pending) { /* the log did not have it after all */
            recent_remove(recent, &entry->id);
            entry->pending = recent_put(recent, &entry->id, entry->hash, entry->seq, epoch);
        }
        entry->pending->seq = entry->seq;
        entry->pending->epoch = epoch;
    }
    for (size_t i = 0; i < commit->entry_count; i++)
        if (commit->entries[i].seq == 0 && commit->entries[i].result != WIRE_RECEIPT__RESULT__REJECTED)
            settle_repeat(recent, &commit->entries[i]);
    for (size_t i = 0; i < commit->doubt_count; i++)
        if (commit->entries[commit->doubts[i].entry].result == WIRE_RECEIPT__RESULT__CONFLICT)
            explain_doubt(commit, &commit->doubts[i]);
}

void commit_keep_conflicts(const struct commit *settled, struct commit *next)
{
    for (size_t i = 0; i < settled->doubt_count; i++) {
        const struct commit_doubt *doubt = &settled->doubts[i];
        const struct commit_entry *entry = &settled->entries[doubt->entry];
        if (entry->result != WIRE_RECEIPT__RESULT__CONFLICT)
            continue;
        const char *source = (const char *)settled->doubtful.data + doubt->offset;
        size_t source_size = strlen(source) + 1;
        keep_conflict(next, entry, source,
                      slice_of((const uint8_t *)source + source_size, doubt->size - source_size));
    }
}

void commit_abandon(struct commit *commit, struct recent *recent)
{
    for (size_t i = 0; i < commit->entry_count; i++)
        if (commit->entries[i].row != COMMIT_NO_ROW)
            recent_remove(recent, &commit->entries[i].id);
}

/* --- receipts --- */

static void receipt_of(const struct commit_entry *entry, WireReceipt *receipt, WirePosition *position)
{
    wire_receipt__init(receipt);
    receipt->has_result = receipt->has_event_id = true;
    receipt->result = entry->result;
    receipt->event_id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = (uint8_t *)entry->id.bytes};
    receipt->reason = (char *)entry->reason;
    if (entry->result == WIRE_RECEIPT__RESULT__CONFLICT)
        receipt->explanation = (char *)conflict_explanation(entry);
    if (entry->conflict) {
        receipt->field = entry->conflict->field;
        WIRE_SET(receipt, recorded_at, entry->conflict->recorded_at);
    }
    if (entry->result == WIRE_RECEIPT__RESULT__REJECTED)
        return;
    *position = position_message((struct position){.epoch = entry->epoch, .seq = entry->seq});
    receipt->position = position;
}

void commit_receipts(const struct commit *commit, const struct commit_append *append, uint32_t epoch,
                     struct commit_receipts *room, WireAppendResult *ret_result)
{
    if (room->capacity < append->entry_count) {
        room->capacity = append->entry_count;
        room->receipts = memory_resize_array(room->receipts, room->capacity, sizeof *room->receipts);
        room->positions = memory_resize_array(room->positions, room->capacity, sizeof *room->positions);
        room->list = memory_resize_array(room->list, room->capacity, sizeof(WireReceipt *));
    }
    for (size_t i = 0; i < append->entry_count; i++) {
        receipt_of(&commit->entries[append->first_entry + i], &room->receipts[i], &room->positions[i]);
        room->list[i] = &room->receipts[i];
    }
    wire_append_result__init(ret_result);
    WIRE_SET(ret_result, batch_id, append->batch_id);
    WIRE_SET(ret_result, epoch, epoch);
    ret_result->n_receipts = append->entry_count;
    ret_result->receipts = room->list;
}

void commit_receipts_clear(struct commit_receipts *room)
{
    free(room->receipts);
    free(room->positions);
    free(room->list);
    *room = (struct commit_receipts){0};
}
