/* stream: deliveries move between five states; a heap by place of those ready, one by time of those that wait
 * for a moment, one by place of those that keep the low-water mark down. */
#include "services/relay/stream.h"

#include "common/base/heap.h"
#include "common/base/list.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#include <assert.h>
#include <errno.h>

enum delivery_state { DELIVERY_HELD, DELIVERY_READY, DELIVERY_SENT, DELIVERY_RESTING };

struct hold {
    struct list deliveries; /* the first may be sent, the others wait for it */
    size_t key_size;
    uint8_t key[];
};

struct delivery {
    struct place place;
    struct place_key key;
    enum delivery_state state;
    unsigned attempts;
    bool is_snapshot;
    bool is_resent;   /* is a dead letter meanwhile */
    uint64_t session; /* of SENT */
    int64_t sent_ms;
    struct hold *hold; /* NULL: held by nothing */
    struct list_node in_hold;
    struct heap_node turn;      /* in ready or due, by its state */
    struct heap_node unsettled; /* of those in order */
    void *item;
};

struct session {
    uint64_t id;
    unsigned credit;
    unsigned sent;
    int64_t answered_ms; /* when it last confirmed or refused something, or joined */
};

struct stream {
    const struct stream_rules *rules;
    uint64_t passed;
    struct places settled; /* beyond the position */
    struct places snapshot_settled;
    bool snapshot_is_pending;
    bool snapshot_is_complete; /* all of it was taken in */
    size_t snapshot_open;
    struct map deliveries;
    struct map holds;
    struct heap ready;
    struct heap due;
    struct heap unsettled;
    struct dead_letters dead;
    struct places new_dead;
    struct places revived;
    struct session sessions[STREAM_SESSIONS];
    size_t session_count;
    struct stream_figures figures;
};

/* An answer that never comes is not waited for longer, however busy its session is: in units of answer_ms. */
enum { LONGEST_ANSWERS = 10 };

struct stream *stream_new(const struct stream_rules *rules, uint64_t position, uint64_t seed)
{
    struct stream *stream = NEW(stream);
    stream->rules = rules;
    stream->passed = position;
    map_init(&stream->deliveries, seed);
    map_init(&stream->holds, seed);
    dead_letters_init(&stream->dead, seed);
    return stream;
}

void stream_free(struct stream *stream)
{
    if (!stream)
        return;
    heap_clear(&stream->ready);
    heap_clear(&stream->due);
    heap_clear(&stream->unsettled);
    struct delivery *delivery;
    MAP_EACH(delivery, &stream->deliveries) {
        stream->rules->release(delivery->item);
        free(delivery);
    }
    struct hold *hold;
    MAP_EACH(hold, &stream->holds)
        free(hold);
    map_clear(&stream->deliveries);
    map_clear(&stream->holds);
    places_clear(&stream->settled);
    places_clear(&stream->snapshot_settled);
    places_clear(&stream->new_dead);
    places_clear(&stream->revived);
    dead_letters_clear(&stream->dead);
    free(stream);
}

/* --- as it was stored --- */

void stream_restore_settled(struct stream *stream, struct place place)
{
    places_add(place.seq > stream->passed ? &stream->settled : &stream->snapshot_settled, place);
}

void stream_restore_dead_letter(struct stream *stream, const struct dead_letter *letter)
{
    dead_letters_put(&stream->dead, letter);
}

void stream_begin_snapshot(struct stream *stream)
{
    stream->snapshot_is_pending = true;
    stream->snapshot_is_complete = false;
}

static void stream_check_snapshot(struct stream *stream)
{
    if (!stream->snapshot_is_complete || stream->snapshot_open > 0)
        return;
    stream->snapshot_is_pending = false;
    places_clear(&stream->snapshot_settled);
}

void stream_end_snapshot(struct stream *stream)
{
    stream->snapshot_is_complete = true;
    stream_check_snapshot(stream);
}

bool stream_snapshot_is_pending(const struct stream *stream)
{
    return stream->snapshot_is_pending;
}

/* --- states --- */

static void delivery_leave_state(struct stream *stream, struct delivery *delivery)
{
    switch (delivery->state) {
    case DELIVERY_HELD:
        stream->figures.held--;
        break;
    case DELIVERY_READY:
        stream->figures.waiting--;
        heap_remove(&stream->ready, &delivery->turn);
        break;
    case DELIVERY_SENT:
        stream->figures.sent--;
        heap_remove(&stream->due, &delivery->turn);
        break;
    case DELIVERY_RESTING:
        stream->figures.resting--;
        heap_remove(&stream->due, &delivery->turn);
        break;
    }
}

static void delivery_make_held(struct stream *stream, struct delivery *delivery)
{
    delivery->state = DELIVERY_HELD;
    stream->figures.held++;
}

static void delivery_make_ready(struct stream *stream, struct delivery *delivery)
{
    delivery->state = DELIVERY_READY;
    stream->figures.waiting++;
    heap_put_ordered(&stream->ready, &delivery->turn, (int64_t)delivery->place.seq, delivery->place.ordinal);
}

static void delivery_make_sent(struct stream *stream, struct delivery *delivery, uint64_t session,
                               int64_t now_ms)
{
    delivery->state = DELIVERY_SENT;
    delivery->session = session;
    delivery->sent_ms = now_ms;
    delivery->attempts++;
    stream->figures.sent++;
    stream->figures.redelivered += delivery->attempts > 1;
    heap_put(&stream->due, &delivery->turn, now_ms + stream->rules->answer_ms);
}

static void delivery_make_resting(struct stream *stream, struct delivery *delivery, int64_t now_ms)
{
    delivery->state = DELIVERY_RESTING;
    stream->figures.resting++;
    uint64_t chance = map_hash(delivery->attempts, &delivery->key, sizeof delivery->key);
    heap_put(&stream->due, &delivery->turn,
             now_ms + backoff_delay_ms(&stream->rules->rest, delivery->attempts, chance));
}

static struct delivery *delivery_of_turn(struct heap_node *node)
{
    return CONTAINER_OF(node, struct delivery, turn);
}

/* --- holds --- */

static struct hold *stream_hold(struct stream *stream, struct slice key)
{
    struct hold *hold = map_find(&stream->holds, key.data, key.size);
    if (hold)
        return hold;
    hold = allocate(sizeof *hold + key.size);
    list_init(&hold->deliveries);
    hold->key_size = key.size;
    memcpy(hold->key, key.data, key.size);
    map_put(&stream->holds, hold->key, key.size, hold);
    return hold;
}

/* The delivery is done with its hold: the next one may be sent. */
static void hold_release(struct stream *stream, struct delivery *delivery)
{
    struct hold *hold = delivery->hold;
    if (!hold)
        return;
    bool was_first = list_first(&hold->deliveries) == &delivery->in_hold;
    list_remove(&delivery->in_hold);
    struct list_node *next = list_first(&hold->deliveries);
    if (!next) {
        map_take(&stream->holds, hold->key, hold->key_size);
        free(hold);
    } else if (was_first) {
        struct delivery *follower = CONTAINER_OF(next, struct delivery, in_hold);
        delivery_leave_state(stream, follower);
        delivery_make_ready(stream, follower);
    }
}

static struct slice delivery_hold_key(const struct delivery *delivery)
{
    return delivery->hold ? slice_of(delivery->hold->key, delivery->hold->key_size) : slice_of(NULL, 0);
}

/* --- taking in --- */

bool stream_has_room(const struct stream *stream)
{
    return stream->session_count > 0 &&
           stream->unsettled.count + stream->snapshot_open + stream->settled.count < STREAM_WINDOW &&
           stream->figures.waiting + stream->figures.held < STREAM_AHEAD;
}

static struct delivery *stream_find(const struct stream *stream, struct place place)
{
    struct place_key key = place_key(place);
    return map_find(&stream->deliveries, &key, sizeof key);
}

static struct delivery *stream_add(struct stream *stream, const struct stream_decision *decision)
{
    struct delivery *delivery = NEW(delivery);
    delivery->place = decision->place;
    delivery->key = place_key(decision->place);
    delivery->item = decision->item;
    map_put(&stream->deliveries, &delivery->key, sizeof delivery->key, delivery);
    bool is_held = false;
    if (decision->hold.size) {
        delivery->hold = stream_hold(stream, decision->hold);
        is_held = !list_is_empty(&delivery->hold->deliveries);
        list_append(&delivery->hold->deliveries, &delivery->in_hold);
    }
    if (is_held)
        delivery_make_held(stream, delivery);
    else
        delivery_make_ready(stream, delivery);
    return delivery;
}

void stream_take(struct stream *stream, const struct stream_decision *decision)
{
    assert(decision->is_snapshot == (decision->place.seq <= stream->passed));
    const struct places *settled = decision->is_snapshot ? &stream->snapshot_settled : &stream->settled;
    if (places_has(settled, decision->place) || stream_find(stream, decision->place)) {
        stream->rules->release(decision->item);
        return;
    }
    struct delivery *delivery = stream_add(stream, decision);
    delivery->is_snapshot = decision->is_snapshot;
    if (delivery->is_snapshot)
        stream->snapshot_open++;
    else
        heap_put_ordered(&stream->unsettled, &delivery->unsettled, (int64_t)delivery->place.seq,
                         delivery->place.ordinal);
}

void stream_resend(struct stream *stream, const struct stream_decision *decision)
{
    if (stream_find(stream, decision->place) || !dead_letters_find(&stream->dead, decision->place))
        stream->rules->release(decision->item);
    else
        stream_add(stream, decision)->is_resent = true;
}

uint64_t stream_position(const struct stream *stream)
{
    const struct heap_node *first = heap_first(&stream->unsettled);
    return first ? (uint64_t)first->key - 1 : stream->passed;
}

void stream_pass(struct stream *stream, uint64_t seq)
{
    assert(seq >= stream->passed);
    stream->passed = seq;
    places_drop_upto(&stream->settled, stream_position(stream));
}

uint64_t stream_passed(const struct stream *stream)
{
    return stream->passed;
}

/* --- settling --- */

static struct session *stream_session(struct stream *stream, uint64_t id)
{
    for (size_t i = 0; i < stream->session_count; i++)
        if (stream->sessions[i].id == id)
            return &stream->sessions[i];
    return NULL;
}

/* Its session, if it is with one, has room for another. */
static void stream_take_back(struct stream *stream, struct delivery *delivery)
{
    struct session *session =
        delivery->state == DELIVERY_SENT ? stream_session(stream, delivery->session) : NULL;
    if (session)
        session->sent--;
    delivery_leave_state(stream, delivery);
}

static void stream_settle(struct stream *stream, struct delivery *delivery)
{
    stream_take_back(stream, delivery);
    hold_release(stream, delivery);
    map_take(&stream->deliveries, &delivery->key, sizeof delivery->key);
    if (delivery->is_snapshot) {
        stream->snapshot_open--;
        places_add(&stream->snapshot_settled, delivery->place);
        stream_check_snapshot(stream);
    } else if (!delivery->is_resent) {
        heap_remove(&stream->unsettled, &delivery->unsettled);
        places_add(&stream->settled, delivery->place);
        places_drop_upto(&stream->settled, stream_position(stream));
    }
    stream->rules->release(delivery->item);
    free(delivery);
}

static void stream_bury(struct stream *stream, struct delivery *delivery, const char *reason)
{
    struct dead_letter letter = {
        .place = delivery->place,
        .attempts = delivery->attempts,
        .hold = delivery_hold_key(delivery),
    };
    text_copy(letter.reason, sizeof letter.reason, reason);
    dead_letters_put(&stream->dead, &letter);
    places_remove(&stream->revived, delivery->place);
    places_add(&stream->new_dead, delivery->place);
    stream_settle(stream, delivery);
}

static void stream_revive(struct stream *stream, struct place place)
{
    dead_letters_remove(&stream->dead, place);
    places_remove(&stream->new_dead, place);
    places_add(&stream->revived, place);
}

/* An attempt has failed: another one later, or none any more. */
static enum stream_answer stream_fail(struct stream *stream, struct delivery *delivery, const char *reason,
                                      bool for_good, int64_t now_ms)
{
    bool has_grave = dead_letters_count(&stream->dead) < STREAM_DEAD_LETTERS ||
                     dead_letters_find(&stream->dead, delivery->place);
    if (has_grave && (for_good || delivery->attempts >= stream->rules->attempts)) {
        stream_bury(stream, delivery, reason);
        return STREAM_SETTLED;
    }
    stream_take_back(stream, delivery);
    delivery_make_resting(stream, delivery, now_ms);
    return STREAM_WILL_RETURN;
}

static enum stream_answer stream_not_open(const struct stream *stream, struct place place)
{
    bool was_settled = place.seq <= stream_position(stream) || places_has(&stream->settled, place);
    return was_settled ? STREAM_WAS_SETTLED : STREAM_UNKNOWN;
}

/* The delivery that `session` answers; NULL when it is not open or was never sent. */
static struct delivery *stream_answered(struct stream *stream, uint64_t session_id, struct place place,
                                        int64_t now_ms)
{
    struct session *session = stream_session(stream, session_id);
    if (session)
        session->answered_ms = now_ms;
    struct delivery *delivery = stream_find(stream, place);
    return delivery && delivery->attempts > 0 ? delivery : NULL;
}

enum stream_answer stream_confirm(struct stream *stream, uint64_t session, struct place place, int64_t now_ms)
{
    struct delivery *delivery = stream_answered(stream, session, place, now_ms);
    if (!delivery)
        return stream_find(stream, place) ? STREAM_UNKNOWN : stream_not_open(stream, place);
    if (dead_letters_find(&stream->dead, place))
        stream_revive(stream, place);
    stream_settle(stream, delivery);
    return STREAM_SETTLED;
}

enum stream_answer stream_refuse(struct stream *stream, uint64_t session, struct place place,
                                 const char *reason, bool for_good, int64_t now_ms)
{
    struct delivery *delivery = stream_answered(stream, session, place, now_ms);
    if (!delivery)
        return stream_find(stream, place) ? STREAM_UNKNOWN : stream_not_open(stream, place);
    if (delivery->state != DELIVERY_SENT)
        return STREAM_WILL_RETURN;
    return stream_fail(stream, delivery, reason, for_good, now_ms);
}

/* --- sessions --- */

int stream_join(struct stream *stream, uint64_t id, unsigned credit, int64_t now_ms)
{
    struct session *session = stream_session(stream, id);
    if (!session && stream->session_count == STREAM_SESSIONS)
        return -ENOSPC;
    if (!session) {
        session = &stream->sessions[stream->session_count++];
        *session = (struct session){.id = id, .answered_ms = now_ms};
    }
    session->credit = credit;
    return 0;
}

void stream_leave(struct stream *stream, uint64_t id, int64_t now_ms)
{
    struct session *session = stream_session(stream, id);
    if (!session)
        return;
    struct delivery *delivery;
    MAP_EACH(delivery, &stream->deliveries)
        if (delivery->state == DELIVERY_SENT && delivery->session == id) {
            delivery_leave_state(stream, delivery);
            delivery_make_resting(stream, delivery, now_ms);
        }
    *session = stream->sessions[--stream->session_count];
}

/* Who has most room; NULL when nobody has any. */
static struct session *stream_roomiest(struct stream *stream)
{
    struct session *best = NULL;
    for (size_t i = 0; i < stream->session_count; i++) {
        struct session *session = &stream->sessions[i];
        if (session->sent < session->credit &&
            (!best || session->credit - session->sent > best->credit - best->sent))
            best = session;
    }
    return best;
}

/* --- delivering --- */

bool stream_next(struct stream *stream, int64_t now_ms, struct stream_sending *ret_sending)
{
    struct session *session = stream_roomiest(stream);
    struct heap_node *first = heap_first(&stream->ready);
    if (!session || !first)
        return false;
    struct delivery *delivery = delivery_of_turn(first);
    delivery_leave_state(stream, delivery);
    delivery_make_sent(stream, delivery, session->id, now_ms);
    session->sent++;
    const struct dead_letter *dead = dead_letters_of_hold(&stream->dead, delivery_hold_key(delivery));
    bool has_dead = dead && place_compare(dead->place, delivery->place) != 0;
    *ret_sending = (struct stream_sending){
        .session = session->id,
        .place = delivery->place,
        .attempt = delivery->attempts,
        .is_snapshot = delivery->is_snapshot,
        .has_dead_letter = has_dead,
        .dead_letter = has_dead ? dead->place : (struct place){0},
        .item = delivery->item,
    };
    return true;
}

/* A session that works through what it holds is given time; one that is stuck is not. */
static int64_t delivery_patience_ms(struct stream *stream, const struct delivery *delivery)
{
    const struct session *session = stream_session(stream, delivery->session);
    int64_t from_ms =
        session && session->answered_ms > delivery->sent_ms ? session->answered_ms : delivery->sent_ms;
    int64_t due_ms = from_ms + stream->rules->answer_ms;
    int64_t last_ms = delivery->sent_ms + LONGEST_ANSWERS * stream->rules->answer_ms;
    return due_ms < last_ms ? due_ms : last_ms;
}

void stream_tick(struct stream *stream, int64_t now_ms)
{
    for (struct heap_node *first; (first = heap_first(&stream->due)) && first->key <= now_ms;) {
        struct delivery *delivery = delivery_of_turn(first);
        if (delivery->state == DELIVERY_RESTING && delivery->attempts >= stream->rules->attempts &&
            dead_letters_count(&stream->dead) < STREAM_DEAD_LETTERS) {
            stream_bury(stream, delivery, "unanswered");
        } else if (delivery->state == DELIVERY_RESTING) {
            delivery_leave_state(stream, delivery);
            delivery_make_ready(stream, delivery);
        } else if (delivery_patience_ms(stream, delivery) > now_ms) {
            heap_put(&stream->due, first, delivery_patience_ms(stream, delivery));
        } else {
            stream_fail(stream, delivery, "unanswered", false, now_ms);
        }
    }
}

int64_t stream_due_ms(const struct stream *stream)
{
    const struct heap_node *first = heap_first(&stream->due);
    return first ? first->key : INT64_MAX;
}

/* --- what is to be stored, and figures --- */

const struct places *stream_settled(const struct stream *stream)
{
    return &stream->settled;
}

const struct places *stream_snapshot_settled(const struct stream *stream)
{
    return &stream->snapshot_settled;
}

const struct dead_letters *stream_dead_letters(const struct stream *stream)
{
    return &stream->dead;
}

struct places *stream_new_dead_letters(struct stream *stream)
{
    return &stream->new_dead;
}

struct places *stream_revived_dead_letters(struct stream *stream)
{
    return &stream->revived;
}

struct stream_figures stream_figures(const struct stream *stream)
{
    struct stream_figures figures = stream->figures;
    figures.dead_letters = dead_letters_count(&stream->dead);
    return figures;
}
