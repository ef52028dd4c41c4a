/* sources: the sequence numbers of each source, the gaps between them, and when it was last heard. Pure.
 *
 * A source may number its events from 1 within an incarnation. Everything is bounded: new sources beyond `most` are
 * counted but not followed, and each source keeps its oldest gaps and remembers which of its last 64 numbers have come.
 * Times are UTC microseconds. */
#ifndef BELLHOP_PERSIST_SOURCES_H
#define BELLHOP_PERSIST_SOURCES_H

#include "common/base/auto.h"
#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct batch;
struct source_record;

enum { SOURCE_GAPS_MOST = 64 };

struct sources;
struct sources *sources_new(size_t most, uint64_t seed);
void sources_free(struct sources *sources);
AUTO_FREE(sources)

/* An event was committed, or is read again after a start. Its incarnation may be empty; a sequence of 0 is none. */
struct source_news {
    uint64_t seq; /* its place in the log; 0: it was rejected */
    struct slice source;
    struct slice incarnation;
    uint64_t sequence;
    int64_t seen_at;
    int64_t skew_ms;
};
/* False when its number had arrived before, with another event. One that is in what was restored changes nothing. */
bool sources_note(struct sources *sources, const struct source_news *news);

/* An event was rejected: its number has arrived all the same, and is no gap. */
void sources_note_rejected(struct sources *sources, const struct source_news *news);

/* What was known before this process began: as if it had been noted, but not written again. */
void sources_restore(struct sources *sources, const struct source_record *source);

/* Write at most `most` of the changed sources, those that changed first; returns how many. Events up to `upto` have been
 * noted. */
size_t sources_write(struct sources *sources, struct batch *batch, size_t most, uint64_t upto);

/* How many have changed and are not written yet. */
size_t sources_unwritten(const struct sources *sources);

/* What was written was not stored: write everything again. */
void sources_write_all(struct sources *sources);

/* Forget everything, for a fresh start. */
void sources_reset(struct sources *sources);

struct sources_numbers {
    int64_t sources;
    int64_t missing;       /* numbers, over all gaps; at most INT64_MAX, as sources may claim any number */
    uint64_t unfollowed;   /* events of sources beyond `most` */
    uint64_t gaps_lost;    /* gaps that were not kept */
    uint64_t repeated;     /* numbers that a source gave to two events */
    int64_t worst_skew_ms; /* ever seen, without its sign */
};
const struct sources_numbers *sources_numbers(const struct sources *sources);

#endif
