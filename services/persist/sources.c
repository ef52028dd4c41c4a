/* sources: a map of sources, each with its highest number and the ranges missing below it. */
#include "services/persist/sources.h"

#include "common/base/list.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/store/write/batch.h"

#include <stdlib.h>

struct source {
    struct list_node node; /* in `changed`, while it is to be written */
    char *name;
    char *incarnation;
    char *key;
    uint64_t highest;
    int64_t last_seen_at;
    int64_t skew_ms;
    struct source_gap *gaps; /* ascending */
    size_t gap_count;
    uint64_t arrived;   /* bit i: the number highest - i has, for certain */
    uint64_t lost_from; /* from here on gaps may have been lost; 0: none was */
    uint64_t upto;      /* events up to here are in what was restored */
};

struct sources {
    struct map by_key;
    struct list changed; /* longest first */
    struct source *last; /* found last: events of one source come together */
    size_t most;
    uint64_t seed;
    unsigned __int128 missing; /* as many as there are */
    struct sources_numbers numbers;
};

struct sources *sources_new(size_t most, uint64_t seed)
{
    struct sources *sources = NEW(sources);
    sources->most = most;
    sources->seed = seed;
    list_init(&sources->changed);
    map_init(&sources->by_key, seed);
    return sources;
}

void sources_reset(struct sources *sources)
{
    struct source *source;
    MAP_EACH(source, &sources->by_key) {
        free(source->name);
        free(source->incarnation);
        free(source->key);
        free(source->gaps);
        free(source);
    }
    map_clear(&sources->by_key);
    map_init(&sources->by_key, sources->seed);
    list_init(&sources->changed);
    sources->last = NULL;
    sources->missing = 0;
    sources->numbers = (struct sources_numbers){0};
}

void sources_free(struct sources *sources)
{
    if (!sources)
        return;
    sources_reset(sources);
    map_clear(&sources->by_key);
    free(sources);
}

static bool source_is(const struct source *source, struct slice name, struct slice incarnation)
{
    return slice_equal(slice_of_text(source->name), name) &&
           slice_equal(slice_of_text(source->incarnation), incarnation);
}

/* NULL if there are too many. `key` is "name\nincarnation"; neither contains a line break. */
static struct source *source_add(struct sources *sources, struct bytes *key, size_t name_size)
{
    if (sources->by_key.count >= sources->most) {
        sources->numbers.unfollowed++;
        return NULL;
    }
    struct source *source = NEW(source);
    source->key = memory_copy_text(bytes_text(key));
    source->name = memory_copy_text(source->key);
    source->name[name_size] = 0;
    source->incarnation = memory_copy_text(source->key + name_size + 1);
    map_put_text(&sources->by_key, source->key, source);
    sources->numbers.sources++;
    return source;
}

static struct source *source_find(struct sources *sources, struct slice name, struct slice incarnation)
{
    if (sources->last && source_is(sources->last, name, incarnation))
        return sources->last;
    AUTO_CLEAR(bytes) key = {0};
    bytes_append_slice(&key, name);
    bytes_append_u8(&key, '\n');
    bytes_append_slice(&key, incarnation);
    struct source *source = map_find(&sources->by_key, key.data, key.size);
    sources->last = source ? source : source_add(sources, &key, name.size);
    return sources->last;
}

/* --- gaps --- */

static uint64_t gap_size(const struct source_gap *gap)
{
    return gap->last - gap->first + 1;
}

static void count_missing(struct sources *sources, unsigned __int128 missing)
{
    sources->missing = missing;
    sources->numbers.missing = missing > INT64_MAX ? INT64_MAX : (int64_t)missing;
}

/* Of a source that has too many the gap is lost. */
static void gap_insert(struct sources *sources, struct source *source, size_t place, struct source_gap gap)
{
    if (source->gap_count == SOURCE_GAPS_MOST) {
        sources->numbers.gaps_lost++;
        if (!source->lost_from || gap.first < source->lost_from)
            source->lost_from = gap.first;
        return;
    }
    count_missing(sources, sources->missing + gap_size(&gap));
    if (!source->gaps)
        source->gaps = memory_allocate(SOURCE_GAPS_MOST * sizeof *source->gaps);
    memmove(&source->gaps[place + 1], &source->gaps[place], (source->gap_count - place) * sizeof gap);
    source->gaps[place] = gap;
    source->gap_count++;
}

static void gap_remove(struct source *source, size_t place)
{
    source->gap_count--;
    memmove(&source->gaps[place], &source->gaps[place + 1],
            (source->gap_count - place) * sizeof *source->gaps);
}

/* A number below the highest has arrived: it is no longer missing. False: it was not. */
static bool gap_fill(struct sources *sources, struct source *source, uint64_t sequence)
{
    for (size_t i = 0; i < source->gap_count; i++) {
        struct source_gap *gap = &source->gaps[i];
        if (sequence < gap->first || sequence > gap->last)
            continue;
        struct source_gap after = {.first = sequence + 1, .last = gap->last, .noticed_at = gap->noticed_at};
        count_missing(sources, sources->missing - 1);
        if (sequence == gap->first && sequence == gap->last)
            gap_remove(source, i);
        else if (sequence == gap->first)
            gap->first++;
        else {
            gap->last = sequence - 1;
            if (after.first <= after.last)
                count_missing(sources, sources->missing - gap_size(&after));
            if (after.first <= after.last)
                gap_insert(sources, source, i + 1, after);
        }
        return true;
    }
    return false;
}

enum { REMEMBERED = 64 };

/* One that is not above the highest. False: it had arrived before. */
static bool note_lower(struct sources *sources, struct source *source, uint64_t sequence)
{
    uint64_t below = source->highest - sequence;
    uint64_t bit = below < REMEMBERED ? UINT64_C(1) << below : 0;
    bool is_uncertain = source->lost_from && sequence >= source->lost_from && !(source->arrived & bit);
    bool is_first = gap_fill(sources, source, sequence) || is_uncertain;
    source->arrived |= bit;
    return is_first;
}

/* False: the number had arrived before. */
static bool source_note_sequence(struct sources *sources, struct source *source, uint64_t sequence,
                                 int64_t at)
{
    if (sequence <= source->highest)
        return note_lower(sources, source, sequence);
    uint64_t above = sequence - source->highest;
    struct source_gap gap = {.first = source->highest + 1, .last = sequence - 1, .noticed_at = at};
    if (gap.first <= gap.last)
        gap_insert(sources, source, source->gap_count, gap);
    source->arrived = (above < REMEMBERED ? source->arrived << above : 0) | 1;
    source->highest = sequence;
    return true;
}

static void source_changed(struct sources *sources, struct source *source)
{
    if (!list_is_linked(&source->node))
        list_append(&sources->changed, &source->node);
}

/* --- news --- */

bool sources_note(struct sources *sources, const struct source_news *news)
{
    struct source *source = source_find(sources, news->source, news->incarnation);
    if (!source || news->seq <= source->upto)
        return true;
    bool is_first = !news->sequence || source_note_sequence(sources, source, news->sequence, news->seen_at);
    source->last_seen_at = news->seen_at;
    source->skew_ms = news->skew_ms;
    if (llabs(news->skew_ms) > sources->numbers.worst_skew_ms)
        sources->numbers.worst_skew_ms = llabs(news->skew_ms);
    source_changed(sources, source);
    sources->numbers.repeated += !is_first;
    return is_first;
}

void sources_note_rejected(struct sources *sources, const struct source_news *news)
{
    struct source *source = news->sequence ? source_find(sources, news->source, news->incarnation) : NULL;
    if (source && source_note_sequence(sources, source, news->sequence, news->seen_at))
        source_changed(sources, source);
}

void sources_restore(struct sources *sources, const struct source_record *known)
{
    struct source *source =
        source_find(sources, slice_of_text(known->source), slice_of_text(known->incarnation));
    if (!source)
        return;
    source->highest = known->highest_sequence;
    source->last_seen_at = known->last_seen_at;
    source->skew_ms = known->skew_ms;
    source->upto = known->upto;
    for (size_t i = 0; i < known->gap_count; i++)
        gap_insert(sources, source, source->gap_count, known->gaps[i]);
    if (source->gap_count == SOURCE_GAPS_MOST)
        source->lost_from = known->gaps[0].first;
}

size_t sources_write(struct sources *sources, struct batch *batch, size_t most, uint64_t upto)
{
    struct list_node *node;
    size_t written = 0;
    while (written < most && (node = list_take_first(&sources->changed))) {
        const struct source *source = CONTAINER_OF(node, struct source, node);
        const struct source_record row = {
            .source = source->name,
            .incarnation = source->incarnation,
            .highest_sequence = source->highest,
            .last_seen_at = source->last_seen_at,
            .skew_ms = source->skew_ms,
            .upto = upto,
            .gaps = source->gaps,
            .gap_count = source->gap_count,
        };
        batch_add_source(batch, &row);
        written++;
    }
    return written;
}

size_t sources_unwritten(const struct sources *sources)
{
    return list_count(&sources->changed);
}

void sources_write_all(struct sources *sources)
{
    struct source *source;
    MAP_EACH(source, &sources->by_key)
        if (!list_is_linked(&source->node))
            list_append(&sources->changed, &source->node);
}

const struct sources_numbers *sources_numbers(const struct sources *sources)
{
    return &sources->numbers;
}
