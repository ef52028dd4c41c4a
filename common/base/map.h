/* map: finds a pointer by a key of bytes.
 *
 * Open addressing over a dense array of entries: map_next() walks in the order of insertion, whatever the
 * seed, so what is computed from a walk is the same everywhere. Keys are hashed with SipHash-1-3 under the
 * map's seed: whoever chooses keys cannot choose collisions.
 *
 * Keys are borrowed: they must stay where they are while they are in the map, typically inside the value.
 * Values are not owned and never NULL. A found pointer stays valid whatever the map does. */
#ifndef BELLHOP_BASE_MAP_H
#define BELLHOP_BASE_MAP_H

#include "common/base/auto.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct map_entry {
    uint64_t hash;
    const void *key;
    void *value; /* NULL: was taken */
    size_t key_size;
};

struct map_slot {
    uint32_t hash;  /* lower half of the entry's: its home slot, and most misses end here */
    uint32_t entry; /* from 1; 0: free */
};

struct map {
    struct map_slot *slots; /* a power of two, at most three quarters in use */
    struct map_entry *entries;
    size_t slot_count;
    size_t entry_count; /* with those taken since the last rehash */
    size_t entry_capacity;
    size_t count; /* live */
    uint64_t seed;
};

/* In the caller's storage. `seed` is random in a service (random_u64()), fixed in a test. */
void map_init(struct map *map, uint64_t seed);
void map_clear(struct map *map);

/* Borrowed; NULL is none. */
void *map_find(const struct map *map, const void *key, size_t key_size);

/* Put `value` under `key`. When the key is there already its value and key pointer are replaced in place, and
 * the old value is returned; otherwise NULL. */
void *map_put(struct map *map, const void *key, size_t key_size, void *value);

/* Remove, and return what was there; NULL is none. */
void *map_take(struct map *map, const void *key, size_t key_size);

/* The next value in order of insertion; `*at` starts at 0. NULL at the end. The value just returned may be
 * taken from the map during the walk; nothing may be put. */
void *map_next(const struct map *map, size_t *at);

/* for each value: struct visit *visit; MAP_EACH(visit, &visits) … */
#define MAP_EACH(value, map) for (size_t value##_at = 0; ((value) = map_next((map), &value##_at));)

/* SipHash-1-3 of `data` under `seed`. */
uint64_t map_hash(uint64_t seed, const void *data, size_t size);

static inline void *map_find_text(const struct map *map, const char *key)
{
    return map_find(map, key, strlen(key));
}

static inline void *map_put_text(struct map *map, const char *key, void *value)
{
    return map_put(map, key, strlen(key), value);
}

static inline void *map_take_text(struct map *map, const char *key)
{
    return map_take(map, key, strlen(key));
}

#endif
