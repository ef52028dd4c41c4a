/* durable_open: from a lease to an open stream: its row and its dead letters, or where a new one begins. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/service/log.h"
#include "common/store/read/log_reader.h"
#include "common/store/read/stream_reader.h"
#include "services/relay/stream/hold_key.h"

static void again_later(struct durable *durable, const char *fault)
{
    log_warning("store-unread", "could not read a stream, trying again", FIELD("stream", durable->name),
                FIELD("reason", fault), FIELD("in_ms", DURABLE_AGAIN_MS));
    loop_timer_set(durable->parts->loop, &durable->again, DURABLE_AGAIN_MS);
}

/* As far as anybody has said. */
static uint64_t end_of_log(const struct durable *durable)
{
    uint64_t head = decision_source_head(durable->parts->source);
    return head > durable_upto(durable) ? head : durable_upto(durable);
}

void durable_open_finish(struct durable *durable)
{
    durable->phase = DURABLE_OPEN;
    durable->written_position = stream_position(durable->stream);
    durable->is_taking_snapshot = stream_snapshot_is_pending(durable->stream);
    durable_sessions_welcome(durable);
}

/* --- a new one --- */

static void begin_at(struct durable *durable, uint64_t position)
{
    durable->stream = stream_new(&durable->parts->rules, position, random_u64());
    durable->created_at = clock_utc_us();
    durable->is_new = true;
    if (durable->start.from == WIRE_FROM__FROM_NOW)
        stream_begin_snapshot(durable->stream);
    durable->phase = DURABLE_BEGINNING;
    durable_row_write(durable);
}

/* The last event before since_at, by halves: recorded times never decrease along the log. */
static void on_sought(void *owner, const struct log_page *page)
{
    struct durable *durable = owner;
    struct durable_start *start = &durable->start;
    durable->is_reading = false;
    if (page->fault) {
        again_later(durable, page->fault);
        return;
    }
    uint64_t middle = start->low + (start->high - start->low) / 2;
    if (page->count > 0 && page->events[0]->recorded_at < start->since_at)
        start->low = middle + 1;
    else
        start->high = middle;
    durable_open_continue(durable);
}

static void seek(struct durable *durable)
{
    struct durable_start *start = &durable->start;
    if (start->low >= start->high) {
        begin_at(durable, start->low);
        return;
    }
    durable->is_reading = true;
    log_read_events(durable->parts->database, start->low + (start->high - start->low) / 2, 1, on_sought,
                    durable);
}

static void begin(struct durable *durable)
{
    uint64_t now = durable_upto(durable);
    switch (durable->start.from) {
    case WIRE_FROM__FROM_BEGINNING:
        begin_at(durable, 0);
        break;
    case WIRE_FROM__FROM_AFTER:
        if (durable->start.after.seq > end_of_log(durable) ||
            durable->start.after.epoch > decision_source_epoch(durable->parts->source))
            durable_sessions_refuse(durable, WIRE_BEYOND_HEAD,
                                    "the position lies beyond the head of the log");
        else
            begin_at(durable, durable->start.after.seq);
        break;
    case WIRE_FROM__FROM_SINCE_AT:
        durable->start.low = 0;
        durable->start.high = now;
        durable->phase = DURABLE_SEEKING;
        seek(durable);
        break;
    case WIRE_FROM__FROM_NOW:
    case WIRE_FROM__FROM__NOT_SET:
    case _WIRE_FROM__FROM__CASE_IS_INT_SIZE:
        durable->start.from = WIRE_FROM__FROM_NOW;
        begin_at(durable, now);
        break;
    }
}

/* --- a known one --- */

static void on_dead_letters(void *owner, const struct dead_letter_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    if (page->fault) {
        again_later(durable, page->fault);
        return;
    }
    for (size_t i = 0; i < page->count; i++) {
        const WireDeadLetter *stored = page->dead_letters[i];
        struct dead_letter letter = {.place = {.seq = stored->place->seq, .ordinal = stored->place->ordinal},
                                     .attempts = stored->attempts};
        text_copy(letter.reason, sizeof letter.reason, stored->reason ? stored->reason : "");
        bytes_reset(&durable->key);
        hold_key_write(stored->store_id, stored->interaction_id, stored->subject_id, &durable->key);
        letter.hold = bytes_slice(&durable->key);
        stream_restore_dead_letter(durable->stream, &letter);
    }
    durable_open_finish(durable);
}

/* What the sessions asked for must be what the stream was begun with; whoever asked for something
 * else is refused. */
static bool use_selection(struct durable *durable, const WireStreamState *state)
{
    bool is_filter;
    char why[WHY_SIZE];
    struct selection *stored = selection_new(state->topics, state->n_topics, state->filter, &is_filter, why);
    if (!stored) {
        durable_sessions_refuse(durable, is_filter ? WIRE_BAD_FILTER : WIRE_BAD_TOPIC, why);
        return false;
    }
    size_t count;
    char **topics = selection_topics(durable->selection, &count);
    bool asks_nothing = count == 0 && !*selection_filter(durable->selection);
    bool is_same = asks_nothing || selection_is(stored, topics, count, selection_filter(durable->selection));
    selection_free(durable->selection);
    durable->selection = stored;
    if (!is_same)
        durable_sessions_refuse(durable, WIRE_BAD_TOPIC,
                                "the stream was begun with other topics or another filter");
    return is_same;
}

static void resume(struct durable *durable, const WireStreamState *state)
{
    if (!use_selection(durable, state))
        return;
    uint64_t position = state->position ? state->position->seq : 0;
    if (position > end_of_log(durable)) {
        log_error("stream-beyond-log", "a stream's position lies beyond the log, continuing at the log's end",
                  FIELD("stream", durable->name), FIELD("position", position),
                  FIELD("end", durable_upto(durable)));
        position = durable_upto(durable);
    }
    durable->stream = stream_new(&durable->parts->rules, position, random_u64());
    durable->created_at = state->created_at;
    for (size_t i = 0; i < state->n_confirmed; i++)
        stream_restore_settled(durable->stream,
                               (struct place){state->confirmed[i]->seq, state->confirmed[i]->ordinal});
    for (size_t i = 0; i < state->n_tried; i++)
        stream_restore_tried(durable->stream, (struct place){state->tried[i]->seq, state->tried[i]->ordinal},
                             state->tried[i]->attempts);
    if (state->snapshot_pending)
        stream_begin_snapshot(durable->stream);
    durable->phase = DURABLE_READING_DEAD;
    durable_open_continue(durable);
}

static void on_row(void *owner, const struct stream_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    if (page->fault)
        again_later(durable, page->fault);
    else if (page->count > 0)
        resume(durable, page->streams[0].state);
    else
        begin(durable);
}

void durable_open_continue(void *owner)
{
    struct durable *durable = owner;
    if (durable->is_reading)
        return;
    switch (durable->phase) {
    case DURABLE_READING:
        durable->is_reading = true;
        stream_read(durable->parts->database, durable->name, on_row, durable);
        break;
    case DURABLE_READING_DEAD:
        durable->is_reading = true;
        stream_read_dead_letters(durable->parts->database, durable->name, STREAM_DEAD_LETTERS,
                                 on_dead_letters, durable);
        break;
    case DURABLE_SEEKING:
        seek(durable);
        break;
    case DURABLE_LEASING:
    case DURABLE_BEGINNING:
    case DURABLE_OPEN:
    case DURABLE_GONE:
        break;
    }
}
