/* map: linear probing over slots of eight bytes; the entries stand beside them in order of insertion.
 *
 * Taking leaves a hole among the entries and none among the slots (those behind shift back). Holes go, and
 * the size is chosen anew, when the entries' array is full. */
#include "common/base/map.h"

#include "common/base/memory.h"

#include <assert.h>

enum { MAP_LEAST_SLOTS = 16 };

static uint64_t rotate_left(uint64_t value, int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate_left(v[1], 13) ^ v[0], v[0] = rotate_left(v[0], 32);
    v[2] += v[3], v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate_left(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate_left(v[1], 17) ^ v[2], v[2] = rotate_left(v[2], 32);
}

uint64_t map_hash(uint64_t seed, const void *data, size_t size)
{
    const uint8_t *at = data;
    uint64_t key[2] = {seed, rotate_left(seed, 32) ^ 0x9e3779b97f4a7c15};
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
                     key[1] ^ 0x7465646279746573};
    uint64_t word;
    for (size_t words = size / 8; words > 0; words--, at += 8) {
        memcpy(&word, at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = 0;
    if (size % 8)
        memcpy(&word, at, size % 8);
    word |= (uint64_t)size << 56;
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    sip_round(v), sip_round(v), sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The slot that holds `key`, or the free one where the search for it ends. */
static size_t slot_of(const struct map *map, uint64_t hash, const void *key, size_t key_size)
{
    size_t mask = map->slot_count - 1;
    size_t i = (uint32_t)hash & mask;
    for (; map->slots[i].entry; i = (i + 1) & mask) {
        if (map->slots[i].hash != (uint32_t)hash)
            continue;
        const struct map_entry *entry = &map->entries[map->slots[i].entry - 1];
        if (entry->hash == hash && entry->key_size == key_size && memcmp(entry->key, key, key_size) == 0)
            break;
    }
    return i;
}

static void put_slot(struct map *map, uint64_t hash, size_t entry)
{
    size_t mask = map->slot_count - 1;
    size_t i = (uint32_t)hash & mask;
    while (map->slots[i].entry)
        i = (i + 1) & mask;
    map->slots[i] = (struct map_slot){.hash = (uint32_t)hash, .entry = (uint32_t)(entry + 1)};
}

/* Make room for `count` live entries and half as many again, without holes. */
static void rehash(struct map *map, size_t count)
{
    size_t slot_count = MAP_LEAST_SLOTS;
    while (slot_count / 4 * 3 < count + count / 2)
        slot_count *= 2;
    assert(slot_count <= UINT32_MAX);

    size_t kept = 0;
    for (size_t i = 0; i < map->entry_count; i++)
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    map->entry_count = kept;
    map->entry_capacity = slot_count / 4 * 3;
    map->entries = memory_resize_array(map->entries, map->entry_capacity, sizeof *map->entries);

    free(map->slots);
    map->slot_count = slot_count;
    map->slots = memory_zeroed(slot_count * sizeof *map->slots);
    for (size_t i = 0; i < kept; i++)
        put_slot(map, map->entries[i].hash, i);
}

/* Free the slot, and move those behind it that would no longer be found. */
static void close_slot(struct map *map, size_t hole)
{
    size_t mask = map->slot_count - 1;
    for (size_t i = (hole + 1) & mask; map->slots[i].entry; i = (i + 1) & mask) {
        size_t home = map->slots[i].hash & mask;
        if (((i - home) & mask) < ((i - hole) & mask))
            continue;
        map->slots[hole] = map->slots[i];
        hole = i;
    }
    map->slots[hole] = (struct map_slot){0};
}

void map_init(struct map *map, uint64_t seed)
{
    *map = (struct map){.seed = seed};
}

void map_clear(struct map *map)
{
    free(map->slots);
    free(map->entries);
    map_init(map, map->seed);
}

void *map_find(const struct map *map, const void *key, size_t key_size)
{
    if (map->count == 0)
        return NULL;
    size_t slot = slot_of(map, map_hash(map->seed, key, key_size), key, key_size);
    return map->slots[slot].entry ? map->entries[map->slots[slot].entry - 1].value : NULL;
}

void *map_put(struct map *map, const void *key, size_t key_size, void *value)
{
    assert(value);
    if (map->entry_count == map->entry_capacity)
        rehash(map, map->count + 1);
    uint64_t hash = map_hash(map->seed, key, key_size);
    struct map_slot *slot = &map->slots[slot_of(map, hash, key, key_size)];
    if (slot->entry) {
        struct map_entry *entry = &map->entries[slot->entry - 1];
        void *replaced = entry->value;
        entry->key = key;
        entry->value = value;
        return replaced;
    }
    map->entries[map->entry_count++] =
        (struct map_entry){.hash = hash, .key = key, .key_size = key_size, .value = value};
    *slot = (struct map_slot){.hash = (uint32_t)hash, .entry = (uint32_t)map->entry_count};
    map->count++;
    return NULL;
}

void *map_take(struct map *map, const void *key, size_t key_size)
{
    if (map->count == 0)
        return NULL;
    size_t slot = slot_of(map, map_hash(map->seed, key, key_size), key, key_size);
    if (!map->slots[slot].entry)
        return NULL;
    struct map_entry *entry = &map->entries[map->slots[slot].entry - 1];
    void *taken = entry->value;
    *entry = (struct map_entry){0};
    close_slot(map, slot);
    map->count--;
    return taken;
}

void *map_next(const struct map *map, size_t *at)
{
    while (*at < map->entry_count) {
        void *value = map->entries[(*at)++].value;
        if (value)
            return value;
    }
    return NULL;
}
