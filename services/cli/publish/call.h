/* call: one row of a telephone service's call log becomes up to four events.
 *
 * The log is the call centre data of the Technion's "Anonymous Bank" (August 1999): the voice response unit
 * (vru, the menu), the queue (q, on hold) and the service (ser) of each call, in local civil time. Pure: the
 * caller brings the row and the zone. */
#ifndef BELLHOP_CLI_PUBLISH_CALL_H
#define BELLHOP_CLI_PUBLISH_CALL_H

#include "common/base/arena.h"
#include "common/base/zone.h"
#include "services/cli/publish/csv.h"

#include "proto/bellhop/v1/event.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

enum { CALL_MOST_EVENTS = 4, CALL_ID_SIZE = 65, CALL_COLUMNS = 17 };

/* Where the header says that each column stands. */
struct call_columns {
    size_t places[CALL_COLUMNS];
};

enum call_outcome { CALL_SERVED, CALL_HUNG_UP, CALL_PHANTOM };

/* Times are local microseconds, counted as if they were UTC. */
struct call {
    char source[CALL_ID_SIZE];      /* bank/<vru_line> */
    char interaction[CALL_ID_SIZE]; /* <date>-<vru_line>-<call_id>-<vru_entry> */
    char customer[CALL_ID_SIZE];    /* "": not identified */
    char server[CALL_ID_SIZE];      /* "": none */
    enum call_outcome outcome;
    int64_t vru_entry, vru_exit, q_exit; /* an exit before its entry is the next day's */
    int64_t ser_exit;                    /* where the log does not know it: the end of the wait before */
    int64_t vru_seconds;                 /* negative in a few rows: then there is no menu to report */
    int64_t q_seconds;                   /* above 0: it held */
};

/* 0, or -EINVAL when a column is missing or there twice; it is named in `why`. */
int call_read_columns(struct call_columns *columns, const struct csv_row *header, char *why, size_t why_size);

/* 0, or -EINVAL with line, column name and value in `why`. */
int call_read(struct call *call, const struct call_columns *columns, const struct csv_row *row, char *why,
              size_t why_size);

/* The call's events in their order, in `arena`, whose texts point into `call`: 0 of a phantom. Their ids are
 * derived from the call, so that a second import makes the same. -ENOBUFS: the arena is full. */
int call_make_events(const struct call *call, const struct zone *zone, struct arena *arena,
                     WireEvent *ret_events[CALL_MOST_EVENTS]);

#endif
