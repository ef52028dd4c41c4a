/* zone: the offsets of one IANA time zone, read from the machine's zone files (TZif, RFC 9636).
 *
 * A zone here is a flat table: what the file lists, and beyond it what its footer's rule gives up to the end
 * of ZONE_LAST_YEAR. Whoever holds the table needs neither the file nor a rule. Nothing is global, and TZ
 * is not read. */
#ifndef BELLHOP_BASE_ZONE_H
#define BELLHOP_BASE_ZONE_H

#include "common/base/bytes.h"

#include <stddef.h>
#include <stdint.h>

enum { ZONE_LAST_YEAR = 2100, ZONE_ABBREVIATION_SIZE = 16, ZONE_MOST_TRANSITIONS = 4096 };

struct zone_transition {
    int64_t from_at;        /* UTC microseconds from which it holds; of the first: INT64_MIN */
    int32_t offset_seconds; /* east of UTC */
    char abbreviation[ZONE_ABBREVIATION_SIZE];
};

struct zone {
    struct zone_transition *transitions; /* ascending, at least one */
    size_t count;
};

/* Reads the zone `name` ("Europe/Vienna", "UTC") from $TZDIR, or /usr/share/zoneinfo. 0; -EINVAL when the
 * name or the file is not one; -errno when it cannot be read. The reason is in `why`. */
int zone_read(struct zone *zone, const char *name, char *why, size_t why_size);

/* The same from the bytes of a file: 0 or -EINVAL. */
int zone_parse(struct zone *zone, struct slice file);

/* Releases the table; an all-zero zone is fine. */
void zone_clear(struct zone *zone);

/* What holds at `utc_us`; borrowed. */
const struct zone_transition *zone_at(const struct zone *zone, int64_t utc_us);

/* The instant at which clocks there show `local_us` (civil time counted as if it were UTC). Where they show
 * it twice, the first; where they skip it, as if they had not been set forward: 02:30 becomes 03:30. */
int64_t zone_utc_from_local(const struct zone *zone, int64_t local_us);

#endif
