/* delivery: a delivery is in one state, and in the heap of that state. */
#include "services/relay/stream/stream_state.h"

#include "common/base/memory.h"

void delivery_leave_state(struct stream *stream, struct delivery *delivery)
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

void delivery_make_held(struct stream *stream, struct delivery *delivery)
{
    delivery->state = DELIVERY_HELD;
    stream->figures.held++;
}

void delivery_make_ready(struct stream *stream, struct delivery *delivery)
{
    delivery->state = DELIVERY_READY;
    stream->figures.waiting++;
    heap_put_ordered(&stream->ready, &delivery->turn, (int64_t)delivery->place.seq, delivery->place.ordinal);
}

void delivery_make_sent(struct stream *stream, struct delivery *delivery, uint64_t session, int64_t now_ms)
{
    delivery->state = DELIVERY_SENT;
    delivery->session = session;
    delivery->sent_ms = now_ms;
    delivery->attempts++;
    stream->figures.sent++;
    stream->figures.redelivered += delivery->attempts > 1;
    heap_put(&stream->due, &delivery->turn, now_ms + stream->rules->answer_ms);
}

void delivery_make_resting(struct stream *stream, struct delivery *delivery, int64_t now_ms)
{
    delivery->state = DELIVERY_RESTING;
    stream->figures.resting++;
    uint64_t chance = map_hash(delivery->attempts, &delivery->key, sizeof delivery->key);
    heap_put(&stream->due, &delivery->turn,
             now_ms + backoff_delay_ms(&stream->rules->rest, delivery->attempts, chance));
}
