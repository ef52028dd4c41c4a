/* recent: the ids that were appended last, with the hashes of their events, to answer repeats without the database. Pure.
 *
 * What it remembers is exact; an id that it does not know may still be in the log. The oldest ids give way to new ones.
 * Ids whose transaction is under way are pending: their seq is 0. */
#ifndef BELLHOP_PERSIST_RECENT_H
#define BELLHOP_PERSIST_RECENT_H

#include "common/base/auto.h"
#include "common/base/digest.h"
#include "common/base/uuid.h"

#include <stddef.h>
#include <stdint.h>

struct recent_event {
    struct uuid id;
    uint8_t hash[CONTENT_HASH_SIZE]; /* of the canonical form */
    uint64_t seq;                    /* 0: pending */
    uint32_t epoch;
    bool is_there; /* its place is in use */
};

struct recent;

/* Room for `capacity` ids, which must be more than can be pending at a time. */
struct recent *recent_new(size_t capacity, uint64_t seed);
void recent_free(struct recent *recent);
AUTO_FREE(recent)

/* Borrowed; NULL is none. */
const struct recent_event *recent_find(const struct recent *recent, const struct uuid *id);

/* Remember `id`, which is not in it; it is pending while `seq` is 0. A pending one stays where it is until it is settled
 * or removed. */
struct recent_event *recent_put(struct recent *recent, const struct uuid *id,
                                const uint8_t hash[static CONTENT_HASH_SIZE], uint64_t seq, uint32_t epoch);

/* Forget it, if it is there. */
void recent_remove(struct recent *recent, const struct uuid *id);

size_t recent_count(const struct recent *recent);

#endif
