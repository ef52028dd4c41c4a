/* refusals: what is refused to peers, in the log: the first at once, then one line a minute with the number.
 * The metrics have the whole count, by reason. */
#ifndef BELLHOP_SERVICE_REFUSALS_H
#define BELLHOP_SERVICE_REFUSALS_H

#include "common/wire/refusal.h"

#include <stdbool.h>
#include <stdint.h>

struct refusals {
    const char *id;       /* of the line */
    const char *sentence; /* what happened, and what to do */
    int64_t next_ms;      /* no line before; 0: there was none yet */
    uint64_t unlogged;    /* since the last line */
};

/* `sender` is its address, "" where there is none. True: a line was written. */
bool refusals_add(struct refusals *refusals, int64_t now_ms, const char *sender,
                  const struct wire_refusal *refusal);

#endif
