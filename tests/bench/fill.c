/* fill: a long log, written as persist and escalate would have written it, without either: made days (support/day) are decided
 * here and stored through the one writer, by COPY.
 *
 *   fill URL EVENTS     into an empty database; no persist is running
 *
 * The first event proposes the shipped policy; a thousand events a second of the log's time, up to now; deadlines pass
 * when they are due. Prints "name value". */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/loop/loop.h"
#include "common/store/write/writer.h"
#include "common/wire/event.h"
#include "common/wire/position.h"
#include "common/wire/wire.h"
#include "common/policy/state/fold_deadline.h"
#include "services/escalate/decider.h"
#include "services/escalate/proposal.h"
#include "tests/support/day.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVENTS_A_COMMIT = 10000, US_AN_EVENT = 1000, ARENA_BYTES = 16 << 20, PATIENCE_MS = 30000 };

struct fill {
    struct loop *loop;
    struct writer *writer;
    struct writer_place place;
    struct batch *batch;
    struct decider *decider;
    struct arena *arena;
    struct bytes canonical;
    int64_t recorded_at; /* of the transaction that is being filled */
    uint64_t head;
    bool is_stored;
};

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "fill: %s: %s\n", what, why);
    exit(1);
}

/* --- the writer --- */

static void on_state(void *owner, enum writer_state state, const struct writer_place *place, const char *why)
{
    struct fill *fill = owner;
    if (state == WRITER_READY)
        fill->place = *place;
    else if (state == WRITER_REFUSED || state == WRITER_STANDBY)
        stop("the log is not ours to write", why);
}

static void on_stored(void *owner, enum writer_result result, const char *why)
{
    struct fill *fill = owner;
    if (result != WRITER_STORED)
        stop("could not store", why);
    fill->is_stored = true;
}

static void begin(struct fill *fill, const char *url)
{
    const struct writer_calls calls = {.on_state = on_state, .owner = fill};
    fill->writer = writer_open(fill->loop, url, &calls);
    int64_t end_ms = loop_now_ms(fill->loop) + PATIENCE_MS;
    while (!writer_is_idle(fill->writer)) {
        loop_turn(fill->loop, 100);
        if (loop_now_ms(fill->loop) > end_ms)
            stop("the writer is not ready", "no database within 30 s");
    }
    if (fill->place.head)
        stop("the log is not empty", "fill wants a database of its own");
}

/* --- events, decided as they come --- */

static void add(struct fill *fill, const WireEvent *event, struct slice canonical, int64_t sent_at)
{
    char why[WHY_SIZE];
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    WireLoggedEvent record = WIRE_LOGGED_EVENT__INIT;
    WirePosition position = position_message((struct position){fill->place.epoch, ++fill->head});
    append.has_event = append.has_occurred_at = record.has_event = true;
    append.event = record.event = wire_bytes(canonical);
    append.occurred_at = record.occurred_at = event->occurred_at;
    append.has_sent_at = record.has_sent_at = sent_at != 0;
    append.sent_at = record.sent_at = sent_at;
    record.position = &position;
    record.has_recorded_at = record.has_occurred_at = true;
    record.recorded_at = fill->recorded_at;
    event_rows_add(&fill->batch->events, &append, event);
    if (decider_decide(fill->decider, &record, why))
        stop("could not decide", why);
}

static void add_packed(struct fill *fill, struct slice canonical)
{
    arena_reset(fill->arena, 0);
    const WireEvent *event = wire_unpack(&wire_event__descriptor, canonical, fill->arena, NULL);
    if (!event)
        stop("an event", "cannot be decoded");
    add(fill, event, canonical, 0);
}

static void propose(struct fill *fill)
{
    AUTO(proposal) *proposal = proposal_load("");
    AUTO_CLEAR(bytes) packed = {0};
    struct uuid id;
    const WireEvent event = proposal_event(proposal, fill->recorded_at, &id);
    wire_event_write(&event, &packed);
    add_packed(fill, bytes_slice(&packed));
}

static void pass_deadlines(struct fill *fill)
{
    struct fold_deadline deadline;
    AUTO_CLEAR(bytes) packed = {0};
    while (fold_due(decider_fold(fill->decider), fill->recorded_at, &deadline)) {
        bytes_reset(&packed);
        const WireEvent event = fold_deadline_event(&deadline);
        wire_event_write(&event, &packed);
        add_packed(fill, bytes_slice(&packed));
    }
}

static void add_visit(struct fill *fill, WireEvent *event)
{
    arena_reset(fill->arena, 0);
    wire_event_take_text(event, fill->arena);
    bytes_reset(&fill->canonical);
    wire_event_write(event, &fill->canonical);
    add(fill, event, bytes_slice(&fill->canonical), event->occurred_at);
}

/* --- transactions --- */

static void add_decisions(struct fill *fill)
{
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    struct decided_batch batch = decider_take_batch(fill->decider, fill->place.epoch, &message);
    for (size_t i = 0; i < message.n_decisions; i++) {
        struct slice packed = wire_slice(message.decisions[i]);
        arena_reset(fill->arena, 0);
        const WireDecision *decision = wire_unpack(&wire_decision__descriptor, packed, fill->arena, NULL);
        batch_add_decision(fill->batch, decision, packed);
    }
    fill->batch->after = batch.after;
    fill->batch->upto = batch.upto;
}

static void store(struct fill *fill)
{
    add_decisions(fill);
    batch_set_sources_seq(fill->batch, fill->head);
    const struct batch_place place = {
        .epoch = fill->place.epoch,
        .first_seq = fill->place.head + 1,
        .recorded_at = fill->recorded_at,
    };
    fill->is_stored = false;
    writer_store(fill->writer, fill->batch, &place, on_stored, fill);
    while (!fill->is_stored)
        loop_turn(fill->loop, 1000);
    fill->place.head = fill->head;
    batch_reset(fill->batch);
}

static void play(struct fill *fill, uint64_t events)
{
    const struct day_options options = {.seed = 1, .stores = 20, .registers = 5, .visits = 80};
    AUTO(day) *day = day_new(&options);
    int64_t at = clock_utc_us() - (int64_t)events * US_AN_EVENT;
    fill->recorded_at = at + EVENTS_A_COMMIT * US_AN_EVENT;
    propose(fill);
    while (fill->head < events) {
        fill->recorded_at = at + EVENTS_A_COMMIT * US_AN_EVENT;
        pass_deadlines(fill);
        for (int made = 0; made < EVENTS_A_COMMIT && fill->head < events; made++, at += US_AN_EVENT)
            add_visit(fill, (WireEvent *)day_next(day, at));
        store(fill);
    }
}

int main(int argc, char **argv)
{
    int64_t events = 0;
    if (argc != 3 || text_parse_int64(argv[2], 1, INT64_C(1000000000), &events)) {
        fprintf(stderr, "usage: fill URL EVENTS\n");
        return 2;
    }
    char why[WHY_SIZE];
    struct marker *marker = marker_open("", why, sizeof why);
    struct fill fill = {
        .loop = loop_new(),
        .batch = batch_new(),
        .decider = decider_new(fold_new(NULL, 1), marker),
        .arena = arena_new(ARENA_BYTES),
    };
    begin(&fill, argv[1]);
    int64_t from_us = clock_monotonic_us();
    play(&fill, (uint64_t)events);
    printf("filled_per_s %.0f\n", (double)fill.head * 1e6 / (double)(clock_monotonic_us() - from_us));
    writer_close(fill.writer);
    decider_free(fill.decider);
    marker_close(marker);
    batch_free(fill.batch);
    bytes_clear(&fill.canonical);
    arena_free(fill.arena);
    loop_free(fill.loop);
    return 0;
}
