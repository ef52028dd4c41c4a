/* durable: a stream from its first subscriber to its end: each turn it takes in, delivers and is written. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/memory.h"
#include "common/service/log.h"

enum {
    DELIVERIES_A_TURN = 1000,
    IDLE_MS = 60000,      /* without sessions: then it is let go */
    LAZY_WRITE_MS = 5000, /* a position that moved without a confirmation */
    TRIED_WRITE_MS = 500, /* attempts, which go on after a restart */
};

static void on_due(void *owner)
{
    (void)owner; /* it is enough that a turn comes */
}

struct durable *durable_new(const struct durable_parts *parts, const char *name)
{
    struct durable *durable = NEW(durable);
    durable->parts = parts;
    text_copy(durable->name, sizeof durable->name, name);
    durable->opened_ms = durable->idle_since_ms = loop_now_ms(parts->loop);
    loop_timer_init(&durable->again, durable_open_continue, durable);
    loop_timer_init(&durable->due, on_due, durable);
    return durable;
}

void durable_free(struct durable *durable)
{
    if (!durable)
        return;
    if (durable->has_lease)
        durable_lease_release(durable);
    loop_timer_clear(durable->parts->loop, &durable->again);
    loop_timer_clear(durable->parts->loop, &durable->due);
    database_forget(durable->parts->database, durable);
    room_change(durable->parts->room, durable->counted, 0);
    selection_free(durable->selection);
    stream_free(durable->stream);
    durable_answers_clear(&durable->waiting);
    durable_answers_clear(&durable->asked);
    bytes_clear(&durable->key);
    places_clear(&durable->resending);
    free(durable);
}

const char *durable_name(const struct durable *durable)
{
    return durable->name;
}

/* --- delivering --- */

static bool send_one(struct durable *durable, const struct stream_sending *sending)
{
    const struct item *item = sending->item;
    const struct durable_session *session = durable_session_find(durable, sending->session);
    const WireCase *about = item_case(item);
    char dead_letter[DECISION_ID_TEXT_SIZE];
    struct decision_id dead_id = {
        .position = {.epoch = decision_source_epoch(durable->parts->source), .seq = sending->dead_letter.seq},
        .ordinal = sending->dead_letter.ordinal};
    decision_id_format(dead_id, dead_letter);
    const struct durable_delivery delivery = {
        .stream = durable->name,
        .item = item,
        .session = sending->session,
        .attempt = sending->attempt,
        .is_replayed = session && sending->place.seq <= session->joined_seq,
        .is_still_open =
            about && open_cases_has(decision_source_open_cases(durable->parts->source), about->escalation_id),
        .is_snapshot = sending->is_snapshot,
        .dead_letter = sending->has_dead_letter ? dead_letter : NULL,
    };
    durable->has_tried = true;
    durable->parts->numbers->delivered++;
    durable->parts->numbers->redelivered += sending->attempt > 1;
    return durable->parts->calls.on_delivery(durable->parts->calls.owner, &delivery);
}

static void deliver(struct durable *durable)
{
    int64_t now_ms = durable_now_ms(durable);
    struct stream_sending sending;
    stream_tick(durable->stream, now_ms);
    int left = DELIVERIES_A_TURN;
    while (left-- > 0 && stream_next(durable->stream, now_ms, &sending))
        if (!send_one(durable, &sending))
            durable_leave(durable, sending.session);
    if (stream_new_dead_letters(durable->stream)->count)
        durable->is_dirty = true;
    int64_t due_ms = stream_due_ms(durable->stream);
    loop_timer_clear(durable->parts->loop, &durable->due);
    if (left < 0)
        loop_timer_set(durable->parts->loop, &durable->due, 0);
    else if (due_ms != INT64_MAX)
        loop_timer_set(durable->parts->loop, &durable->due, due_ms > now_ms ? due_ms - now_ms : 0);
}

void durable_turn(struct durable *durable)
{
    bool is_wanted = durable->phase == DURABLE_OPEN || durable->is_removed || durable->session_count > 0;
    if (!is_wanted)
        durable->phase = DURABLE_GONE; /* whoever wanted it was refused, or left before it was open */
    if (durable->phase == DURABLE_GONE)
        return;
    durable_lease_keep(durable);
    if (durable->phase != DURABLE_OPEN)
        return;
    durable_intake_fill(durable);
    deliver(durable);
    durable_intake_fill(durable); /* credit has made room */
    durable_intake_measure(durable);
    bool has_moved = stream_position(durable->stream) > durable->written_position &&
                     durable_now_ms(durable) - durable->written_ms > LAZY_WRITE_MS;
    bool has_tried = durable->has_tried && durable_now_ms(durable) - durable->written_ms > TRIED_WRITE_MS;
    if (durable->write_id == 0 && (durable->is_dirty || has_moved || has_tried))
        durable_row_write(durable);
}

bool durable_written(struct durable *durable, const WireStreamResult *result)
{
    if (durable->write_id == 0 || result->write_id != durable->write_id)
        return false;
    durable->write_id = 0;
    if (durable->is_removed) {
        durable->phase = DURABLE_GONE;
        if (result->stored)
            durable_session_done(durable, durable->removed_by, "unsubscribe", NULL, 0);
        else
            durable_session_refuse(durable, durable->removed_by, WIRE_STREAM_ELSEWHERE,
                                   "another relay holds this stream");
    } else if (!result->stored) {
        log_error("stream-not-stored", "could not store a stream, its subscribers are refused",
                  FIELD("stream", durable->name), FIELD("reason", result->reason));
        durable->parts->numbers->lost++;
        durable_sessions_refuse(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
    } else if (durable->phase == DURABLE_BEGINNING) {
        durable_open_finish(durable);
    } else {
        durable_answers_send(durable);
    }
    return true;
}

/* --- the end --- */

void durable_forget(struct durable *durable, uint64_t session)
{
    if (durable->phase != DURABLE_OPEN) {
        durable_session_refuse(durable, session, WIRE_UNKNOWN_STREAM, "the stream is not open");
        return;
    }
    durable->is_removed = true;
    durable->removed_by = session;
    durable->is_dirty = durable->has_tried = false;
    durable_row_remove(durable);
    while (durable->session_count) {
        uint64_t other = durable->sessions[0].id;
        durable_leave(durable, other);
        if (other != session)
            durable_session_refuse(durable, other, WIRE_UNKNOWN_STREAM,
                                   "another connection removed the stream");
    }
    durable->phase = DURABLE_BEGINNING; /* takes and delivers nothing while its removal is on its way */
}

void durable_other_log(struct durable *durable, uint64_t cursor)
{
    if (!durable->stream || stream_passed(durable->stream) <= cursor)
        return;
    log_error("stream-beyond-log", "a stream's position lies beyond the log, its subscribers must begin anew",
              FIELD("stream", durable->name), FIELD("position", stream_passed(durable->stream)),
              FIELD("end", cursor));
    durable_sessions_refuse(durable, WIRE_BEYOND_HEAD, "the log was restored to an earlier time");
}

bool durable_is_writing(const struct durable *durable)
{
    return durable->write_id != 0 || durable->is_dirty || durable->has_tried;
}

bool durable_is_done(const struct durable *durable)
{
    if (durable->phase == DURABLE_GONE)
        return durable->write_id == 0;
    bool is_idle = durable->session_count == 0 && durable_now_ms(durable) - durable->idle_since_ms > IDLE_MS;
    return is_idle && !durable_is_writing(durable);
}

void durable_measure(const struct durable *durable, struct durable_numbers *numbers)
{
    numbers->streams++;
    if (!durable->stream)
        return;
    struct stream_figures figures = stream_figures(durable->stream);
    int64_t behind = (int64_t)(durable_upto(durable) - stream_position(durable->stream));
    numbers->waiting += (int64_t)figures.waiting;
    numbers->held += (int64_t)figures.held;
    numbers->sent += (int64_t)figures.sent;
    numbers->resting += (int64_t)figures.resting;
    numbers->dead_letters += (int64_t)figures.dead_letters;
    if (behind > numbers->most_behind)
        numbers->most_behind = behind;
}
