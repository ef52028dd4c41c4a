/* hash_set: a set of 64-bit hashes, at most 16 bytes each. */
#ifndef BELLHOP_BASE_HASH_SET_H
#define BELLHOP_BASE_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the caller's storage; all zero is empty. */
struct hash_set {
    uint64_t *slots; /* a power of two, 0 is free */
    size_t slot_count, count;
};

void hash_set_clear(struct hash_set *set);
/* False when it was there already. */
bool hash_set_add(struct hash_set *set, uint64_t hash);
bool hash_set_has(const struct hash_set *set, uint64_t hash);

#endif
