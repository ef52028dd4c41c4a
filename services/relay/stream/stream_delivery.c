/* stream_delivery: the states of a delivery, and the holds that keep an interaction in order. */
#include "services/relay/stream/stream_state.h"

#include "common/base/memory.h"

#include <stdlib.h>

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

bool hold_join(struct stream *stream, struct delivery *delivery, struct slice key)
{
    delivery->hold = stream_hold(stream, key);
    bool has_others = !list_is_empty(&delivery->hold->deliveries);
    list_append(&delivery->hold->deliveries, &delivery->in_hold);
    return has_others;
}

void hold_release(struct stream *stream, struct delivery *delivery)
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

struct slice delivery_hold_key(const struct delivery *delivery)
{
    return delivery->hold ? slice_of(delivery->hold->key, delivery->hold->key_size) : slice_of(NULL, 0);
}
