/* announcer: feeds in pieces of bounded size, and the pulse. */
#include "services/persist/announcer.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/store/write/batch.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/persist/config.h"
#include "services/persist/undecided.h"

#include <errno.h>

enum { PULSE_MS = 500, PIECE_ITEMS = 512, PIECE_BYTES = 128 * 1024, FEED_QUEUE_MESSAGES = 10000 };

struct announcer_numbers {
    uint64_t feeds;
    int64_t oldest_undecided_seconds;
};

struct announcer {
    struct loop *loop;
    struct link_publisher *publisher;
    struct loop_timer pulse;
    struct committer_place place;
    struct undecided undecided;
    struct bytes packed;
    WireLoggedEvent events[PIECE_ITEMS];
    WireLoggedEvent *event_list[PIECE_ITEMS];
    WirePosition positions[PIECE_ITEMS];
    ProtobufCBinaryData decisions[PIECE_ITEMS];
    struct announcer_numbers numbers;
};

static const struct metric announcer_metrics[] = {
    METRIC(struct announcer_numbers, feeds, "bellhop_persist_feeds_total", "", "messages sent on the feed"),
    METRIC(struct announcer_numbers, oldest_undecided_seconds, "bellhop_persist_oldest_undecided_seconds", "",
           "age of the oldest undecided event"),
};

static void send_feed(struct announcer *announcer, const char *topic, WireFeed *feed, uint64_t cursor)
{
    WIRE_SET(feed, epoch, announcer->place.epoch);
    WIRE_SET(feed, head, announcer->place.head);
    WIRE_SET(feed, cursor, cursor);
    bytes_reset(&announcer->packed);
    wire_pack(feed, &announcer->packed);
    announcer->numbers.feeds++;
    link_publisher_send(announcer->publisher, topic, bytes_slice(&announcer->packed));
}

static void beat(void *owner)
{
    struct announcer *announcer = owner;
    int64_t oldest_at = undecided_oldest_at(&announcer->undecided);
    announcer->numbers.oldest_undecided_seconds = oldest_at ? (clock_utc_us() - oldest_at) / 1000000 : 0;
    loop_timer_set(announcer->loop, &announcer->pulse, PULSE_MS);
    if (!announcer->publisher)
        return;
    WireFeed feed = WIRE_FEED__INIT;
    feed.has_oldest_undecided_at = oldest_at != 0;
    feed.oldest_undecided_at = oldest_at;
    send_feed(announcer, "pulse", &feed, announcer->place.cursor);
}

/* --- events --- */

static void put_event(struct announcer *announcer, size_t place, const struct batch *batch, size_t index)
{
    const struct event_row *row = &batch->events.rows[index];
    struct slice canonical = event_rows_canonical(&batch->events, index);
    WireLoggedEvent *event = &announcer->events[place];
    announcer->positions[place] =
        position_message((struct position){.epoch = announcer->place.epoch, .seq = row->seq});
    wire_logged_event__init(event);
    event->position = &announcer->positions[place];
    WIRE_SET(event, recorded_at, batch->recorded_at);
    WIRE_SET(event, occurred_at, row->occurred_at);
    event->has_sent_at = row->sent_at != 0;
    event->sent_at = row->sent_at;
    event->has_skew_ms = row->skew_ms != 0;
    event->skew_ms = row->skew_ms;
    WIRE_SET(event, event, wire_bytes(canonical));
    event->has_is_awaited = event->is_awaited = row->is_awaited;
    announcer->event_list[place] = event;
}

static void send_events(struct announcer *announcer, size_t count, uint64_t cursor)
{
    WireFeed feed = WIRE_FEED__INIT;
    feed.n_events = count;
    feed.events = announcer->event_list;
    if (count)
        send_feed(announcer, "events", &feed, cursor);
}

static void announce_events(struct announcer *announcer, const struct batch *batch, uint64_t cursor)
{
    size_t count = 0, size = 0;
    for (size_t i = 0; i < batch->events.count; i++) {
        if (batch->events.rows[i].is_dropped)
            continue;
        size_t next = batch->events.rows[i].canonical_size;
        if (count == PIECE_ITEMS || (count && size + next > PIECE_BYTES)) {
            send_events(announcer, count, cursor);
            count = size = 0;
        }
        put_event(announcer, count++, batch, i);
        size += next;
    }
    send_events(announcer, count, cursor);
}

/* --- decisions --- */

/* The pieces of one commit follow one another. Each ends with an event's last decision, and its cursor is that event. */
static void send_decisions(struct announcer *announcer, size_t count, uint64_t after, uint64_t cursor)
{
    WireFeed feed = WIRE_FEED__INIT;
    WIRE_SET(&feed, decided_after, after);
    feed.n_decisions = count;
    feed.decisions = announcer->decisions;
    send_feed(announcer, "decisions", &feed, cursor);
}

/* How many decisions from `first` on make the next piece, whole events only; 0 if one event has too many. */
static size_t piece_size(const struct commit *commit, size_t first)
{
    size_t count = 0, size = 0, whole = 0;
    while (first + count < commit->decision_count && count < PIECE_ITEMS && size < PIECE_BYTES) {
        size += commit->decisions[first + count++].size;
        if (first + count == commit->decision_count ||
            commit->decisions[first + count].seq != commit->decisions[first + count - 1].seq)
            whole = count;
    }
    return whole;
}

static void announce_decisions(struct announcer *announcer, const struct commit *commit, uint64_t after,
                               uint64_t upto)
{
    size_t first = 0;
    do {
        size_t count = piece_size(commit, first);
        if (count == 0 && first < commit->decision_count)
            return; /* too many for one message: readers read the log */
        for (size_t i = 0; i < count; i++) {
            const struct commit_decision *decision = &commit->decisions[first + i];
            announcer->decisions[i] =
                wire_bytes(slice_of(commit->packed.data + decision->offset, decision->size));
        }
        first += count;
        uint64_t cursor = first < commit->decision_count ? commit->decisions[first - 1].seq : upto;
        send_decisions(announcer, count, after, cursor);
        after = cursor;
    } while (first < commit->decision_count);
}

void announcer_announce(struct announcer *announcer, const struct commit *commit,
                        const struct committer_place *before, const struct committer_place *place)
{
    announcer->place = *place;
    if (place->head != before->head)
        undecided_add(&announcer->undecided, place->head, commit->batch->recorded_at);
    undecided_drop(&announcer->undecided, place->cursor);
    if (!announcer->publisher)
        return;
    if (place->head != before->head)
        announce_events(announcer, commit->batch, before->cursor);
    if (place->cursor != before->cursor)
        announce_decisions(announcer, commit, before->cursor, place->cursor);
}

/* Until announcer_set_undecided() is called, undecided events count as old as the last one. */
void announcer_begin(struct announcer *announcer, const struct committer_place *place)
{
    announcer->place = *place;
    announcer->undecided = (struct undecided){0};
    if (place->cursor < place->head)
        undecided_add(&announcer->undecided, place->head, place->recorded_at);
    beat(announcer);
}

void announcer_set_undecided(struct announcer *announcer, int64_t at)
{
    if (announcer->undecided.count)
        announcer->undecided.commits[announcer->undecided.first].recorded_at = at;
}

/* --- open and close --- */

struct announcer *announcer_new(struct loop *loop)
{
    struct announcer *announcer = NEW(announcer);
    announcer->loop = loop;
    loop_timer_init(&announcer->pulse, beat, announcer);
    loop_timer_set(loop, &announcer->pulse, PULSE_MS);
    metrics_add(service_metrics(), announcer_metrics, COUNT_OF(announcer_metrics), &announcer->numbers);
    return announcer;
}

static void overflowed(void *owner, int64_t rest_ms)
{
    const struct announcer *announcer = owner;
    log_error(
        "feed-overflow",
        "subscriptions to the feed exceed the limit, all readers are cut off and read from the database "
        "until it has recovered; find out who subscribes besides escalate and relay",
        FIELD("endpoint", link_publisher_endpoint(announcer->publisher)),
        FIELD("most_bytes", LINK_PREFIXES_MOST_BYTES), FIELD("rest_ms", rest_ms));
}

int announcer_bind(struct announcer *announcer, struct link_context *context, const char *endpoint, char *why,
                   size_t why_size)
{
    const struct link_options options = {.high_water_mark = FEED_QUEUE_MESSAGES};
    const struct link_publisher_calls calls = {.on_overflow = overflowed, .owner = announcer};
    announcer->publisher =
        link_publisher_bind(context, announcer->loop, endpoint, &options, &calls, why, why_size);
    return announcer->publisher ? 0 : -EADDRNOTAVAIL;
}

const char *announcer_endpoint(const struct announcer *announcer)
{
    return link_publisher_endpoint(announcer->publisher);
}

void announcer_close(struct announcer *announcer)
{
    metrics_remove(service_metrics(), &announcer->numbers);
    loop_timer_clear(announcer->loop, &announcer->pulse);
    link_publisher_close(announcer->publisher);
    bytes_clear(&announcer->packed);
    free(announcer);
}
