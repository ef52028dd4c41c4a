/* recent: a ring of events with a map from id to place. */
#include "services/persist/recent.h"

#include "common/base/map.h"
#include "common/base/memory.h"

#include <assert.h>

struct recent {
    struct recent_event *ring;
    size_t capacity;
    size_t next; /* the place to be used next: the oldest */
    struct map by_id;
};

struct recent *recent_new(size_t capacity, uint64_t seed)
{
    struct recent *recent = NEW(recent);
    recent->capacity = capacity;
    recent->ring = memory_zeroed(capacity * sizeof *recent->ring);
    map_init(&recent->by_id, seed);
    return recent;
}

void recent_free(struct recent *recent)
{
    if (!recent)
        return;
    map_clear(&recent->by_id);
    free(recent->ring);
    free(recent);
}

const struct recent_event *recent_find(const struct recent *recent, const struct uuid *id)
{
    return map_find(&recent->by_id, id->bytes, sizeof id->bytes);
}

static struct recent_event *make_room(struct recent *recent)
{
    for (size_t tried = 0; tried < recent->capacity; tried++) {
        struct recent_event *event = &recent->ring[recent->next];
        recent->next = (recent->next + 1) % recent->capacity;
        if (event->is_there && event->seq == 0)
            continue; /* pending: must be known until it is settled */
        if (event->is_there)
            map_take(&recent->by_id, event->id.bytes, sizeof event->id.bytes);
        return event;
    }
    assert(!"more ids are pending than there is room for");
    return NULL;
}

struct recent_event *recent_put(struct recent *recent, const struct uuid *id,
                                const uint8_t hash[static CONTENT_HASH_SIZE], uint64_t seq, uint32_t epoch)
{
    struct recent_event *event = make_room(recent);
    *event = (struct recent_event){.id = *id, .seq = seq, .epoch = epoch, .is_there = true};
    memcpy(event->hash, hash, sizeof event->hash);
    const struct recent_event *before =
        map_put(&recent->by_id, event->id.bytes, sizeof event->id.bytes, event);
    assert(!before);
    (void)before;
    return event;
}

void recent_remove(struct recent *recent, const struct uuid *id)
{
    struct recent_event *event = map_take(&recent->by_id, id->bytes, sizeof id->bytes);
    if (event)
        event->is_there = false;
}

size_t recent_count(const struct recent *recent)
{
    return recent->by_id.count;
}
