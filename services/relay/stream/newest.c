/* newest: a ring of pointers that grows; its bound is in bytes. */
#include "services/relay/stream/newest.h"

#include "common/base/memory.h"

#include <assert.h>

struct newest {
    struct item **items;
    size_t capacity; /* a power of two */
    size_t first;
    size_t count;
    size_t bytes;
    size_t most_bytes;
    uint64_t after;
    uint64_t upto;
};

struct newest *newest_new(size_t most_bytes, uint64_t after)
{
    struct newest *newest = NEW(newest);
    newest->most_bytes = most_bytes;
    newest->capacity = 256;
    newest->items = memory_resize_array(NULL, newest->capacity, sizeof(struct item *));
    newest->after = newest->upto = after;
    return newest;
}

struct item *newest_at(const struct newest *newest, size_t index)
{
    return index < newest->count ? newest->items[(newest->first + index) & (newest->capacity - 1)] : NULL;
}

static void drop_oldest(struct newest *newest)
{
    struct item *oldest = newest_at(newest, 0);
    newest->after = oldest->place.seq;
    newest->bytes -= oldest->bytes;
    newest->first = (newest->first + 1) & (newest->capacity - 1);
    newest->count--;
    item_release(oldest);
}

void newest_reset(struct newest *newest, uint64_t after)
{
    while (newest->count)
        drop_oldest(newest);
    newest->after = newest->upto = after;
}

void newest_free(struct newest *newest)
{
    if (!newest)
        return;
    newest_reset(newest, 0);
    free(newest->items);
    free(newest);
}

static void grow(struct newest *newest)
{
    struct item **items = memory_resize_array(NULL, 2 * newest->capacity, sizeof *items);
    for (size_t i = 0; i < newest->count; i++)
        items[i] = newest_at(newest, i);
    free(newest->items);
    newest->items = items;
    newest->capacity *= 2;
    newest->first = 0;
}

void newest_add(struct newest *newest, struct item *item)
{
    assert(item->place.seq > newest->upto);
    while (newest->count && newest->bytes + item->bytes > newest->most_bytes)
        drop_oldest(newest);
    if (newest->count == newest->capacity)
        grow(newest);
    newest->items[(newest->first + newest->count++) & (newest->capacity - 1)] = item;
    newest->bytes += item->bytes;
}

void newest_pass(struct newest *newest, uint64_t seq)
{
    assert(seq >= newest->upto);
    newest->upto = seq;
}

uint64_t newest_after(const struct newest *newest)
{
    return newest->after;
}

uint64_t newest_upto(const struct newest *newest)
{
    return newest->upto;
}

struct item *newest_first_after(const struct newest *newest, uint64_t seq, size_t *ret_index)
{
    size_t low = 0;
    size_t high = newest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (newest_at(newest, middle)->place.seq <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return newest_at(newest, low);
}

size_t newest_bytes(const struct newest *newest)
{
    return newest->bytes;
}

size_t newest_count(const struct newest *newest)
{
    return newest->count;
}
