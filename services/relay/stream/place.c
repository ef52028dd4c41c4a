/* place: a sorted array with binary search. */
#include "services/relay/stream/place.h"

#include "common/base/memory.h"

#include <stdlib.h>
#include <string.h>

void places_clear(struct places *places)
{
    free(places->all);
    *places = (struct places){0};
}

/* The index of the first that is not below `place`. */
static size_t find_index(const struct places *places, struct place place)
{
    size_t low = 0;
    size_t high = places->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_compare(places->all[middle], place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct places *places, size_t index, struct place place)
{
    return index < places->count && place_compare(places->all[index], place) == 0;
}

bool places_add(struct places *places, struct place place)
{
    size_t index = find_index(places, place);
    if (is_at(places, index, place))
        return false;
    MAKE_ROOM(places->all, places->count, places->capacity);
    memmove(places->all + index + 1, places->all + index, (places->count - index) * sizeof *places->all);
    places->all[index] = place;
    places->count++;
    return true;
}

bool places_has(const struct places *places, struct place place)
{
    return is_at(places, find_index(places, place), place);
}

static void drop(struct places *places, size_t index, size_t count)
{
    if (count == 0)
        return;
    places->count -= count;
    memmove(places->all + index, places->all + index + count, (places->count - index) * sizeof *places->all);
}

bool places_remove(struct places *places, struct place place)
{
    size_t index = find_index(places, place);
    if (!is_at(places, index, place))
        return false;
    drop(places, index, 1);
    return true;
}

void places_drop_upto(struct places *places, uint64_t seq)
{
    drop(places, 0, find_index(places, (struct place){.seq = seq + 1}));
}
