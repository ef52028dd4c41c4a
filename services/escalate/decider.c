/* decider: one fold, one batch. */
#include "common/policy/decide/decide.h"
#include "services/escalate/decider.h"

#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/service/metrics.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/escalate/deadline_report.h"

#include <assert.h>
#include <errno.h>

enum {
    DECIDER_ARENA_BYTES = 64 * 1024 * 1024
}; /* a policy with its zones, or the decisions of one event; touched when used */

#define COUNTED(field, name, help) METRIC(struct decider_numbers, field, "bellhop_escalate_" name, "", help)

static const struct metric decider_metrics[] = {
    COUNTED(decided, "events_decided_total", "events decided"),
    COUNTED(applied, "events_applied_total", "events whose stored decisions were applied"),
    COUNTED(decisions, "decisions_total", "decisions made"),
    COUNTED(evaluations, "evaluations_total", "conditions evaluated"),
    COUNTED(quarantined, "quarantined_total", "events that could not be decided"),
};

#define HELD(field, name, help) METRIC(struct fold_counts, field, "bellhop_escalate_" name, "", help)

static const struct metric fold_metrics[] = {
    HELD(seq, "seq", "the event that was decided or applied last"),
    HELD(forgotten, "forgotten_total", "entries of the state dropped because of a cap"),
    HELD(deadlines, "deadlines", "open deadlines"),
    HELD(interactions, "interactions", "interactions held"),
    HELD(open_interactions, "open_interactions", "interactions held that are open"),
    HELD(customers, "customers", "customers held"),
    HELD(employees, "employees", "employees held"),
    HELD(cases, "cases", "cases held"),
    HELD(follow_ups, "follow_ups", "follow-ups held"),
    HELD(remedies, "remedies", "remedies held"),
    HELD(promises, "promises", "promises held"),
    HELD(appointments, "appointments", "appointments held that need preparation"),
    HELD(purchases, "purchases", "sales held for later offers and returns"),
    HELD(wants, "wants", "customers waiting for a product"),
    HELD(unattended, "unattended_cases", "open cases at the top with nobody home"),
    HELD(bytes, "state_bytes", "bytes of the state"),
};

struct decider {
    struct fold *fold;
    struct marker *marker;
    struct decisions *decisions;
    struct deadline_report report;
    struct arena arena;
    struct decider_numbers numbers;
    struct fold_counts held;
    struct metrics *metrics; /* NULL: not among any */

    uint64_t batch_after;
    size_t batch_events;
    struct bytes packed; /* of the batch, one after the other */
    size_t *ends;        /* where each ends in `packed` */
    size_t end_count;
    size_t end_capacity;
    ProtobufCBinaryData *sent; /* the message's own view of the batch that was taken */
    struct bytes taken;
};

struct decider *decider_new(struct fold *fold, struct marker *marker)
{
    struct decider *decider = NEW(decider);
    decider->fold = fold;
    decider->marker = marker;
    decider->decisions = decisions_new();
    decider->batch_after = fold_seq(fold);
    deadline_report_init(&decider->report);
    arena_init(&decider->arena, DECIDER_ARENA_BYTES);
    return decider;
}

void decider_free(struct decider *decider)
{
    if (!decider)
        return;
    if (decider->metrics) {
        metrics_remove(decider->metrics, &decider->numbers);
        metrics_remove(decider->metrics, &decider->held);
    }
    fold_free(decider->fold);
    decisions_free(decider->decisions);
    arena_clear(&decider->arena);
    bytes_clear(&decider->packed);
    bytes_clear(&decider->taken);
    free(decider->ends);
    free(decider->sent);
    free(decider);
}

struct fold *decider_fold(struct decider *decider)
{
    return decider->fold;
}

uint64_t decider_seq(const struct decider *decider)
{
    return fold_seq(decider->fold);
}

const struct decider_numbers *decider_numbers(const struct decider *decider)
{
    return &decider->numbers;
}

static void measure(void *held)
{
    fold_count(CONTAINER_OF(held, struct decider, held)->fold, held);
}

void decider_register(struct decider *decider, struct metrics *metrics)
{
    decider->metrics = metrics;
    metrics_add(metrics, decider_metrics, COUNT_OF(decider_metrics), &decider->numbers);
    metrics_add_measured(metrics, fold_metrics, COUNT_OF(fold_metrics), &decider->held, measure);
}

static const WireEvent *unpack_event(struct decider *decider, const WireLoggedEvent *record,
                                     char why[static WHY_SIZE])
{
    arena_reset(&decider->arena, 0);
    const WireEvent *event =
        wire_unpack(&wire_event__descriptor, wire_slice(record->event), &decider->arena, NULL);
    if (!event)
        text_format(why, WHY_SIZE, "could not decode event %llu of the log",
                    (unsigned long long)record->position->seq);
    return event;
}

int decider_apply(struct decider *decider, const WireLoggedEvent *record, const struct slice *packed,
                  size_t count, char why[static WHY_SIZE])
{
    assert(decider->batch_events == 0);
    const WireEvent *event = unpack_event(decider, record, why);
    WireDecision **decisions =
        event ? arena_allocate(&decider->arena, (count + 1) * sizeof *decisions) : NULL;
    if (!decisions)
        return -EINVAL;
    for (size_t i = 0; i < count; i++) {
        decisions[i] = wire_unpack(&wire_decision__descriptor, packed[i], &decider->arena, NULL);
        if (!decisions[i]) {
            text_format(why, WHY_SIZE, "could not decode decision %zu of event %llu", i,
                        (unsigned long long)record->position->seq);
            return -EINVAL;
        }
    }
    int rc = fold_apply(decider->fold, record, event, decisions, count, why);
    decider->batch_after = fold_seq(decider->fold);
    decider->numbers.applied += rc == 0;
    return rc;
}

static void pack_decision(struct decider *decider, const WireDecision *decision)
{
    MAKE_ROOM(decider->ends, decider->end_count, decider->end_capacity);
    wire_pack(decision, &decider->packed);
    decider->ends[decider->end_count++] = decider->packed.size;
}

/* Nothing can be concluded from this event: say so and continue. */
static void quarantine(struct decider *decider, const WireLoggedEvent *record, const WireEvent *event)
{
    decisions_quarantine(decider->fold, record, event, decider->decisions);
    decider->numbers.quarantined++;
    decider->numbers.quarantine_seq = (int64_t)record->position->seq;
}

int decider_decide(struct decider *decider, const WireLoggedEvent *record, char why[static WHY_SIZE])
{
    uint32_t epoch = record->position->epoch;
    uint64_t seq = record->position->seq;
    marker_enter(decider->marker, epoch, seq);
    const WireEvent *event = unpack_event(decider, record, why);
    if (!event)
        return -EINVAL;
    struct decisions *decisions = decider->decisions;
    if (marker_is_poisoned(decider->marker, epoch, seq) ||
        decide_event(decider->fold, record, event, decisions) != 0)
        quarantine(decider, record, event);
    for (size_t i = 0; i < decisions->count; i++)
        pack_decision(decider, decisions->items[i]);
    decider->numbers.decided++;
    decider->numbers.decisions += decisions->count;
    decider->numbers.evaluations = decisions->evaluations;
    decider->batch_events++;
    int rc = fold_apply(decider->fold, record, event, decisions->items, decisions->count, why);
    marker_leave(decider->marker);
    return rc;
}

size_t decider_batch_events(const struct decider *decider)
{
    return decider->batch_events;
}

size_t decider_batch_decisions(const struct decider *decider)
{
    return decider->end_count;
}

bool decider_batch_is_full(const struct decider *decider)
{
    return decider->batch_events >= DECIDER_BATCH_EVENTS || decider->packed.size >= DECIDER_BATCH_BYTES;
}

void decider_hash(const ProtobufCBinaryData *decisions, size_t count,
                  uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    struct slice *parts = memory_allocate((2 * count + 1) * sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        parts[2 * i] = slice_of(&decisions[i].len, sizeof decisions[i].len);
        parts[2 * i + 1] = slice_of(decisions[i].data, decisions[i].len);
    }
    digest_content(parts, 2 * count, ret_hash);
    free(parts);
}

/* The batch's bytes become the message's; the next batch begins empty. */
static void swap_batch(struct decider *decider)
{
    struct bytes spare = decider->taken;
    decider->taken = decider->packed;
    decider->packed = spare;
    bytes_reset(&decider->packed);
    decider->sent = memory_resize_array(decider->sent, decider->end_count + 1, sizeof *decider->sent);
    for (size_t i = 0, start = 0; i < decider->end_count; start = decider->ends[i++])
        decider->sent[i] = wire_bytes(slice_of(decider->taken.data + start, decider->ends[i] - start));
}

static WirePosition *position_new(struct decider *decider, uint32_t epoch, uint64_t seq)
{
    WirePosition *position = arena_allocate(&decider->arena, sizeof *position);
    wire_position__init(position);
    WIRE_SET(position, epoch, epoch);
    WIRE_SET(position, seq, seq);
    return position;
}

struct decided_batch decider_take_batch(struct decider *decider, uint32_t epoch,
                                        WireDecisionBatch *ret_message)
{
    struct decided_batch batch = {
        .after = decider->batch_after, .upto = fold_seq(decider->fold), .decisions = decider->end_count};
    swap_batch(decider);
    decider_hash(decider->sent, batch.decisions, batch.hash);
    arena_reset(&decider->arena, 0);
    ret_message->after = position_new(decider, epoch, batch.after);
    ret_message->upto = position_new(decider, epoch, batch.upto);
    ret_message->n_decisions = batch.decisions;
    ret_message->decisions = decider->sent;
    deadline_report_write(&decider->report, decider->fold, &decider->arena, ret_message);
    decider->batch_after = batch.upto;
    decider->batch_events = 0;
    decider->end_count = 0;
    return batch;
}
