/* source_record: what is known of a source, as it is written and as it is read. Pure. */
#ifndef BELLHOP_STORE_SESSION_SOURCE_RECORD_H
#define BELLHOP_STORE_SESSION_SOURCE_RECORD_H

#include <stddef.h>
#include <stdint.h>

/* Numbers that it has given and that have not arrived. */
struct source_gap {
    uint64_t first;
    uint64_t last;
    int64_t noticed_at;
};

struct source_record {
    const char *source;
    const char *incarnation; /* "" of one that does not number */
    uint64_t highest_sequence;
    int64_t last_seen_at;
    int64_t skew_ms;
    uint64_t upto;                 /* events up to here have been noted */
    const struct source_gap *gaps; /* ascending */
    size_t gap_count;
};

#endif
