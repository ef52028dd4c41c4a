/* months: which positions of which months' partitions are known to be written down, so that not every transaction asks.
 *
 * What a partition can hold is written ahead (table month): a transaction writes there only when an event falls beyond
 * what is known. Any doubt about what the database holds (another session, a failure) is a reason to forget. */
#ifndef BELLHOP_STORE_WRITE_MONTHS_H
#define BELLHOP_STORE_WRITE_MONTHS_H

#include "common/store/write/event_rows.h"

/* highest_seq is written so many positions ahead. */
enum { MONTHS_AHEAD = 100000, MONTHS_KNOWN_MOST = 32 };

/* All zero knows nothing. */
struct months {
    struct event_months known[MONTHS_KNOWN_MOST];
    size_t count;
};

bool months_cover(const struct months *months, const struct event_rows *events);

/* These events' months are committed, MONTHS_AHEAD positions ahead. Of more months than it has room for it forgets the
 * oldest. */
void months_learn(struct months *months, const struct event_rows *events);

#endif
