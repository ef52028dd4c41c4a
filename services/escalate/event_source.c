/* event_source: a queue of the feed's messages, and questions to the log for what they lack. */
#include "services/escalate/event_source.h"

#include "common/base/arena.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/service.h"
#include "common/wire/wire.h"

enum {
    SOURCE_ARENA_BYTES = 64 * 1024 * 1024, /* touched when used */
    SOURCE_QUEUE_BYTES = 8 * 1024 * 1024,  /* of the feed, kept for a reader that is busy */
    SOURCE_PAGE_EVENTS = 2000,
    SOURCE_AGAIN_MS = 500, /* after a failed question */
};

struct queued_feed {
    struct list_node node;
    size_t size;
    uint8_t packed[];
};

struct source_numbers {
    uint64_t from_feed; /* events */
    uint64_t from_log;
    uint64_t gaps;
    int64_t behind;
};

#define COUNTED(field, name, help) METRIC(struct source_numbers, field, "bellhop_escalate_" name, "", help)

static const struct metric source_metrics[] = {
    COUNTED(from_feed, "events_from_feed_total", "events taken from the feed"),
    COUNTED(from_log, "events_from_log_total", "events read from the log"),
    COUNTED(gaps, "feed_gaps_total", "gaps in the feed"),
    COUNTED(behind, "behind_events", "events between the state and the head of the log"),
};

struct event_source {
    struct loop *loop;
    struct database *database;
    struct link_subscriber *feed;
    struct event_source_calls calls;
    struct source_numbers numbers;
    struct arena arena;
    struct list queue;
    size_t queue_bytes;
    struct loop_timer again;
    uint64_t given; /* the last event that was given */
    uint64_t head;
    bool is_started;
    bool is_reading; /* a question is open */
    bool is_held;    /* the reader took no more */
};

/* --- giving --- */

/* False when the reader takes no more. */
static bool give(struct event_source *source, const WireLoggedEvent *record)
{
    if (record->position->seq <= source->given)
        return true;
    if (!source->is_started || !source->calls.on_event(source->calls.owner, record)) {
        source->is_held = true;
        return false;
    }
    source->given = record->position->seq;
    return true;
}

static void ask(struct event_source *source);

static void on_page(void *owner, const struct log_page *page)
{
    struct event_source *source = owner;
    source->is_reading = false;
    if (page->fault) {
        log_warning("log-unread", "could not read the log, trying again", FIELD("reason", page->fault),
                    FIELD("in_ms", SOURCE_AGAIN_MS));
        loop_timer_set(source->loop, &source->again, SOURCE_AGAIN_MS);
        return;
    }
    if (page->at.head > source->head)
        source->head = page->at.head;
    uint64_t before = source->given;
    for (size_t i = 0; i < page->count && give(source, page->events[i]); i++)
        ;
    source->numbers.from_log += source->given - before;
    event_source_pump(source);
}

static void ask(struct event_source *source)
{
    if (source->is_reading || !source->is_started || loop_timer_is_set(&source->again))
        return;
    source->is_reading = true;
    log_read_events(source->database, source->given, SOURCE_PAGE_EVENTS, on_page, source);
}

static void ask_again(void *owner)
{
    ask(owner);
}

/* --- the feed --- */

/* Give its events as far as they join on and the reader takes them: false when some are left. */
static bool give_feed(struct event_source *source, const WireFeed *feed)
{
    if (feed->n_events == 0)
        return true;
    if (feed->events[0]->position->seq > source->given + 1) {
        source->numbers.gaps++;
        return true; /* the head says that there is something to read */
    }
    uint64_t before = source->given;
    bool is_all = true;
    for (size_t i = 0; i < feed->n_events && is_all; i++)
        is_all = give(source, feed->events[i]);
    source->numbers.from_feed += source->given - before;
    return is_all;
}

static const WireFeed *unpack(struct event_source *source, struct slice message)
{
    arena_reset(&source->arena, 0);
    const WireFeed *feed = wire_unpack(&wire_feed__descriptor, message, &source->arena, NULL);
    bool is_whole = feed != NULL;
    for (size_t i = 0; is_whole && i < feed->n_events; i++)
        is_whole = feed->events[i]->position != NULL;
    if (!is_whole)
        log_error("feed-unreadable", "could not decode a message from the feed",
                  FIELD("bytes", message.size));
    return is_whole ? feed : NULL;
}

static void keep(struct event_source *source, struct slice message)
{
    if (source->queue_bytes + message.size > SOURCE_QUEUE_BYTES)
        return; /* will be read from the log */
    struct queued_feed *queued = memory_allocate(sizeof *queued + message.size);
    *queued = (struct queued_feed){.size = message.size};
    memcpy(queued->packed, message.data, message.size);
    list_append(&source->queue, &queued->node);
    source->queue_bytes += message.size;
}

static void drop(struct event_source *source, struct queued_feed *queued)
{
    list_remove(&queued->node);
    source->queue_bytes -= queued->size;
    free(queued);
}

static void drop_all(struct event_source *source)
{
    LIST_EACH_SAFE(node, &source->queue)
        drop(source, CONTAINER_OF(node, struct queued_feed, node));
}

void event_source_pump(struct event_source *source)
{
    source->is_held = false;
    if (!source->is_started || source->is_reading)
        return;
    for (struct list_node *first; !source->is_held && (first = list_first(&source->queue));) {
        struct queued_feed *queued = CONTAINER_OF(first, struct queued_feed, node);
        const WireFeed *feed = unpack(source, slice_of(queued->packed, queued->size));
        if (!feed || give_feed(source, feed))
            drop(source, queued);
    }
    if (!source->is_held && source->head > source->given)
        ask(source);
}

/* How far the log is known to reach. A commit's events may come in several messages: nobody need ask for those that
 * follow. */
static uint64_t head_of(const WireFeed *feed, struct slice topic)
{
    bool is_piece = slice_equal(topic, slice_of_text("events")) && feed->n_events > 0;
    return is_piece ? feed->events[feed->n_events - 1]->position->seq : feed->head;
}

static void on_feed(void *owner, struct slice topic, struct slice message)
{
    struct event_source *source = owner;
    const WireFeed *feed = unpack(source, message);
    if (!feed)
        return;
    uint64_t head = head_of(feed, topic);
    if (head > source->head || !slice_equal(topic, slice_of_text("events")))
        source->head = head;
    bool is_busy = source->is_held || source->is_reading || !list_is_empty(&source->queue);
    if (source->is_started && feed->n_events && (is_busy || !give_feed(source, feed)))
        keep(source, message);
    source->calls.on_hint(source->calls.owner, feed);
    if (!source->is_held && list_is_empty(&source->queue) && source->head > source->given)
        ask(source);
}

static void on_disconnected(void *owner)
{
    struct event_source *source = owner;
    source->calls.on_silence(source->calls.owner);
}

/* --- control --- */

void event_source_start(struct event_source *source, uint64_t after)
{
    drop_all(source);
    source->is_started = true;
    source->is_held = false;
    source->given = after;
    if (source->head > after)
        ask(source);
}

void event_source_stop(struct event_source *source)
{
    drop_all(source);
    database_forget(source->database, source);
    loop_timer_clear(source->loop, &source->again);
    source->is_started = source->is_reading = source->is_held = false;
}

uint64_t event_source_head(const struct event_source *source)
{
    return source->head;
}

bool event_source_is_at_head(const struct event_source *source)
{
    return source->is_started && source->given >= source->head && source->head > 0;
}

static void measure(void *numbers)
{
    struct event_source *source = CONTAINER_OF(numbers, struct event_source, numbers);
    source->numbers.behind = source->head > source->given ? (int64_t)(source->head - source->given) : 0;
}

struct event_source *event_source_open(struct link_context *context, struct loop *loop,
                                       const struct event_source_settings *settings,
                                       const struct event_source_calls *calls, char *why, size_t why_size)
{
    AUTO(event_source) *source = NEW(event_source);
    source->loop = loop;
    source->database = settings->database;
    source->calls = *calls;
    list_init(&source->queue);
    arena_init(&source->arena, SOURCE_ARENA_BYTES);
    loop_timer_init(&source->again, ask_again, source);
    const struct link_subscriber_calls feed_calls = {
        .on_message = on_feed, .on_disconnected = on_disconnected, .owner = source};
    const struct link_options options = {.most_message_bytes = 64 * 1024 * 1024, .high_water_mark = 10000};
    source->feed =
        link_subscriber_connect(context, loop, settings->feed, &options, &feed_calls, why, why_size);
    if (!source->feed)
        return NULL;
    static const char *const topics[] = {"events", "decisions", "pulse"};
    for (size_t i = 0; i < COUNT_OF(topics); i++)
        link_subscriber_add(source->feed, topics[i]);
    metrics_add_measured(service_metrics(), source_metrics, COUNT_OF(source_metrics), &source->numbers,
                         measure);
    return TAKE(source);
}

void event_source_close(struct event_source *source)
{
    event_source_stop(source);
    metrics_remove(service_metrics(), &source->numbers);
    if (source->feed)
        link_subscriber_close(source->feed);
    arena_clear(&source->arena);
    free(source);
}
