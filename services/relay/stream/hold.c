/* hold: the deliveries of one interaction, in line: the first may be sent, the others wait for it. */
#include "services/relay/stream/stream_state.h"

#include "common/base/memory.h"

#include <stdlib.h>

static struct hold *find_or_add(struct stream *stream, struct slice key)
{
    struct hold *hold = map_find(&stream->holds, key.data, key.size);
    if (hold)
        return hold;
    hold = memory_allocate(sizeof *hold + key.size);
    list_init(&hold->deliveries);
    hold->key_size = key.size;
    memcpy(hold->key, key.data, key.size);
    map_put(&stream->holds, hold->key, key.size, hold);
    return hold;
}

bool hold_join(struct stream *stream, struct delivery *delivery, struct slice key)
{
    delivery->hold = find_or_add(stream, key);
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

struct slice hold_key(const struct delivery *delivery)
{
    return delivery->hold ? slice_of(delivery->hold->key, delivery->hold->key_size) : slice_of(NULL, 0);
}
