/* refusals: what peers send and are refused, as the operator reads it: the first at once, then a line a minute
 * with how many there were. The metrics have the whole count, by reason. */
#ifndef BELLHOP_SERVICE_REFUSALS_H
#define BELLHOP_SERVICE_REFUSALS_H

#include "common/wire/refusal.h"

#include <stdbool.h>
#include <stdint.h>

struct refusals {
    const char *id;       /* of the line */
    const char *sentence; /* what happened, and what to do */
    int64_t tell_at_ms;   /* not before; 0: none was told yet */
    uint64_t untold;      /* since the last line */
};

/* `sender` is its address, "" where there is none. True: it was told. */
bool refusals_add(struct refusals *refusals, int64_t now_ms, const char *sender,
                  const struct wire_refusal *refusal);

#endif
