/* stream: one heap by place of the deliveries that are ready, one by time of those that wait for a moment,
 * one by place of those that keep the low-water mark down. */
#include "services/relay/stream/stream_state.h"

#include "common/base/memory.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct tried {
    struct place_key key;
    struct stream_tried made;
};

struct stream *stream_new(const struct stream_rules *rules, uint64_t position, uint64_t seed)
{
    struct stream *stream = NEW(stream);
    stream->rules = rules;
    stream->passed = position;
    map_init(&stream->deliveries, seed);
    map_init(&stream->holds, seed);
    map_init(&stream->tried, seed);
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
    struct tried *tried;
    MAP_EACH(tried, &stream->tried)
        free(tried);
    map_clear(&stream->tried);
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

void stream_restore_tried(struct stream *stream, struct place place, unsigned attempts)
{
    struct place_key key = place_key(place);
    if (map_find(&stream->tried, &key, sizeof key))
        return;
    struct tried *tried = NEW(tried);
    tried->key = key;
    tried->made = (struct stream_tried){.place = place, .attempts = attempts};
    map_put(&stream->tried, &tried->key, sizeof tried->key, tried);
}

static unsigned take_tried(struct stream *stream, const struct place_key *key)
{
    struct tried *tried = map_take(&stream->tried, key, sizeof *key);
    unsigned attempts = tried ? tried->made.attempts : 0;
    free(tried);
    return attempts;
}

void stream_begin_snapshot(struct stream *stream)
{
    stream->snapshot_is_pending = true;
    stream->snapshot_is_complete = false;
}

void stream_check_snapshot(struct stream *stream)
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

/* --- adding --- */

bool stream_has_room(const struct stream *stream)
{
    return stream->session_count > 0 &&
           stream->unsettled.count + stream->snapshot_open + stream->settled.count < STREAM_WINDOW &&
           stream->figures.waiting + stream->figures.held < STREAM_AHEAD;
}

struct delivery *stream_find_delivery(const struct stream *stream, struct place place)
{
    struct place_key key = place_key(place);
    return map_find(&stream->deliveries, &key, sizeof key);
}

static struct delivery *add(struct stream *stream, const struct stream_decision *decision)
{
    struct delivery *delivery = NEW(delivery);
    delivery->place = decision->place;
    delivery->key = place_key(decision->place);
    delivery->item = decision->item;
    map_put(&stream->deliveries, &delivery->key, sizeof delivery->key, delivery);
    if (decision->hold.size && hold_join(stream, delivery, decision->hold))
        delivery_make_held(stream, delivery);
    else
        delivery_make_ready(stream, delivery);
    return delivery;
}

void stream_add(struct stream *stream, const struct stream_decision *decision)
{
    assert(decision->is_snapshot == (decision->place.seq <= stream->passed));
    const struct places *settled = decision->is_snapshot ? &stream->snapshot_settled : &stream->settled;
    if (places_has(settled, decision->place) || stream_find_delivery(stream, decision->place)) {
        stream->rules->release(decision->item);
        return;
    }
    struct delivery *delivery = add(stream, decision);
    delivery->attempts = take_tried(stream, &delivery->key);
    delivery->is_snapshot = decision->is_snapshot;
    if (delivery->is_snapshot)
        stream->snapshot_open++;
    else
        heap_put_ordered(&stream->unsettled, &delivery->unsettled, (int64_t)delivery->place.seq,
                         delivery->place.ordinal);
}

void stream_resend(struct stream *stream, const struct stream_decision *decision)
{
    if (stream_find_delivery(stream, decision->place) || !dead_letters_find(&stream->dead, decision->place))
        stream->rules->release(decision->item);
    else
        add(stream, decision)->is_resent = true;
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

/* --- sessions --- */

struct session *stream_find_session(struct stream *stream, uint64_t id)
{
    for (size_t i = 0; i < stream->session_count; i++)
        if (stream->sessions[i].id == id)
            return &stream->sessions[i];
    return NULL;
}

int stream_join(struct stream *stream, uint64_t id, unsigned credit, int64_t now_ms)
{
    struct session *session = stream_find_session(stream, id);
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
    struct session *session = stream_find_session(stream, id);
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

/* The session with the most room; NULL when none has any. */
static struct session *roomiest(struct stream *stream)
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
    struct session *session = roomiest(stream);
    struct heap_node *first = heap_first(&stream->ready);
    if (!session || !first)
        return false;
    struct delivery *delivery = delivery_of_turn(first);
    delivery_leave_state(stream, delivery);
    delivery_make_sent(stream, delivery, session->id, now_ms);
    session->sent++;
    const struct dead_letter *dead = dead_letters_of_hold(&stream->dead, hold_key(delivery));
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

/* What an earlier run tried and was not read again yet counts too. */
size_t stream_tried(const struct stream *stream, struct stream_tried *into, size_t most)
{
    size_t count = 0;
    const struct tried *earlier;
    MAP_EACH(earlier, &stream->tried)
        if (count < most)
            into[count++] = earlier->made;
    const struct delivery *delivery;
    MAP_EACH(delivery, &stream->deliveries)
        if (count < most && delivery->attempts > 0 && !delivery->is_resent)
            into[count++] = (struct stream_tried){.place = delivery->place, .attempts = delivery->attempts};
    return count;
}

struct stream_figures stream_figures(const struct stream *stream)
{
    struct stream_figures figures = stream->figures;
    figures.dead_letters = dead_letters_count(&stream->dead);
    return figures;
}
