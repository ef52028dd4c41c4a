/* decision_source: reads the head and the open cases, then listens, and reads what it missed. */
#include "services/relay/deliver/decision_source.h"

#include "common/base/arena.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/service/log.h"
#include "common/service/service.h"
#include "common/store/read/case_reader.h"
#include "common/wire/wire.h"
#include "proto/bellhop/v1/append.pb-c.h"

enum {
    SOURCE_ARENA_BYTES = 64 * 1024 * 1024, /* touched when used */
    PAGE_CASES = 1000,
    PAGE_DECISIONS = 2000,
    PAGE_DECISIONS_MOST = 8192, /* those of one event always fit */
    AGAIN_MS = 500,
};

struct decision_source_numbers {
    uint64_t from_feed, from_store, gaps, unreadable;
    int64_t recent_decisions, recent_bytes, open_cases;
};

#define ROW(field, name, help) METRIC(struct decision_source_numbers, field, "bellhop_relay_" name, "", help)

static const struct metric decision_source_metrics[] = {
    ROW(from_feed, "from_feed_total", "decisions taken from the feed"),
    ROW(from_store, "from_store_total", "decisions read because the feed lacked them"),
    ROW(gaps, "feed_gaps_total", "gaps in the feed"),
    ROW(unreadable, "unreadable_total", "messages and decisions that could not be decoded"),
    ROW(recent_decisions, "recent_decisions", "decisions in memory"),
    ROW(recent_bytes, "recent_bytes", "memory they take"),
    ROW(open_cases, "open_cases", "cases that are open or acknowledged"),
};

enum source_phase { SOURCE_LOOKING, SOURCE_READING_CASES, SOURCE_READY };

struct decision_source {
    struct loop *loop;
    struct database *database;
    struct link_subscriber *feed;
    struct decision_source_calls calls;
    struct decision_source_numbers numbers;
    struct newest *newest;
    struct open_cases *open_cases;
    struct arena arena;
    struct loop_timer again;
    enum source_phase phase;
    char last_case[DECISION_ID_TEXT_SIZE];
    uint32_t epoch;
    uint64_t head;
    uint64_t cursor; /* as last heard of; not yet all of it may be here */
    uint32_t page_most;
    bool is_reading;
    bool was_ready;
};

static void ask(void *owner);

static void fault(struct decision_source *source, const char *fault)
{
    log_warning("store-unread", "could not read what is stored, trying again", FIELD("reason", fault),
                FIELD("in_ms", AGAIN_MS));
    loop_timer_set(source->loop, &source->again, AGAIN_MS);
}

/* --- decisions, from wherever they come --- */

/* The next decision; one that is known already is skipped. */
static void add(struct decision_source *source, struct slice packed)
{
    struct item *item = item_new(packed);
    if (!item) {
        source->numbers.unreadable++;
        log_error("decision-unreadable", "could not decode a decision, it will not be delivered",
                  FIELD("bytes", packed.size));
        return;
    }
    if (item->place.seq <= newest_upto(source->newest)) {
        item_release(item);
        return;
    }
    if (item_case(item))
        open_cases_note(source->open_cases, item_case(item));
    newest_add(source->newest, item);
    source->calls.on_item(source->calls.owner, item);
}

static void pass(struct decision_source *source, uint64_t seq)
{
    if (seq > newest_upto(source->newest))
        newest_pass(source->newest, seq);
}

/* --- beginning --- */

static void begin_anew(struct decision_source *source)
{
    source->phase = SOURCE_LOOKING;
    source->cursor = 0;
    database_forget(source->database, source);
    source->is_reading = false;
    ask(source);
}

static void on_head(void *owner, const struct log_page *page)
{
    struct decision_source *source = owner;
    source->is_reading = false;
    if (page->fault) {
        fault(source, page->fault);
        return;
    }
    source->epoch = page->at.epoch;
    source->head = page->at.head;
    source->cursor = page->at.cursor;
    source->last_case[0] = '\0';
    source->phase = SOURCE_READING_CASES;
    open_cases_reset(source->open_cases);
    newest_reset(source->newest, page->at.cursor);
    ask(source);
}

static void be_ready(struct decision_source *source)
{
    source->phase = SOURCE_READY;
    source->page_most = PAGE_DECISIONS;
    if (!source->was_ready)
        source->calls.on_ready(source->calls.owner);
    source->was_ready = true;
    ask(source);
}

static void on_cases(void *owner, const struct decision_page *page)
{
    struct decision_source *source = owner;
    source->is_reading = false;
    if (page->fault) {
        fault(source, page->fault);
        return;
    }
    for (size_t i = 0; i < page->count; i++) {
        AUTO(item) *item = item_new(page->decisions[i].packed);
        if (!item || !item_case(item))
            continue;
        open_cases_note(source->open_cases, item_case(item));
        text_copy(source->last_case, sizeof source->last_case, item_case(item)->escalation_id);
    }
    if (page->count > 0)
        ask(source);
    else
        be_ready(source);
}

/* --- what was missed --- */

static void on_decisions(void *owner, const struct decision_page *page)
{
    struct decision_source *source = owner;
    source->is_reading = false;
    if (page->fault) {
        fault(source, page->fault);
        return;
    }
    source->page_most = page->upto == newest_upto(source->newest) ? PAGE_DECISIONS_MOST : PAGE_DECISIONS;
    for (size_t i = 0; i < page->count && page->decisions[i].place.seq <= page->upto; i++) {
        source->numbers.from_store++;
        add(source, page->decisions[i].packed);
    }
    if (page->at.cursor > source->cursor)
        source->cursor = page->at.cursor;
    pass(source, page->upto);
    ask(source);
}

/* Ask the next question, if there is one. */
static void ask(void *owner)
{
    struct decision_source *source = owner;
    if (source->is_reading || loop_timer_is_set(&source->again))
        return;
    struct decision_place after = {.seq = newest_upto(source->newest), .ordinal = UINT32_MAX};
    source->is_reading = true;
    switch (source->phase) {
    case SOURCE_LOOKING:
        log_read_head(source->database, on_head, source);
        break;
    case SOURCE_READING_CASES:
        case_read_open(source->database, source->last_case, PAGE_CASES, on_cases, source);
        break;
    case SOURCE_READY:
        source->is_reading = source->cursor > after.seq;
        if (source->is_reading)
            decision_read(source->database, after, source->page_most, on_decisions, source);
        break;
    }
}

/* --- the feed --- */

static void join_feed(struct decision_source *source, const WireFeed *feed)
{
    if (source->is_reading || !feed->has_decided_after)
        return;
    if (feed->decided_after > newest_upto(source->newest)) {
        source->numbers.gaps++;
        return;
    }
    for (size_t i = 0; i < feed->n_decisions; i++) {
        source->numbers.from_feed++;
        add(source, wire_slice(feed->decisions[i]));
    }
    pass(source, feed->cursor);
}

/* A new writer continues where the old one ended, unless its database was restored to an earlier time. */
static void hear_epoch(struct decision_source *source, const WireFeed *feed)
{
    if (feed->epoch <= source->epoch)
        return;
    log_warning("epoch-raised", "another writer has taken over the log", FIELD("epoch", feed->epoch));
    source->epoch = feed->epoch;
    if (feed->cursor >= newest_upto(source->newest))
        return;
    log_error("other-log", "the log ends before what was already delivered, it was restored: beginning anew",
              FIELD("cursor", feed->cursor), FIELD("delivered", newest_upto(source->newest)));
    source->calls.on_other_log(source->calls.owner, feed->cursor);
    begin_anew(source);
}

static void on_feed(void *owner, struct slice topic, struct slice message)
{
    (void)topic;
    struct decision_source *source = owner;
    arena_reset(&source->arena, 0);
    const WireFeed *feed = wire_unpack(&wire_feed__descriptor, message, &source->arena, NULL);
    if (!feed) {
        source->numbers.unreadable++;
        log_error("feed-unreadable", "could not decode a message from the feed, reading the database instead",
                  FIELD("bytes", message.size));
        return;
    }
    if (source->phase != SOURCE_READY)
        return;
    hear_epoch(source, feed);
    source->head = feed->head;
    if (feed->cursor > source->cursor)
        source->cursor = feed->cursor;
    join_feed(source, feed);
    ask(source);
}

/* --- opening --- */

static void measure(void *numbers)
{
    struct decision_source *source = CONTAINER_OF(numbers, struct decision_source, numbers);
    source->numbers.recent_decisions = (int64_t)newest_count(source->newest);
    source->numbers.recent_bytes = (int64_t)newest_bytes(source->newest);
    source->numbers.open_cases = (int64_t)open_cases_count(source->open_cases);
}

struct decision_source *decision_source_open(struct link_context *context, struct loop *loop,
                                             const struct decision_source_settings *settings,
                                             const struct decision_source_calls *calls, char *why,
                                             size_t why_size)
{
    AUTO(decision_source) *source = NEW(decision_source);
    source->loop = loop;
    source->database = settings->database;
    source->calls = *calls;
    source->newest = newest_new(settings->recent_bytes, 0);
    source->open_cases = open_cases_new(random_u64());
    arena_init(&source->arena, SOURCE_ARENA_BYTES);
    loop_timer_init(&source->again, ask, source);
    metrics_add_measured(service_metrics(), decision_source_metrics, COUNT_OF(decision_source_metrics),
                         &source->numbers, measure);
    const struct link_subscriber_calls feed_calls = {.on_message = on_feed, .owner = source};
    const struct link_options options = {.most_message_bytes = 64 * 1024 * 1024, .high_water_mark = 10000};
    source->feed =
        link_subscriber_connect(context, loop, settings->feed, &options, &feed_calls, why, why_size);
    if (!source->feed)
        return NULL;
    link_subscriber_add(source->feed, "decisions");
    link_subscriber_add(source->feed, "pulse");
    ask(source);
    return TAKE(source);
}

void decision_source_close(struct decision_source *source)
{
    metrics_remove(service_metrics(), &source->numbers);
    loop_timer_clear(source->loop, &source->again);
    database_forget(source->database, source);
    if (source->feed)
        link_subscriber_close(source->feed);
    newest_free(source->newest);
    open_cases_free(source->open_cases);
    arena_clear(&source->arena);
    free(source);
}

const struct newest *decision_source_newest(const struct decision_source *source)
{
    return source->newest;
}

const struct open_cases *decision_source_open_cases(const struct decision_source *source)
{
    return source->open_cases;
}

uint32_t decision_source_epoch(const struct decision_source *source)
{
    return source->epoch;
}

uint64_t decision_source_head(const struct decision_source *source)
{
    return source->head;
}

bool decision_source_is_ready(const struct decision_source *source)
{
    return source->phase == SOURCE_READY;
}
