/* durable: sessions and their answers, taking in, delivering. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/memory.h"
#include "common/service/log.h"
#include "common/store/read/case_reader.h"

#include <inttypes.h>

enum {
    PAGE_DECISIONS = 1000,
    PAGE_DECISIONS_MOST = 8192, /* those of one event always fit */
    PAGE_CASES = 500,
    DELIVERIES_A_TURN = 1000,
};

static void durable_on_timer(void *owner)
{
    (void)owner; /* it is enough that a turn comes */
}

struct durable *durable_new(const struct durable_parts *parts, const char *name)
{
    struct durable *durable = NEW(durable);
    durable->parts = parts;
    text_copy(durable->name, sizeof durable->name, name);
    durable->opened_ms = durable->idle_since_ms = loop_now_ms(parts->loop);
    loop_timer_init(&durable->again, durable_go_on, durable);
    loop_timer_init(&durable->due, durable_on_timer, durable);
    return durable;
}

void durable_free(struct durable *durable)
{
    if (!durable)
        return;
    if (durable->has_lease)
        durable_release_lease(durable);
    loop_timer_clear(durable->parts->loop, &durable->again);
    loop_timer_clear(durable->parts->loop, &durable->due);
    database_forget(durable->parts->database, durable);
    room_change(durable->parts->room, durable->counted, 0);
    selection_free(durable->selection);
    stream_free(durable->stream);
    durable_answers_clear(&durable->waiting);
    durable_answers_clear(&durable->asked);
    bytes_clear(&durable->key);
    free(durable);
}

const char *durable_name(const struct durable *durable)
{
    return durable->name;
}

static int64_t durable_now_ms(const struct durable *durable)
{
    return loop_now_ms(durable->parts->loop);
}

/* --- sessions --- */

struct durable_session *durable_session(struct durable *durable, uint64_t session)
{
    for (size_t i = 0; i < durable->session_count; i++)
        if (durable->sessions[i].id == session)
            return &durable->sessions[i];
    return NULL;
}

static void durable_remove_session(struct durable *durable, uint64_t id)
{
    struct durable_session *session = durable_session(durable, id);
    if (!session)
        return;
    *session = durable->sessions[--durable->session_count];
    if (durable->session_count == 0)
        durable->idle_since_ms = durable_now_ms(durable);
}

static void durable_tell_refused(struct durable *durable, uint64_t session, enum wire_reason reason,
                                 const char *why)
{
    durable->parts->calls.on_refused(durable->parts->calls.owner, session, durable->name, reason, why);
}

/* The first subscriber says where a new stream begins and what it takes; those that come later say the same.
 */
static bool durable_agree(struct durable *durable, uint64_t session, const WireSubscribe *request)
{
    bool is_filter;
    char why[WHY_SIZE];
    AUTO(selection) *selection =
        selection_new(request->topics, request->n_topics, request->filter, &is_filter, why);
    if (!selection) {
        durable_tell_refused(durable, session, is_filter ? WIRE_BAD_FILTER : WIRE_BAD_TOPIC, why);
        return false;
    }
    bool asks_nothing = request->n_topics == 0 && !(request->filter && *request->filter);
    if (durable->selection && !asks_nothing &&
        !selection_is(durable->selection, request->topics, request->n_topics, request->filter)) {
        durable_tell_refused(durable, session, WIRE_BAD_TOPIC,
                             "the stream was begun with other topics or another filter");
        return false;
    }
    if (durable->selection)
        return true;
    durable->selection = TAKE(selection);
    if (request->from) {
        durable->start.from = request->from->from_case;
        if (request->from->from_case == WIRE_FROM__FROM_AFTER)
            durable->start.after = position_of(request->from->after);
        if (request->from->from_case == WIRE_FROM__FROM_SINCE_AT)
            durable->start.since_at = request->from->since_at;
    }
    return true;
}

enum { CREDIT_DEFAULT = 100, CREDIT_MOST = 10000 };

static unsigned credit_of(bool has_credit, uint32_t credit)
{
    return !has_credit ? CREDIT_DEFAULT : credit < CREDIT_MOST ? credit : CREDIT_MOST;
}

void durable_subscribe(struct durable *durable, uint64_t id, const WireSubscribe *request)
{
    if (durable->phase == DURABLE_GONE || durable->is_removed) {
        durable_tell_refused(durable, id, WIRE_STREAM_ELSEWHERE,
                             "the stream is being let go, subscribe again");
        return;
    }
    if (!durable_agree(durable, id, request)) {
        durable_leave(durable, id); /* it may have been here already */
        return;
    }
    struct durable_session *session = durable_session(durable, id);
    if (!session && durable->session_count == STREAM_SESSIONS) {
        durable_tell_refused(durable, id, WIRE_TOO_MANY, "too many connections share this stream");
        return;
    }
    if (!session)
        session = &durable->sessions[durable->session_count++];
    *session = (struct durable_session){.id = id, .credit = credit_of(request->has_credit, request->credit)};
    if (durable->phase != DURABLE_OPEN)
        return; /* told when it is open */
    session->joined_seq = newest_upto(decision_source_newest(durable->parts->source));
    stream_join(durable->stream, id, session->credit, durable_now_ms(durable));
    durable->parts->calls.on_subscribed(durable->parts->calls.owner, id, durable->name,
                                        stream_position(durable->stream), false);
}

void durable_leave(struct durable *durable, uint64_t session)
{
    if (durable->stream)
        stream_leave(durable->stream, session, durable_now_ms(durable));
    durable_remove_session(durable, session);
}

void durable_credit(struct durable *durable, uint64_t id, unsigned credit)
{
    struct durable_session *session = durable_session(durable, id);
    if (!session)
        return;
    session->credit = credit_of(true, credit);
    if (durable->phase == DURABLE_OPEN)
        stream_join(durable->stream, id, session->credit, durable_now_ms(durable));
}

/* --- answers --- */

static bool durable_parse(struct durable *durable, uint64_t session, const char *text,
                          struct place *ret_place)
{
    struct decision_id id;
    if (durable->phase != DURABLE_OPEN || decision_id_parse(text, &id) != 0) {
        durable_tell_refused(durable, session, WIRE_UNKNOWN_VALUE, "no such delivery");
        return false;
    }
    *ret_place = (struct place){.seq = id.position.seq, .ordinal = id.ordinal};
    return true;
}

void durable_confirm(struct durable *durable, uint64_t session, char **decision_ids, size_t count)
{
    struct place place;
    for (size_t i = 0; i < count; i++) {
        if (!durable_parse(durable, session, decision_ids[i], &place))
            return;
        switch (stream_confirm(durable->stream, session, place, durable_now_ms(durable))) {
        case STREAM_SETTLED:
            durable->parts->numbers->confirmed++;
            durable_answer_later(durable, session, decision_ids[i]);
            break;
        case STREAM_WAS_SETTLED:
            durable_answer_later(durable, session, decision_ids[i]);
            break;
        case STREAM_WILL_RETURN:
        case STREAM_UNKNOWN:
            durable_tell_refused(durable, session, WIRE_UNKNOWN_VALUE, decision_ids[i]);
            break;
        }
    }
}

void durable_refuse(struct durable *durable, uint64_t session, const WireRefuse *request)
{
    struct place place;
    if (!durable_parse(durable, session, request->decision_id, &place))
        return;
    durable->parts->numbers->refused++;
    switch (stream_refuse(durable->stream, session, place, request->reason, request->for_good,
                          durable_now_ms(durable))) {
    case STREAM_SETTLED:
        durable->is_dirty = true;
        break;
    case STREAM_UNKNOWN:
        durable_tell_refused(durable, session, WIRE_UNKNOWN_VALUE, request->decision_id);
        break;
    case STREAM_WAS_SETTLED:
    case STREAM_WILL_RETURN:
        break;
    }
}

/* --- taking in --- */

/* Offer one decision; takes the item. */
static void durable_offer(struct durable *durable, struct item *item, bool is_snapshot)
{
    bool is_taken = is_snapshot ? selection_takes_open_case(durable->selection, item)
                                : selection_takes(durable->selection, item);
    if (!is_taken) {
        item_release(item);
        return;
    }
    bytes_reset(&durable->key);
    item_hold_key(item, &durable->key);
    const struct stream_decision decision = {
        .place = item->place, .hold = bytes_slice(&durable->key), .is_snapshot = is_snapshot, .item = item};
    stream_add(durable->stream, &decision);
}

/* Every event's decisions are taken in whole; between events it stops when there is no room. */
static void durable_take_newest(struct durable *durable, const struct newest *newest, size_t most)
{
    size_t index, taken = 0;
    uint64_t done = stream_passed(durable->stream);
    struct item *item = newest_first_after(newest, done, &index);
    while (item) {
        if (item->place.seq > done && (taken >= most || !stream_has_room(durable->stream))) {
            stream_pass(durable->stream, item->place.seq - 1);
            return;
        }
        done = item->place.seq;
        durable_offer(durable, item_hold(item), false);
        taken++;
        item = newest_at(newest, ++index);
    }
    stream_pass(durable->stream, newest_upto(newest));
}

static void durable_on_decisions(void *owner, const struct decision_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    durable->wanted = 0;
    if (page->fault) {
        log_warning("store-unread", "could not read decisions, trying again", FIELD("stream", durable->name),
                    FIELD("reason", page->fault));
        loop_timer_set(durable->parts->loop, &durable->again, DURABLE_AGAIN_MS);
        return;
    }
    uint64_t passed = stream_passed(durable->stream);
    durable->is_small_page = page->upto <= passed;
    for (size_t i = 0; i < page->count && page->decisions[i].place.seq <= page->upto; i++) {
        AUTO(item) *item = item_new(page->decisions[i].packed);
        durable->parts->numbers->read_decisions++;
        if (item && item->place.seq > passed)
            durable_offer(durable, TAKE(item), false);
    }
    if (page->upto > passed)
        stream_pass(durable->stream, page->upto);
}

static void durable_ask_decisions(struct durable *durable, size_t most)
{
    struct decision_place after = {.seq = stream_passed(durable->stream), .ordinal = UINT32_MAX};
    durable->is_reading = true;
    durable->wanted = durable->is_small_page ? PAGE_DECISIONS_MOST : most;
    decision_read(durable->parts->database, after, durable->wanted, durable_on_decisions, durable);
}

/* Cases that changed after the stream's position come by themselves. */
static void durable_on_cases(void *owner, const struct decision_page *page)
{
    struct durable *durable = owner;
    durable->is_reading = false;
    durable->wanted = 0;
    if (page->fault) {
        loop_timer_set(durable->parts->loop, &durable->again, DURABLE_AGAIN_MS);
        return;
    }
    for (size_t i = 0; i < page->count; i++) {
        AUTO(item) *item = item_new(page->decisions[i].packed);
        if (!item || !item_case(item))
            continue;
        text_copy(durable->last_case, sizeof durable->last_case, item_case(item)->escalation_id);
        if (item->place.seq <= stream_passed(durable->stream))
            durable_offer(durable, TAKE(item), true);
    }
    if (page->count > 0)
        return;
    durable->is_taking_snapshot = false;
    stream_end_snapshot(durable->stream);
    durable->is_dirty = true;
}

static void durable_ask_cases(struct durable *durable, size_t most)
{
    durable->is_reading = true;
    durable->wanted = most < PAGE_CASES ? most : PAGE_CASES;
    case_read_open(durable->parts->database, durable->last_case, durable->wanted, durable_on_cases, durable);
}

/* --- room --- */

static size_t durable_open_count(const struct durable *durable)
{
    struct stream_figures figures = stream_figures(durable->stream);
    return figures.waiting + figures.held + figures.sent + figures.resting;
}

/* Tell the room what we hold, and what is on its way to us. */
static void durable_count(struct durable *durable)
{
    size_t now = durable->wanted + (durable->stream ? durable_open_count(durable) : 0);
    room_change(durable->parts->room, durable->counted, now);
    durable->counted = now;
}

static void durable_take(struct durable *durable)
{
    const struct newest *newest = decision_source_newest(durable->parts->source);
    bool is_behind = stream_passed(durable->stream) < newest_upto(newest);
    if (durable->is_reading || loop_timer_is_set(&durable->again) || !stream_has_room(durable->stream))
        return;
    size_t most = room_grant(durable->parts->room, durable_open_count(durable), PAGE_DECISIONS);
    if (most == 0)
        return;
    if (durable->is_taking_snapshot)
        durable_ask_cases(durable, most);
    else if (is_behind && stream_passed(durable->stream) < newest_after(newest))
        durable_ask_decisions(durable, most);
    else if (is_behind)
        durable_take_newest(durable, newest, most);
    durable_count(durable);
}

/* --- dead letters once more --- */

static void durable_on_resend(void *owner, const struct decision_page *page)
{
    struct durable *durable = owner;
    for (size_t i = 0; !page->fault && i < page->count; i++) {
        AUTO(item) *item = item_new(page->decisions[i].packed);
        if (!item || !durable->stream ||
            !dead_letters_find(stream_dead_letters(durable->stream), item->place))
            continue;
        bytes_reset(&durable->key);
        item_hold_key(item, &durable->key);
        const struct stream_decision decision = {
            .place = item->place, .hold = bytes_slice(&durable->key), .item = item};
        stream_resend(durable->stream, &decision);
        (void)TAKE(item);
    }
}

void durable_resend(struct durable *durable, uint64_t session, const char *decision_id)
{
    struct place place;
    if (decision_id) {
        if (durable_parse(durable, session, decision_id, &place))
            decision_read_event(durable->parts->database, place.seq, durable_on_resend, durable);
        return;
    }
    size_t at = 0;
    const struct dead_letter *letter;
    uint64_t last = 0;
    while (durable->phase == DURABLE_OPEN &&
           (letter = dead_letters_next(stream_dead_letters(durable->stream), &at))) {
        if (letter->place.seq != last)
            decision_read_event(durable->parts->database, letter->place.seq, durable_on_resend, durable);
        last = letter->place.seq;
    }
}

/* --- delivering --- */

static bool durable_send(struct durable *durable, const struct stream_sending *sending)
{
    const struct item *item = sending->item;
    const struct durable_session *session = durable_session(durable, sending->session);
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
    durable->parts->numbers->delivered++;
    durable->parts->numbers->redelivered += sending->attempt > 1;
    return durable->parts->calls.on_delivery(durable->parts->calls.owner, &delivery);
}

static void durable_deliver(struct durable *durable)
{
    int64_t now_ms = durable_now_ms(durable);
    struct stream_sending sending;
    stream_tick(durable->stream, now_ms);
    int left = DELIVERIES_A_TURN;
    while (left-- > 0 && stream_next(durable->stream, now_ms, &sending))
        if (!durable_send(durable, &sending))
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
        durable->phase = DURABLE_GONE; /* who wanted it was refused, or has left before it was open */
    if (durable->phase == DURABLE_GONE)
        return;
    durable_keep_lease(durable);
    if (durable->phase != DURABLE_OPEN)
        return;
    durable_take(durable);
    durable_deliver(durable);
    durable_take(durable); /* credit has made room */
    durable_count(durable);
    bool has_moved = stream_position(durable->stream) > durable->written_position &&
                     durable_now_ms(durable) - durable->written_ms > DURABLE_LAZY_WRITE_MS;
    if (durable->write_id == 0 && (durable->is_dirty || has_moved))
        durable_write(durable);
}

/* --- the end --- */

void durable_forget(struct durable *durable, uint64_t session)
{
    if (durable->phase != DURABLE_OPEN) {
        durable_tell_refused(durable, session, WIRE_UNKNOWN_STREAM, "the stream is not open");
        return;
    }
    durable->is_removed = true;
    durable->is_dirty = false;
    durable_write_removal(durable);
    while (durable->session_count)
        durable_leave(durable, durable->sessions[0].id);
    durable->phase = DURABLE_BEGINNING; /* takes and delivers nothing while its removal is on its way */
}

void durable_other_log(struct durable *durable, uint64_t cursor)
{
    if (!durable->stream || stream_passed(durable->stream) <= cursor)
        return;
    log_error("stream-beyond-log",
              "a stream's position lies beyond the log, its subscribers must begin again",
              FIELD("stream", durable->name), FIELD("position", stream_passed(durable->stream)),
              FIELD("end", cursor));
    durable_refuse_all(durable, WIRE_BEYOND_HEAD, "the log was restored to an earlier time");
}

bool durable_is_done(const struct durable *durable)
{
    if (durable->phase == DURABLE_GONE)
        return durable->write_id == 0;
    bool is_idle =
        durable->session_count == 0 && durable_now_ms(durable) - durable->idle_since_ms > DURABLE_IDLE_MS;
    return is_idle && !durable_is_writing(durable);
}

struct stream_figures durable_figures(const struct durable *durable, uint64_t *ret_behind)
{
    *ret_behind = 0;
    if (!durable->stream)
        return (struct stream_figures){0};
    uint64_t upto = newest_upto(decision_source_newest(durable->parts->source));
    uint64_t position = stream_position(durable->stream);
    *ret_behind = upto > position ? upto - position : 0;
    return stream_figures(durable->stream);
}
