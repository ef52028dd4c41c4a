/* durable_open: from a name to an open stream: the lease, the row, the dead letters, or where a new one
 * begins. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/service/log.h"
#include "common/store/read/log_reader.h"
#include "common/store/read/stream_reader.h"
#include "services/relay/stream/hold_key.h"

static void durable_ask_lease(struct durable *durable)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = (char *)durable->parts->instance;
    request.stream = durable->name;
    durable->lease_asked_ms = loop_now_ms(durable->parts->loop);
    persist_link_lease(durable->parts->persist, &request);
}

static void durable_again_later(struct durable *durable, const char *fault)
{
    log_warning("store-unread", "could not read a stream, trying again", FIELD("stream", durable->name),
                FIELD("reason", fault), FIELD("in_ms", DURABLE_AGAIN_MS));
    loop_timer_set(durable->parts->loop, &durable->again, DURABLE_AGAIN_MS);
}

void durable_refuse_all(struct durable *durable, enum wire_reason reason, const char *explanation)
{
    durable->phase = DURABLE_GONE;
    for (size_t i = 0; i < durable->session_count; i++)
        durable->parts->calls.on_refused(durable->parts->calls.owner, durable->sessions[i].id, durable->name,
                                         reason, explanation);
    durable->session_count = 0;
}

/* --- open --- */

void durable_be_open(struct durable *durable)
{
    int64_t now_ms = loop_now_ms(durable->parts->loop);
    durable->phase = DURABLE_OPEN;
    durable->written_position = stream_position(durable->stream);
    durable->is_taking_snapshot = stream_snapshot_is_pending(durable->stream);
    for (size_t i = 0; i < durable->session_count; i++) {
        struct durable_session *session = &durable->sessions[i];
        session->joined_seq = newest_upto(decision_source_newest(durable->parts->source));
        stream_join(durable->stream, session->id, session->credit, now_ms);
        durable->parts->calls.on_subscribed(durable->parts->calls.owner, session->id, durable->name,
                                            stream_position(durable->stream), durable->is_new);
    }
}

/* --- a new one --- */

static void durable_begin_at(struct durable *durable, uint64_t position)
{
    durable->stream = stream_new(&durable->parts->rules, position, random_u64());
    durable->created_at = clock_utc_us();
    durable->is_new = true;
    if (durable->start.from == WIRE_FROM__FROM_NOW)
        stream_begin_snapshot(durable->stream);
    durable->phase = DURABLE_BEGINNING;
    durable_write(durable);
}

/* The last event before since_at, by halves: recorded times never decrease along the log. */
static void durable_on_sought(void *owner, const struct log_page *page)
{
    struct durable *durable = owner;
    struct durable_start *start = &durable->start;
    durable->is_reading = false;
    if (page->fault) {
        durable_again_later(durable, page->fault);
        return;
    }
    uint64_t middle = start->low + (start->high - start->low) / 2;
    if (page->count > 0 && page->events[0]->recorded_at < start->since_at)
        start->low = middle + 1;
    else
        start->high = middle;
    durable_go_on(durable);
}

static void durable_seek(struct durable *durable)
{
    struct durable_start *start = &durable->start;
    if (start->low >= start->high) {
        durable_begin_at(durable, start->low);
        return;
    }
    durable->is_reading = true;
    log_read_events(durable->parts->database, start->low + (start->high - start->low) / 2, 1,
                    durable_on_sought, durable);
}

static void durable_begin(struct durable *durable)
{
    uint64_t now = newest_upto(decision_source_newest(durable->parts->source));
    uint64_t head = decision_source_head(durable->parts->source);
    switch (durable->start.from) {
    case WIRE_FROM__FROM_BEGINNING:
        durable_begin_at(durable, 0);
        break;
    case WIRE_FROM__FROM_AFTER:
        if (durable->start.after.seq > (head > now ? head : now) ||
            durable->start.after.epoch > decision_source_epoch(durable->parts->source))
            durable_refuse_all(durable, WIRE_BEYOND_HEAD, "the position lies beyond the head of the log");
        else
            durable_begin_at(durable, durable->start.after.seq);
        break;
    case WIRE_FROM__FROM_SINCE_AT:
        durable->start.low = 0;
        durable->start.high = now;
        durable->phase = DURABLE_SEEKING;
        durable_seek(durable);
        break;
    case WIRE_FROM__FROM_NOW:
    case WIRE_FROM__FROM__NOT_SET:
    case _WIRE_FROM__FROM__CASE_IS_INT_SIZE:
        durable->start.from = WIRE_FROM__FROM_NOW;
        durable_begin_at(durable, now);
        break;
    }
}

/* --- a known one --- */

static void durable_on_dead_letters(void *owner, const struct dead_letter_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    if (page->fault) {
        durable_again_later(durable, page->fault);
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
    durable_be_open(durable);
}

/* What the sessions asked for must be what the stream was begun with; who asked for something else is
 * refused. */
static bool durable_use_selection(struct durable *durable, const WireStreamState *state)
{
    bool is_filter;
    char why[WHY_SIZE];
    struct selection *stored = selection_new(state->topics, state->n_topics, state->filter, &is_filter, why);
    if (!stored) {
        durable_refuse_all(durable, is_filter ? WIRE_BAD_FILTER : WIRE_BAD_TOPIC, why);
        return false;
    }
    size_t count;
    char **topics = selection_topics(durable->selection, &count);
    bool asks_nothing = count == 0 && !*selection_filter(durable->selection);
    bool is_same = asks_nothing || selection_is(stored, topics, count, selection_filter(durable->selection));
    selection_free(durable->selection);
    durable->selection = stored;
    if (!is_same)
        durable_refuse_all(durable, WIRE_BAD_TOPIC,
                           "the stream was begun with other topics or another filter");
    return is_same;
}

static void durable_resume(struct durable *durable, const WireStreamState *state)
{
    if (!durable_use_selection(durable, state))
        return;
    uint64_t position = state->position ? state->position->seq : 0;
    uint64_t now = newest_upto(decision_source_newest(durable->parts->source));
    uint64_t head = decision_source_head(durable->parts->source);
    if (position > (head > now ? head : now)) {
        log_error("stream-beyond-log", "a stream's position lies beyond the log, going on at its end",
                  FIELD("stream", durable->name), FIELD("position", position), FIELD("end", now));
        position = now;
    }
    durable->stream = stream_new(&durable->parts->rules, position, random_u64());
    durable->created_at = state->created_at;
    for (size_t i = 0; i < state->n_confirmed; i++)
        stream_restore_settled(durable->stream,
                               (struct place){state->confirmed[i]->seq, state->confirmed[i]->ordinal});
    if (state->snapshot_pending)
        stream_begin_snapshot(durable->stream);
    durable->phase = DURABLE_READING_DEAD;
    durable_go_on(durable);
}

static void durable_on_row(void *owner, const struct stream_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    if (page->fault)
        durable_again_later(durable, page->fault);
    else if (page->count > 0)
        durable_resume(durable, page->streams[0].state);
    else
        durable_begin(durable);
}

void durable_go_on(void *owner)
{
    struct durable *durable = owner;
    if (durable->is_reading)
        return;
    switch (durable->phase) {
    case DURABLE_READING:
        durable->is_reading = true;
        stream_read(durable->parts->database, durable->name, durable_on_row, durable);
        break;
    case DURABLE_READING_DEAD:
        durable->is_reading = true;
        stream_read_dead_letters(durable->parts->database, durable->name, STREAM_DEAD_LETTERS,
                                 durable_on_dead_letters, durable);
        break;
    case DURABLE_SEEKING:
        durable_seek(durable);
        break;
    case DURABLE_LEASING:
    case DURABLE_BEGINNING:
    case DURABLE_OPEN:
    case DURABLE_GONE:
        break;
    }
}

/* --- the lease --- */

void durable_leased(struct durable *durable, bool is_granted, int64_t expires_ms)
{
    durable->lease_length_ms = expires_ms;
    durable->has_lease = is_granted;
    if (is_granted && durable->phase == DURABLE_LEASING && decision_source_is_ready(durable->parts->source)) {
        durable->phase = DURABLE_READING;
        durable_go_on(durable);
    } else if (!is_granted && durable->phase != DURABLE_LEASING && durable->phase != DURABLE_GONE) {
        log_warning("stream-lost", "another relay holds a stream of ours", FIELD("stream", durable->name));
        durable->parts->numbers->lost++;
        durable_refuse_all(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
    }
}

void durable_release_lease(struct durable *durable)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = (char *)durable->parts->instance;
    request.stream = durable->name;
    request.has_release = request.release = true;
    persist_link_lease(durable->parts->persist, &request);
    durable->has_lease = false;
}

void durable_keep_lease(struct durable *durable)
{
    int64_t now_ms = loop_now_ms(durable->parts->loop);
    bool is_waiting = durable->phase == DURABLE_LEASING;
    int64_t every_ms = is_waiting ? DURABLE_LEASE_ASK_MS : durable->lease_length_ms / 3;
    if (every_ms < DURABLE_LEASE_ASK_MS / 2)
        every_ms = DURABLE_LEASE_ASK_MS / 2;
    if (durable->lease_asked_ms == 0 || now_ms - durable->lease_asked_ms >= every_ms)
        durable_ask_lease(durable);
    if (is_waiting && now_ms - durable->opened_ms > DURABLE_LEASE_PATIENCE_MS)
        durable_refuse_all(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
}
