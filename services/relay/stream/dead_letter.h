/* dead_letter: the deliveries of a stream that were given up, found by place and by what they held. */
#ifndef BELLHOP_RELAY_STREAM_DEAD_LETTER_H
#define BELLHOP_RELAY_STREAM_DEAD_LETTER_H

#include "common/base/bytes.h"
#include "common/base/map.h"
#include "services/relay/stream/place.h"

enum { DEAD_LETTER_REASON_SIZE = 257 };

struct dead_letter {
    struct place place;
    unsigned attempts;
    struct slice hold; /* what it held: its interaction; in the letter's own memory once it is kept */
    char reason[DEAD_LETTER_REASON_SIZE];
};

struct dead_letters {
    struct map by_place;
    struct map by_hold; /* the newest of each hold */
};

void dead_letters_init(struct dead_letters *letters, uint64_t seed);
void dead_letters_clear(struct dead_letters *letters);

/* Copies; one at the same place is replaced. */
void dead_letters_put(struct dead_letters *letters, const struct dead_letter *letter);

/* False when there was none. */
bool dead_letters_remove(struct dead_letters *letters, struct place place);

/* Borrowed; NULL is none. */
const struct dead_letter *dead_letters_find(const struct dead_letters *letters, struct place place);
const struct dead_letter *dead_letters_of_hold(const struct dead_letters *letters, struct slice hold);

/* Each, in order of their death; `*at` starts at 0, NULL at the end. */
const struct dead_letter *dead_letters_next(const struct dead_letters *letters, size_t *at);

static inline size_t dead_letters_count(const struct dead_letters *letters)
{
    return letters->by_place.count;
}

#endif
