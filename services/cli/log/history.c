/* history: streams the log and the decisions, or looks at one event. */
#include "services/cli/log/history.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/decision_reader.h"
#include "common/store/read/log_stream.h"
#include "common/wire/wire.h"
#include "services/cli/terminal/progress.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ARENA_SIZE = 24 << 20 };

/* One event at a time, decoded into the arena. */
struct walk {
    history_each *each;
    void *owner;
    struct arena *arena;
    bool is_ended;
};

static void *unpack(const struct walk *walk, const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
                    uint64_t seq)
{
    void *message = wire_unpack(descriptor, bytes, walk->arena, NULL);
    if (!message)
        command_complain("the event %" PRIu64 " or a decision for it cannot be decoded", seq);
    return message;
}

static int look(struct walk *walk, const WireLoggedEvent *record, const struct slice *packed, size_t count)
{
    uint64_t seq = record->position->seq;
    struct history_event event = {.record = record, .packed = packed, .count = count, .arena = walk->arena};
    arena_reset(walk->arena, 0);
    event.event = unpack(walk, &wire_event__descriptor, wire_slice(record->event), seq);
    WireDecision **list = count ? arena_allocate(walk->arena, count * sizeof *list) : NULL;
    if (!event.event || (count && !list))
        return EXIT_UNREACHABLE;
    for (size_t i = 0; i < count; i++)
        if (!(list[i] = unpack(walk, &wire_decision__descriptor, packed[i], seq)))
            return EXIT_UNREACHABLE;
    event.decisions = list;
    walk->is_ended = !walk->each(walk->owner, &event);
    return EXIT_DONE;
}

/* --- many events --- */

static int stream_look(struct walk *walk, struct log_stream *stream, struct progress *progress,
                       uint64_t after)
{
    char why[WHY_SIZE];
    struct streamed_event event;
    int found, rc = EXIT_DONE;
    while (rc == EXIT_DONE && !walk->is_ended && (found = log_stream_next(stream, &event, why))) {
        if (found < 0) {
            command_complain("could not read the log: %s", why);
            return EXIT_UNREACHABLE;
        }
        rc = look(walk, event.record, event.decisions, event.count);
        progress_update(progress, event.record->position->seq - after);
    }
    return rc;
}

static int stream_walk(struct reader *reader, const struct log_range *range, const char *what,
                       history_each *each, void *owner)
{
    struct walk walk = {.each = each, .owner = owner};
    struct log_stream *stream = reader_stream(reader);
    struct progress progress = {.what = NULL};
    struct log_head head;
    char why[WHY_SIZE];
    if (log_stream_begin(stream, range, &head, why)) {
        command_complain("could not read the log: %s", why);
        return EXIT_UNREACHABLE;
    }
    if (what)
        progress_begin(&progress, what, (range->upto ? range->upto : head.cursor) - range->after);
    walk.arena = arena_new(ARENA_SIZE);
    int rc = stream_look(&walk, stream, &progress, range->after);
    progress_end(&progress);
    arena_free(walk.arena);
    return rc;
}

int history_walk(struct reader *reader, const struct history_options *options, history_each *each,
                 void *owner)
{
    struct log_range range = {
        .after = options->after, .upto = options->upto, .without_decisions = options->without_decisions};
    return stream_walk(reader, &range, options->what, each, owner);
}

int history_walk_type(struct reader *reader, WireEvent__BodyCase type, history_each *each, void *owner)
{
    return stream_walk(reader, &(struct log_range){.type = (int)type}, NULL, each, owner);
}

/* --- one event --- */

struct single {
    struct walk walk;
    uint64_t seq;
    struct slice *packed;
    size_t count;
    struct bytes bytes; /* of the decisions */
    bool is_found;
    int rc;
    char fault[WHY_SIZE];
};

static void on_decisions(void *owner, const struct decision_page *page)
{
    struct single *single = owner;
    text_copy(single->fault, sizeof single->fault, page->fault ? page->fault : "");
    if (page->fault)
        return;
    size_t at = 0;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_slice(&single->bytes, page->decisions[i].packed);
    single->packed = memory_allocate((page->count + 1) * sizeof *single->packed);
    for (; single->count < page->count; single->count++) {
        size_t size = page->decisions[single->count].packed.size;
        single->packed[single->count] = slice_of(single->bytes.data + at, size);
        at += size;
    }
}

static void on_single(void *owner, const struct log_page *page)
{
    struct single *single = owner;
    if (page->fault)
        text_copy(single->fault, sizeof single->fault, page->fault);
    if (single->fault[0] || !page->count || page->events[0]->position->seq != single->seq)
        return;
    single->is_found = true;
    single->rc = look(&single->walk, page->events[0], single->packed, single->count);
}

int history_read_event(struct reader *reader, uint64_t seq, history_each *each, void *owner)
{
    struct single single = {
        .walk = {.each = each, .owner = owner, .arena = arena_new(ARENA_SIZE)}, .seq = seq, .rc = EXIT_DONE};
    decision_read_event(reader_database(reader), seq, on_decisions, &single);
    log_read_events(reader_database(reader), seq - 1, 1, on_single, &single);
    int rc = reader_finish(reader, single.fault);
    free(single.packed);
    bytes_clear(&single.bytes);
    arena_free(single.walk.arena);
    return rc != EXIT_DONE ? rc : single.is_found ? single.rc : EXIT_NEGATIVE;
}

/* --- proposals --- */

struct seqs {
    uint64_t *items;
    size_t count;
};

static bool note_seq(void *owner, const struct history_event *event)
{
    struct seqs *seqs = owner;
    seqs->items = memory_resize_array(seqs->items, seqs->count + 1, sizeof *seqs->items);
    seqs->items[seqs->count++] = event->record->position->seq;
    return true;
}

int history_walk_proposals(struct reader *reader, history_each *each, void *owner)
{
    struct seqs seqs = {.count = 0};
    int rc = history_walk_type(reader, WIRE_EVENT__BODY_POLICY_PROPOSED, note_seq, &seqs);
    for (size_t i = 0; rc == EXIT_DONE && i < seqs.count; i++)
        if (history_read_event(reader, seqs.items[i], each, owner) == EXIT_UNREACHABLE)
            rc = EXIT_UNREACHABLE;
    free(seqs.items);
    return rc;
}

/* --- the head --- */

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

int history_read_head(struct reader *reader, struct log_head *ret_head)
{
    struct looking looking = {.fault = ""};
    log_read_head(reader_database(reader), on_head, &looking);
    int rc = reader_finish(reader, looking.fault);
    if (rc == EXIT_DONE)
        *ret_head = looking.head;
    return rc;
}
