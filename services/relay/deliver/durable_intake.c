/* durable_intake: what a stream takes in: the newest decisions, or the stored ones when it is behind, the
 * cases that were open when it began, and dead letters once more. */
#include "services/relay/deliver/durable_state.h"

#include "common/service/log.h"
#include "common/store/read/case_reader.h"

enum {
    PAGE_DECISIONS = 1000,
    PAGE_DECISIONS_MOST = 8192, /* those of one event always fit */
    PAGE_CASES = 500,
    LETTER_TRIES = 5,
};

/* Offer one decision; takes the item. */
static void offer(struct durable *durable, struct item *item, bool is_snapshot)
{
    bool is_wanted = is_snapshot ? selection_wants_open_case(durable->selection, item)
                                 : selection_wants(durable->selection, item);
    if (!is_wanted) {
        item_release(item);
        return;
    }
    bytes_reset(&durable->key);
    item_hold_key(item, &durable->key);
    const struct stream_decision decision = {
        .place = item->place, .hold = bytes_slice(&durable->key), .is_snapshot = is_snapshot, .item = item};
    stream_add(durable->stream, &decision);
}

/* The decisions of one event are taken in together; between events it stops when there is no room. */
static void add_newest(struct durable *durable, const struct newest *newest, size_t most)
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
        offer(durable, item_hold(item), false);
        taken++;
        item = newest_at(newest, ++index);
    }
    stream_pass(durable->stream, newest_upto(newest));
}

static void on_decisions(void *owner, const struct decision_page *page)
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
            offer(durable, TAKE(item), false);
    }
    if (page->upto > passed)
        stream_pass(durable->stream, page->upto);
}

static void ask_decisions(struct durable *durable, size_t most)
{
    struct decision_place after = {.seq = stream_passed(durable->stream), .ordinal = UINT32_MAX};
    durable->is_reading = true;
    durable->wanted = durable->is_small_page ? PAGE_DECISIONS_MOST : most;
    decision_read(durable->parts->database, after, durable->wanted, on_decisions, durable);
}

/* Cases that changed after the stream's position come by themselves. */
static void on_cases(void *owner, const struct decision_page *page)
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
            offer(durable, TAKE(item), true);
    }
    if (page->count > 0)
        return;
    durable->is_taking_snapshot = false;
    stream_end_snapshot(durable->stream);
    durable->is_dirty = true;
}

static void ask_cases(struct durable *durable, size_t most)
{
    durable->is_reading = true;
    durable->wanted = most < PAGE_CASES ? most : PAGE_CASES;
    case_read_open(durable->parts->database, durable->last_case, durable->wanted, on_cases, durable);
}

/* --- room --- */

static size_t open_count(const struct durable *durable)
{
    struct stream_figures figures = stream_figures(durable->stream);
    return figures.waiting + figures.held + figures.sent + figures.resting;
}

void durable_intake_measure(struct durable *durable)
{
    size_t now = durable->wanted + (durable->stream ? open_count(durable) : 0);
    room_change(durable->parts->room, durable->counted, now);
    durable->counted = now;
}

void durable_intake_fill(struct durable *durable)
{
    const struct newest *newest = decision_source_newest(durable->parts->source);
    bool is_behind = stream_passed(durable->stream) < newest_upto(newest);
    if (durable->is_reading || loop_timer_is_set(&durable->again) || !stream_has_room(durable->stream))
        return;
    size_t most = room_grant(durable->parts->room, open_count(durable), PAGE_DECISIONS);
    if (most == 0)
        return;
    if (durable->is_taking_snapshot)
        ask_cases(durable, most);
    else if (is_behind && stream_passed(durable->stream) < newest_after(newest))
        ask_decisions(durable, most);
    else if (is_behind)
        add_newest(durable, newest, most);
    durable_intake_measure(durable);
}

/* --- dead letters once more --- */

static void read_letter(struct durable *durable);

static void resend(struct durable *durable, const struct decision_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        AUTO(item) *item = item_new(page->decisions[i].packed);
        if (!item || !durable->stream || !places_has(&durable->resending, item->place))
            continue;
        bytes_reset(&durable->key);
        item_hold_key(item, &durable->key);
        const struct stream_decision decision = {
            .place = item->place, .hold = bytes_slice(&durable->key), .item = item};
        stream_resend(durable->stream, &decision);
        (void)TAKE(item);
    }
}

static void on_letter(void *owner, const struct decision_page *page)
{
    struct durable *durable = owner;
    durable->is_reading_letter = false;
    if (page->fault && ++durable->letter_tries < LETTER_TRIES) {
        read_letter(durable);
        return;
    }
    if (page->fault)
        log_warning("dead-letter-unread", "could not read a dead letter, it stays one",
                    FIELD("stream", durable->name), FIELD("reason", page->fault));
    else
        resend(durable, page);
    durable->letter_tries = 0;
    if (durable->resending.count)
        places_drop_upto(&durable->resending, durable->resending.all[0].seq);
    read_letter(durable);
}

static void read_letter(struct durable *durable)
{
    if (durable->is_reading_letter || durable->resending.count == 0)
        return;
    durable->is_reading_letter = true;
    decision_read_event(durable->parts->database, durable->resending.all[0].seq, on_letter, durable);
}

void durable_resend(struct durable *durable, uint64_t session, const char *decision_id)
{
    struct place place;
    if (decision_id && !durable_answers_place(durable, session, decision_id, &place))
        return;
    if (durable->phase != DURABLE_OPEN) {
        durable_session_refuse(durable, session, WIRE_UNKNOWN_STREAM, "the stream is not open yet");
        return;
    }
    const struct dead_letters *dead = stream_dead_letters(durable->stream);
    if (decision_id && !dead_letters_find(dead, place)) {
        durable_answers_refuse(durable, session, decision_id, "is no dead letter of this stream");
        return;
    }
    size_t at = 0, count = 0;
    const struct dead_letter *letter;
    while ((letter = dead_letters_next(dead, &at)))
        if (!decision_id || place_compare(letter->place, place) == 0) {
            places_add(&durable->resending, letter->place);
            count++;
        }
    read_letter(durable);
    durable_session_done(durable, session, "resend", decision_id, count);
}
