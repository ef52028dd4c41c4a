/* source_keeper: between sources, the reading session and the batches. */
#include "services/persist/source_keeper.h"

#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/store/read/log_reader.h"
#include "common/store/read/source_reader.h"
#include "common/wire/charset.h"
#include "common/wire/wire.h"
#include "services/persist/sources.h"

enum { WRITE_EACH_MS = 1000, WRITE_MOST = 200, PAGE_EVENTS = 2000, AGAIN_MS = 500, REPEATED_EACH_MS = 60000 };

struct source_keeper {
    struct loop *loop;
    struct database *database;
    struct sources *sources;
    struct arena scratch;
    struct loop_timer again; /* after a fault */
    uint64_t written_upto;   /* what was written covers events up to here */
    uint64_t read_upto;
    uint64_t head; /* restored up to here when ready */
    bool is_ready;
    int64_t written_ms;
    int64_t repeated_ms; /* the log was told of a number given twice; 0: never */
    size_t round_left;   /* of the sources that had changed when the round of writing began */
    uint64_t round_head; /* the head then: once the round is written, so is all up to here */
    uint32_t most;
};

static const struct metric source_metrics[] = {
    METRIC(struct sources_numbers, sources, "bellhop_persist_sources", "", "sources followed"),
    METRIC(struct sources_numbers, missing, "bellhop_persist_source_numbers_missing", "",
           "sequence numbers missing among those that have arrived"),
    METRIC(struct sources_numbers, unfollowed, "bellhop_persist_source_events_unfollowed_total", "",
           "events of sources beyond BELLHOP_PERSIST_SOURCES"),
    METRIC(struct sources_numbers, gaps_lost, "bellhop_persist_source_gaps_lost_total", "",
           "gaps not kept because their source had too many"),
    METRIC(struct sources_numbers, repeated, "bellhop_persist_source_numbers_repeated_total", "",
           "sequence numbers that a source gave to two events"),
    METRIC(struct sources_numbers, worst_skew_ms, "bellhop_persist_worst_skew_milliseconds", "",
           "the largest clock error seen"),
};

/* --- noting --- */

/* Once a minute at most: a register that counts wrongly does so with each event. */
static void log_repeated(struct source_keeper *keeper, const struct source_news *news)
{
    int64_t now_ms = loop_now_ms(keeper->loop);
    if (keeper->repeated_ms && now_ms - keeper->repeated_ms < REPEATED_EACH_MS)
        return;
    keeper->repeated_ms = now_ms;
    char source[132] = "", incarnation[72] = "";
    text_format(source, sizeof source, "%.*s", (int)news->source.size, (const char *)news->source.data);
    text_format(incarnation, sizeof incarnation, "%.*s", (int)news->incarnation.size,
                (const char *)news->incarnation.data);
    log_warning("number-repeated", "a source gave one number to two events, both are in the log",
                FIELD("source", source), FIELD("incarnation", incarnation), FIELD("number", news->sequence));
}

/* --- restoring --- */

static void read_events(struct source_keeper *keeper);

static void try_again(struct source_keeper *keeper, const char *fault)
{
    service_health_set("sources", HEALTH_RED, fault);
    loop_timer_set(keeper->loop, &keeper->again, AGAIN_MS);
}

static void become_ready(struct source_keeper *keeper)
{
    keeper->is_ready = true;
    service_health_set("sources", HEALTH_GREEN, "");
}

static void note(struct source_keeper *keeper, const struct source_news *news)
{
    if (!sources_note(keeper->sources, news))
        log_repeated(keeper, news);
}

/* One that is read again. */
static void note_logged(struct source_keeper *keeper, const WireLoggedEvent *logged)
{
    arena_reset(&keeper->scratch, 0);
    const WireEvent *event =
        wire_unpack(&wire_event__descriptor, wire_slice(logged->event), &keeper->scratch, NULL);
    if (!event || !event->source)
        return;
    const struct source_news news = {
        .seq = logged->position->seq,
        .source = slice_of_text(event->source),
        .incarnation = slice_of_text(event->incarnation),
        .sequence = event->has_sequence ? event->sequence : 0,
        .seen_at = logged->recorded_at,
        .skew_ms = logged->skew_ms,
    };
    note(keeper, &news);
}

static void has_events(void *owner, const struct log_page *page)
{
    struct source_keeper *keeper = owner;
    if (page->fault) {
        try_again(keeper, page->fault);
        return;
    }
    for (size_t i = 0; i < page->count; i++) {
        const WireLoggedEvent *event = page->events[i];
        if (event->position->seq > keeper->head)
            break;
        note_logged(keeper, event);
        keeper->read_upto = event->position->seq;
    }
    if (keeper->read_upto >= keeper->head || page->count == 0)
        become_ready(keeper);
    else
        read_events(keeper);
}

static void read_events(struct source_keeper *keeper)
{
    log_read_events(keeper->database, keeper->read_upto, PAGE_EVENTS, has_events, keeper);
}

static void has_sources(void *owner, const struct source_page *page)
{
    struct source_keeper *keeper = owner;
    if (page->fault) {
        try_again(keeper, page->fault);
        return;
    }
    sources_reset(keeper->sources);
    for (size_t i = 0; i < page->count; i++)
        sources_restore(keeper->sources, &page->sources[i]);
    if (keeper->read_upto >= keeper->head)
        become_ready(keeper);
    else
        read_events(keeper);
}

/* From the start, even after a fault. */
static void restore(void *owner)
{
    struct source_keeper *keeper = owner;
    keeper->read_upto = keeper->written_upto;
    source_read(keeper->database, keeper->most, has_sources, keeper);
}

void source_keeper_begin(struct source_keeper *keeper, uint64_t sources_seq, uint64_t head)
{
    database_forget(keeper->database, keeper);
    loop_timer_clear(keeper->loop, &keeper->again);
    keeper->is_ready = false;
    keeper->round_left = 0;
    keeper->written_upto = sources_seq;
    keeper->head = head;
    restore(keeper);
}

bool source_keeper_is_ready(const struct source_keeper *keeper)
{
    return keeper->is_ready;
}

/* --- writing --- */

void source_keeper_note(struct source_keeper *keeper, const struct batch *batch)
{
    for (size_t i = 0; i < batch->events.count; i++) {
        const struct event_row *row = &batch->events.rows[i];
        if (row->is_dropped)
            continue;
        struct event_origin origin = event_rows_origin(&batch->events, i);
        const struct source_news news = {
            .seq = row->seq,
            .source = origin.source,
            .incarnation = origin.incarnation,
            .sequence = row->sequence,
            .seen_at = batch->recorded_at,
            .skew_ms = row->skew_ms,
        };
        note(keeper, &news);
    }
}

void source_keeper_note_rejected(struct source_keeper *keeper, const WireRejectedEvent *rejected, int64_t now)
{
    arena_reset(&keeper->scratch, 0);
    const WireEvent *event =
        wire_unpack(&wire_event__descriptor, wire_slice(rejected->content), &keeper->scratch, NULL);
    bool is_whole = event && rejected->source && event->incarnation && event->has_sequence &&
                    event->sequence <= INT64_MAX && !text_equal(text_or_empty(rejected->field), "sequence");
    if (!keeper->is_ready || !is_whole ||
        !wire_charset_allows(WIRE_SOURCE, rejected->source, strlen(rejected->source)) ||
        !wire_charset_allows(WIRE_ID, event->incarnation, strlen(event->incarnation)))
        return;
    const struct source_news news = {
        .source = slice_of_text(rejected->source),
        .incarnation = slice_of_text(event->incarnation),
        .sequence = event->sequence,
        .seen_at = now,
    };
    sources_note_rejected(keeper->sources, &news);
}

/* A round ends, however many sources change meanwhile: a restart reads at most the events of one round. */
void source_keeper_write(struct source_keeper *keeper, struct batch *batch, uint64_t head)
{
    if (loop_now_ms(keeper->loop) - keeper->written_ms < WRITE_EACH_MS)
        return;
    if (keeper->round_left == 0) {
        keeper->round_left = sources_unwritten(keeper->sources);
        keeper->round_head = head;
    }
    if (keeper->round_left == 0)
        return;
    keeper->written_ms = loop_now_ms(keeper->loop);
    size_t most = keeper->round_left < WRITE_MOST ? keeper->round_left : WRITE_MOST;
    keeper->round_left -= sources_write(keeper->sources, batch, most, head);
    if (keeper->round_left == 0)
        batch_set_sources_seq(batch, keeper->round_head);
}

void source_keeper_write_all(struct source_keeper *keeper)
{
    sources_write_all(keeper->sources);
    keeper->round_left = 0;
}

/* --- open and close --- */

struct source_keeper *source_keeper_open(struct loop *loop, const struct persist_config *config)
{
    struct source_keeper *keeper = NEW(source_keeper);
    keeper->loop = loop;
    keeper->most = (uint32_t)config->most_sources;
    keeper->sources = sources_new((size_t)config->most_sources, random_u64());
    keeper->database = database_open(loop, config->database_url, "bellhop-persist sources", NULL, NULL);
    arena_init(&keeper->scratch, (size_t)4 * 1024 * 1024);
    loop_timer_init(&keeper->again, restore, keeper);
    metrics_add(service_metrics(), source_metrics, COUNT_OF(source_metrics),
                sources_numbers(keeper->sources));
    return keeper;
}

void source_keeper_close(struct source_keeper *keeper)
{
    metrics_remove(service_metrics(), sources_numbers(keeper->sources));
    loop_timer_clear(keeper->loop, &keeper->again);
    database_close(keeper->database);
    sources_free(keeper->sources);
    arena_clear(&keeper->scratch);
    free(keeper);
}
