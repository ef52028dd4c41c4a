/* recent: a ring of pointers that grows; its bound is in bytes. */
#include "services/relay/recent.h"

#include "common/base/memory.h"

#include <assert.h>

struct recent {
    struct item **items;
    size_t capacity; /* a power of two */
    size_t first;
    size_t count;
    size_t bytes;
    size_t most_bytes;
    uint64_t after;
    uint64_t upto;
};

struct recent *recent_new(size_t most_bytes, uint64_t after)
{
    struct recent *recent = NEW(recent);
    recent->most_bytes = most_bytes;
    recent->capacity = 256;
    recent->items = reallocate_array(NULL, recent->capacity, sizeof(struct item *));
    recent->after = recent->upto = after;
    return recent;
}

struct item *recent_at(const struct recent *recent, size_t index)
{
    return index < recent->count ? recent->items[(recent->first + index) & (recent->capacity - 1)] : NULL;
}

static void recent_drop_oldest(struct recent *recent)
{
    struct item *oldest = recent_at(recent, 0);
    recent->after = oldest->place.seq;
    recent->bytes -= oldest->bytes;
    recent->first = (recent->first + 1) & (recent->capacity - 1);
    recent->count--;
    item_release(oldest);
}

void recent_reset(struct recent *recent, uint64_t after)
{
    while (recent->count)
        recent_drop_oldest(recent);
    recent->after = recent->upto = after;
}

void recent_free(struct recent *recent)
{
    if (!recent)
        return;
    recent_reset(recent, 0);
    free(recent->items);
    free(recent);
}

static void recent_grow(struct recent *recent)
{
    struct item **items = reallocate_array(NULL, 2 * recent->capacity, sizeof *items);
    for (size_t i = 0; i < recent->count; i++)
        items[i] = recent_at(recent, i);
    free(recent->items);
    recent->items = items;
    recent->capacity *= 2;
    recent->first = 0;
}

void recent_add(struct recent *recent, struct item *item)
{
    assert(item->place.seq > recent->upto);
    while (recent->count && recent->bytes + item->bytes > recent->most_bytes)
        recent_drop_oldest(recent);
    if (recent->count == recent->capacity)
        recent_grow(recent);
    recent->items[(recent->first + recent->count++) & (recent->capacity - 1)] = item;
    recent->bytes += item->bytes;
}

void recent_pass(struct recent *recent, uint64_t seq)
{
    assert(seq >= recent->upto);
    recent->upto = seq;
}

uint64_t recent_after(const struct recent *recent)
{
    return recent->after;
}

uint64_t recent_upto(const struct recent *recent)
{
    return recent->upto;
}

struct item *recent_first_after(const struct recent *recent, uint64_t seq, size_t *ret_index)
{
    size_t low = 0;
    size_t high = recent->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (recent_at(recent, middle)->place.seq <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return recent_at(recent, low);
}

size_t recent_bytes(const struct recent *recent)
{
    return recent->bytes;
}

size_t recent_count(const struct recent *recent)
{
    return recent->count;
}
