/* stream_settle: what becomes of a delivery: confirmed, tried again, or a dead letter. */
#include "services/relay/stream/stream_state.h"

#include "common/base/text.h"

#include <stdlib.h>

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

void stream_bury(struct stream *stream, struct delivery *delivery, const char *reason)
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

enum stream_answer stream_fail(struct stream *stream, struct delivery *delivery, const char *reason,
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
