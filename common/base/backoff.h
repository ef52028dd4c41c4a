/* backoff: how long to wait before the next try. A pure function: the caller passes chance in. */
#ifndef BELLHOP_BASE_BACKOFF_H
#define BELLHOP_BASE_BACKOFF_H

#include <stdint.h>

struct backoff {
    int64_t first_ms; /* before the second try; at least 1 */
    int64_t most_ms;  /* never longer */
};

/* After `failures` failures in a row (from 1): first_ms, doubled each time, at most most_ms; then a random
 * share of that, between half and all of it, so that peers which failed together do not return together. 0
 * after no failure. */
int64_t backoff_delay_ms(const struct backoff *backoff, unsigned failures, uint64_t random);

#endif
