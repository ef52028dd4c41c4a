/* hash_set: open addressing, at most half full. */
#include "common/base/hash_set.h"

#include "common/base/memory.h"

#include <stdlib.h>

void hash_set_clear(struct hash_set *set)
{
    free(set->slots);
    *set = (struct hash_set){.slots = NULL};
}

/* 0 marks a free slot: a hash of 0 counts as 1. */
static size_t place_of(const struct hash_set *set, uint64_t hash)
{
    size_t at = (size_t)(hash * UINT64_C(0x9e3779b97f4a7c15)) & (set->slot_count - 1);
    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->slot_count - 1);
    return at;
}

static void grow(struct hash_set *set)
{
    struct hash_set larger = {.slot_count = set->slot_count ? 2 * set->slot_count : 64, .count = set->count};
    larger.slots = memory_zeroed(larger.slot_count * sizeof *larger.slots);
    for (size_t i = 0; i < set->slot_count; i++)
        if (set->slots[i])
            larger.slots[place_of(&larger, set->slots[i])] = set->slots[i];
    free(set->slots);
    *set = larger;
}

bool hash_set_add(struct hash_set *set, uint64_t hash)
{
    hash += hash == 0;
    if (2 * set->count >= set->slot_count)
        grow(set);
    size_t at = place_of(set, hash);
    if (set->slots[at])
        return false;
    set->slots[at] = hash;
    set->count++;
    return true;
}

bool hash_set_has(const struct hash_set *set, uint64_t hash)
{
    hash += hash == 0;
    return set->slot_count && set->slots[place_of(set, hash)];
}
