/* dead_letter: two maps over copies; the newest letter of a hold stands for all of its hold. */
#include "services/relay/stream/dead_letter.h"

#include "common/base/memory.h"

struct kept_letter {
    struct dead_letter letter;
    struct place_key key;
    uint8_t hold[];
};

void dead_letters_init(struct dead_letters *letters, uint64_t seed)
{
    map_init(&letters->by_place, seed);
    map_init(&letters->by_hold, seed);
}

void dead_letters_clear(struct dead_letters *letters)
{
    struct kept_letter *kept;
    MAP_EACH(kept, &letters->by_place)
        free(kept);
    map_clear(&letters->by_hold);
    map_clear(&letters->by_place);
}

void dead_letters_put(struct dead_letters *letters, const struct dead_letter *letter)
{
    dead_letters_remove(letters, letter->place);
    struct kept_letter *kept = memory_allocate(sizeof *kept + letter->hold.size);
    kept->letter = *letter;
    kept->key = place_key(letter->place);
    if (letter->hold.size)
        memcpy(kept->hold, letter->hold.data, letter->hold.size);
    kept->letter.hold = slice_of(kept->hold, letter->hold.size);
    map_put(&letters->by_place, &kept->key, sizeof kept->key, kept);
    if (letter->hold.size)
        map_put(&letters->by_hold, kept->hold, letter->hold.size, kept);
}

/* Another letter takes the place of `gone` before its hold. */
static void succeed(struct dead_letters *letters, const struct kept_letter *gone)
{
    struct slice hold = gone->letter.hold;
    map_take(&letters->by_hold, hold.data, hold.size);
    struct kept_letter *kept;
    MAP_EACH(kept, &letters->by_place)
        if (slice_equal(kept->letter.hold, hold))
            map_put(&letters->by_hold, kept->hold, hold.size, kept);
}

bool dead_letters_remove(struct dead_letters *letters, struct place place)
{
    struct place_key key = place_key(place);
    struct kept_letter *kept = map_take(&letters->by_place, &key, sizeof key);
    if (!kept)
        return false;
    if (kept->letter.hold.size && dead_letters_of_hold(letters, kept->letter.hold) == &kept->letter)
        succeed(letters, kept);
    free(kept);
    return true;
}

const struct dead_letter *dead_letters_find(const struct dead_letters *letters, struct place place)
{
    struct place_key key = place_key(place);
    const struct kept_letter *kept = map_find(&letters->by_place, &key, sizeof key);
    return kept ? &kept->letter : NULL;
}

const struct dead_letter *dead_letters_of_hold(const struct dead_letters *letters, struct slice hold)
{
    const struct kept_letter *kept = hold.size ? map_find(&letters->by_hold, hold.data, hold.size) : NULL;
    return kept ? &kept->letter : NULL;
}

const struct dead_letter *dead_letters_next(const struct dead_letters *letters, size_t *at)
{
    const struct kept_letter *kept = map_next(&letters->by_place, at);
    return kept ? &kept->letter : NULL;
}
