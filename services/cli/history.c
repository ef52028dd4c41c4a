/* history: reads the log and the decisions page by page, the next page on its way while one is looked at. */
#include "services/cli/history.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/decision_reader.h"
#include "common/wire/wire.h"
#include "services/cli/progress.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PAGE_EVENTS = 10000, PAGE_DECISIONS = 20000, ARENA_SIZE = 24 << 20 };

/* An event or decision of a page, its bytes copied. */
struct copied {
    WireLoggedEvent record; /* of events */
    WirePosition position;
    uint64_t seq;
    size_t offset, size; /* in the page's bytes */
};

struct copies {
    struct copied *items;
    size_t count, capacity;
    struct bytes bytes;
};

struct history_page {
    struct copies events, decisions;
    uint64_t decided_upto;
    struct log_head at;
    char fault[WHY_SIZE];
};

struct walk {
    struct reader *reader;
    const struct history_options *options;
    history_each *each;
    void *owner;
    struct history_page pages[2]; /* one is looked at, the other is on its way */
    struct arena *arena;
    struct progress progress;
    bool is_ended;
};

static struct copied *copies_add(struct copies *copies, struct slice bytes)
{
    if (copies->count == copies->capacity) {
        copies->capacity = copies->capacity ? 2 * copies->capacity : 1024;
        copies->items = reallocate_array(copies->items, copies->capacity, sizeof *copies->items);
    }
    struct copied *copied = &copies->items[copies->count++];
    copied->offset = copies->bytes.size;
    copied->size = bytes.size;
    bytes_append_slice(&copies->bytes, bytes);
    return copied;
}

static struct slice copied_bytes(const struct copies *copies, const struct copied *copied)
{
    return slice_of(copies->bytes.data + copied->offset, copied->size);
}

static void on_decisions(void *owner, const struct decision_page *found)
{
    struct history_page *page = owner;
    if (found->fault)
        text_copy(page->fault, sizeof page->fault, found->fault);
    for (size_t at = 0; !found->fault && at < found->count; at++)
        copies_add(&page->decisions, found->decisions[at].packed)->seq = found->decisions[at].place.seq;
    page->decided_upto = found->upto;
}

static void on_events(void *owner, const struct log_page *found)
{
    struct history_page *page = owner;
    if (found->fault)
        text_copy(page->fault, sizeof page->fault, found->fault);
    page->at = found->at;
    for (size_t at = 0; !found->fault && at < found->count; at++) {
        const WireLoggedEvent *record = found->events[at];
        struct copied *copied = copies_add(&page->events, slice_of(record->event.data, record->event.len));
        copied->record = *record;
        copied->position = *record->position;
        copied->seq = record->position->seq;
    }
}

static void page_ask(struct walk *walk, struct history_page *page, uint64_t after)
{
    struct database *database = reader_database(walk->reader);
    struct decision_place place = {.seq = after, .ordinal = UINT32_MAX};
    page->events.count = page->decisions.count = 0;
    bytes_reset(&page->events.bytes);
    bytes_reset(&page->decisions.bytes);
    page->fault[0] = 0;
    page->decided_upto = UINT64_MAX;
    if (!walk->options->without_decisions)
        decision_read(database, place, PAGE_DECISIONS, on_decisions, page);
    log_read_events(database, after, PAGE_EVENTS, on_events, page);
    reader_begin(walk->reader);
}

/* How far both the events and their decisions are in the page. */
static uint64_t page_upto(const struct walk *walk, const struct history_page *page)
{
    uint64_t last = page->events.count ? page->events.items[page->events.count - 1].seq : 0;
    last = last < page->decided_upto ? last : page->decided_upto;
    last = walk->options->without_decisions || last < page->at.cursor ? last : page->at.cursor;
    return walk->options->upto && walk->options->upto < last ? walk->options->upto : last;
}

static bool unpack(const struct walk *walk, const struct copies *copies, const struct copied *copied,
                   const ProtobufCMessageDescriptor *descriptor, void *ret_message)
{
    void *message = wire_unpack(descriptor, copied_bytes(copies, copied), walk->arena, NULL);
    if (!message)
        complain("the event %" PRIu64 " or a decision for it cannot be decoded", copied->seq);
    memcpy(ret_message, &message, sizeof message);
    return message;
}

/* The decisions of `seq` from `*at` on. False: one cannot be decoded. */
static bool gather(const struct walk *walk, const struct history_page *page, uint64_t seq, size_t *at,
                   struct history_event *event)
{
    const struct copies *decisions = &page->decisions;
    size_t first = *at, count = 0;
    while (first + count < decisions->count && decisions->items[first + count].seq == seq)
        count++;
    WireDecision **list = arena_allocate(walk->arena, (count + 1) * sizeof *list);
    struct slice *packed = arena_allocate(walk->arena, (count + 1) * sizeof *packed);
    for (size_t index = 0; index < count; index++) {
        const struct copied *copied = &decisions->items[first + index];
        packed[index] = copied_bytes(decisions, copied);
        if (!unpack(walk, decisions, copied, &wire_decision__descriptor, &list[index]))
            return false;
    }
    event->decisions = list;
    event->packed = packed;
    event->count = count;
    *at += count;
    return true;
}

static int page_look(struct walk *walk, const struct history_page *page, uint64_t upto)
{
    size_t decided = 0;
    for (size_t at = 0; !walk->is_ended && at < page->events.count && page->events.items[at].seq <= upto;
         at++) {
        const struct copied *copied = &page->events.items[at];
        WireLoggedEvent record = copied->record;
        WirePosition position = copied->position;
        struct slice bytes = copied_bytes(&page->events, copied);
        struct history_event event = {.record = &record, .arena = walk->arena};
        record.position = &position;
        record.event = wire_bytes(bytes);
        arena_reset(walk->arena, 0);
        if (!unpack(walk, &page->events, copied, &wire_event__descriptor, &event.event) ||
            !gather(walk, page, copied->seq, &decided, &event))
            return EXIT_UNREACHABLE;
        walk->is_ended = !walk->each(walk->owner, &event);
        if (walk->options->what)
            progress_at(&walk->progress, copied->seq - walk->options->after);
    }
    return EXIT_DONE;
}

static int page_wait(struct walk *walk, struct history_page *page)
{
    int rc = reader_finish(walk->reader);
    if (rc == EXIT_DONE && page->fault[0]) {
        complain("could not read the log: %s", page->fault);
        rc = EXIT_UNREACHABLE;
    }
    return rc;
}

static int walk_pages(struct walk *walk)
{
    uint64_t after = walk->options->after;
    page_ask(walk, &walk->pages[0], after);
    for (unsigned turn = 0;; turn ^= 1) {
        struct history_page *page = &walk->pages[turn];
        int rc = page_wait(walk, page);
        if (rc != EXIT_DONE)
            return rc;
        if (!turn && after == walk->options->after && walk->options->what)
            progress_begin(&walk->progress, walk->options->what,
                           (walk->options->upto ? walk->options->upto : page->at.cursor) - after);
        uint64_t upto = page_upto(walk, page);
        bool is_last =
            upto <= after || upto >= page->at.head || (walk->options->upto && upto >= walk->options->upto);
        if (!is_last)
            page_ask(walk, &walk->pages[turn ^ 1], upto);
        rc = page_look(walk, page, upto);
        if (rc != EXIT_DONE || is_last || walk->is_ended) {
            database_forget(reader_database(walk->reader), &walk->pages[turn ^ 1]);
            return rc;
        }
        after = upto;
    }
}

static void page_clear(struct history_page *page)
{
    free(page->events.items);
    free(page->decisions.items);
    bytes_clear(&page->events.bytes);
    bytes_clear(&page->decisions.bytes);
}

int history_walk(struct reader *reader, const struct history_options *options, history_each *each,
                 void *owner)
{
    struct walk *walk = NEW(walk);
    *walk = (struct walk){.reader = reader, .options = options, .each = each, .owner = owner};
    walk->arena = arena_new(ARENA_SIZE);
    int rc = walk_pages(walk);
    progress_end(&walk->progress);
    page_clear(&walk->pages[0]);
    page_clear(&walk->pages[1]);
    arena_free(walk->arena);
    free(walk);
    return rc;
}

struct single {
    history_each *each;
    void *owner;
    bool is_found;
};

static bool on_single(void *owner, const struct history_event *event)
{
    struct single *single = owner;
    single->is_found = true;
    single->each(single->owner, event);
    return false;
}

int history_event(struct reader *reader, uint64_t seq, history_each *each, void *owner)
{
    struct single single = {.each = each, .owner = owner};
    struct history_options options = {.after = seq - 1, .upto = seq};
    int rc = history_walk(reader, &options, on_single, &single);
    return rc == EXIT_DONE && !single.is_found ? EXIT_NEGATIVE : rc;
}

struct typed {
    history_each *each;
    void *owner;
    struct arena *arena;
    uint64_t last;
    size_t count;
    char fault[WHY_SIZE];
};

static void on_typed(void *owner, const struct log_page *page)
{
    struct typed *typed = owner;
    text_copy(typed->fault, sizeof typed->fault, page->fault ? page->fault : "");
    for (size_t at = 0; !page->fault && at < page->count; at++) {
        const WireLoggedEvent *record = page->events[at];
        arena_reset(typed->arena, 0);
        struct history_event event = {
            .record = record,
            .event = wire_unpack(&wire_event__descriptor, wire_slice(record->event), typed->arena, NULL),
            .arena = typed->arena,
        };
        if (event.event)
            typed->each(typed->owner, &event);
        typed->last = record->position->seq;
        typed->count++;
    }
}

int history_type(struct reader *reader, WireEvent__BodyCase type, history_each *each, void *owner)
{
    struct typed typed = {.each = each, .owner = owner, .arena = arena_new(ARENA_SIZE)};
    int rc;
    do {
        typed.count = 0;
        log_read_type(reader_database(reader), (int)type, typed.last, PAGE_EVENTS, on_typed, &typed);
        rc = reader_finish(reader);
        if (rc == EXIT_DONE && typed.fault[0]) {
            complain("could not read the log: %s", typed.fault);
            rc = EXIT_UNREACHABLE;
        }
    } while (rc == EXIT_DONE && typed.count == PAGE_EVENTS);
    arena_free(typed.arena);
    return rc;
}

struct looking {
    struct log_head head;
    char fault[WHY_SIZE];
};

static void on_head(void *owner, const struct log_page *page)
{
    struct looking *looking = owner;
    looking->head = page->at;
    text_copy(looking->fault, sizeof looking->fault, page->fault ? page->fault : "");
}

int history_head(struct reader *reader, struct log_head *ret_head)
{
    struct looking looking = {.fault = ""};
    log_read_head(reader_database(reader), on_head, &looking);
    int rc = reader_finish(reader);
    if (rc == EXIT_DONE && looking.fault[0]) {
        complain("could not read the log: %s", looking.fault);
        rc = EXIT_UNREACHABLE;
    }
    if (rc == EXIT_DONE)
        *ret_head = looking.head;
    return rc;
}
