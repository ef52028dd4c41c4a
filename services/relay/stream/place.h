/* place: where a decision stands in the order of deliveries: its event's seq, then its ordinal; and sets of
 * places. */
#ifndef BELLHOP_RELAY_STREAM_PLACE_H
#define BELLHOP_RELAY_STREAM_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
    uint64_t seq;
    uint32_t ordinal;
};

/* Below, at or above 0. */
static inline int place_compare(struct place left, struct place right)
{
    if (left.seq != right.seq)
        return left.seq < right.seq ? -1 : 1;
    return (left.ordinal > right.ordinal) - (left.ordinal < right.ordinal);
}

/* A place as the key of a map: without padding. */
struct place_key {
    uint64_t seq;
    uint64_t ordinal;
};

static inline struct place_key place_key(struct place place)
{
    return (struct place_key){.seq = place.seq, .ordinal = place.ordinal};
}

/* In ascending order, without repeats; all zero is empty. Meant for few: adding one moves those above it. */
struct places {
    struct place *all;
    size_t count;
    size_t capacity;
};

void places_clear(struct places *places);

/* False when it was there already. */
bool places_add(struct places *places, struct place place);

bool places_has(const struct places *places, struct place place);

/* False when it was not there. */
bool places_remove(struct places *places, struct place place);

/* Remove those whose seq is at most `seq`. */
void places_drop_upto(struct places *places, uint64_t seq);

#endif
