/* months: the positions that each month's partition is known to cover, so that not every transaction has to ask. Pure.
 *
 * Table month is written ahead: a transaction touches it only when an event falls beyond what is known. Whenever it is
 * in doubt what the database holds (another session, a failure), all is forgotten. */
#ifndef BELLHOP_STORE_WRITE_MONTHS_H
#define BELLHOP_STORE_WRITE_MONTHS_H

#include "common/store/write/event_rows.h"

/* How far ahead highest_seq is written. */
enum { MONTHS_AHEAD = 100000, MONTHS_KNOWN_MOST = 32 };

/* All zero: nothing is known. */
struct months {
    struct event_months known[MONTHS_KNOWN_MOST];
    size_t count;
};

bool months_cover(const struct months *months, const struct event_rows *events);

/* These events' months are committed, MONTHS_AHEAD positions ahead. When there is no more room, the oldest month is
 * forgotten. */
void months_learn(struct months *months, const struct event_rows *events);

#endif
