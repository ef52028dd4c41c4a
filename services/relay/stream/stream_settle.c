/* stream_settle: what becomes of a delivery: settled, sent again later, or a dead letter. */
#include "services/relay/stream/stream_state.h"

#include "common/base/text.h"

#include <stdlib.h>

/* However busy its session is, an answer is not waited for longer: in units of answer_ms. */
enum { LONGEST_ANSWERS = 10 };

/* Its session, if it is with one, has room for another. */
static void recall(struct stream *stream, struct delivery *delivery)
{
    struct session *session =
        delivery->state == DELIVERY_SENT ? stream_find_session(stream, delivery->session) : NULL;
    if (session)
        session->sent--;
    delivery_leave_state(stream, delivery);
}

static void settle(struct stream *stream, struct delivery *delivery)
{
    recall(stream, delivery);
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

static void bury(struct stream *stream, struct delivery *delivery, const char *reason)
{
    struct dead_letter letter = {
        .place = delivery->place,
        .attempts = delivery->attempts,
        .hold = hold_key(delivery),
    };
    text_copy(letter.reason, sizeof letter.reason, reason);
    dead_letters_put(&stream->dead, &letter);
    places_remove(&stream->revived, delivery->place);
    places_add(&stream->new_dead, delivery->place);
    settle(stream, delivery);
}

static void revive(struct stream *stream, struct place place)
{
    dead_letters_remove(&stream->dead, place);
    places_remove(&stream->new_dead, place);
    places_add(&stream->revived, place);
}

/* An attempt has failed: another one later, or none any more. */
static enum stream_answer fail(struct stream *stream, struct delivery *delivery, const char *reason,
                               bool for_good, int64_t now_ms)
{
    bool has_grave = dead_letters_count(&stream->dead) < STREAM_DEAD_LETTERS ||
                     dead_letters_find(&stream->dead, delivery->place);
    if (has_grave && (for_good || delivery->attempts >= stream->rules->attempts)) {
        bury(stream, delivery, reason);
        return STREAM_SETTLED;
    }
    recall(stream, delivery);
    delivery_make_resting(stream, delivery, now_ms);
    return STREAM_WILL_RETURN;
}

/* The delivery that the session answers. NULL, and what to say, when it is not open or was never sent. */
static struct delivery *find_answered(struct stream *stream, uint64_t session_id, struct place place,
                                      int64_t now_ms, enum stream_answer *ret_answer)
{
    struct session *session = stream_find_session(stream, session_id);
    if (session)
        session->answered_ms = now_ms;
    struct delivery *delivery = stream_find_delivery(stream, place);
    if (delivery && delivery->attempts > 0)
        return delivery;
    bool was_settled =
        !delivery && (place.seq <= stream_position(stream) || places_has(&stream->settled, place));
    *ret_answer = was_settled ? STREAM_WAS_SETTLED : STREAM_UNKNOWN;
    return NULL;
}

enum stream_answer stream_confirm(struct stream *stream, uint64_t session, struct place place, int64_t now_ms)
{
    enum stream_answer answer = STREAM_SETTLED;
    struct delivery *delivery = find_answered(stream, session, place, now_ms, &answer);
    if (!delivery)
        return answer;
    if (dead_letters_find(&stream->dead, place))
        revive(stream, place);
    settle(stream, delivery);
    return answer;
}

enum stream_answer stream_refuse(struct stream *stream, uint64_t session, struct place place,
                                 const char *reason, bool for_good, int64_t now_ms)
{
    enum stream_answer answer = STREAM_WILL_RETURN;
    struct delivery *delivery = find_answered(stream, session, place, now_ms, &answer);
    if (!delivery || delivery->state != DELIVERY_SENT)
        return answer;
    return fail(stream, delivery, reason, for_good, now_ms);
}

/* --- unanswered --- */

/* A session that works through what it holds is given time; one that is stuck is not. */
static int64_t patience_ms(struct stream *stream, const struct delivery *delivery)
{
    const struct session *session = stream_find_session(stream, delivery->session);
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
            bury(stream, delivery, "unanswered");
        } else if (delivery->state == DELIVERY_RESTING) {
            delivery_leave_state(stream, delivery);
            delivery_make_ready(stream, delivery);
        } else if (patience_ms(stream, delivery) > now_ms) {
            heap_put(&stream->due, first, patience_ms(stream, delivery));
        } else {
            fail(stream, delivery, "unanswered", false, now_ms);
        }
    }
}
