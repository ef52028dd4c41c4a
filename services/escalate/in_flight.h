/* in_flight: the batches that were sent to persist and are not known to be stored, oldest first. Pure. */
#ifndef BELLHOP_ESCALATE_IN_FLIGHT_H
#define BELLHOP_ESCALATE_IN_FLIGHT_H

#include "services/escalate/decider.h"

enum { IN_FLIGHT_MOST = 16 }; /* batches; those to come gather meanwhile */

enum in_flight_state {
    IN_FLIGHT_SENT,
    IN_FLIGHT_STORED,
    IN_FLIGHT_DOUBTED, /* refused, but the cursor has passed it: perhaps it was stored before and its answer
                          lost */
};

struct in_flight_batch {
    uint64_t id;
    struct decided_batch batch;
    enum in_flight_state state;
};

struct in_flight {
    struct in_flight_batch batches[IN_FLIGHT_MOST];
    size_t first;
    size_t count;
};

static inline bool in_flight_has_room(const struct in_flight *in_flight)
{
    return in_flight->count < IN_FLIGHT_MOST;
}

void in_flight_add(struct in_flight *in_flight, uint64_t id, const struct decided_batch *batch);
void in_flight_clear(struct in_flight *in_flight);

/* The oldest, or NULL. */
const struct in_flight_batch *in_flight_first(const struct in_flight *in_flight);

/* What persist said of batch `id`: false when it was refused for good, and everything in flight with it.
 * `cursor` is where persist stands. One that is not in flight is nothing to complain of. */
bool in_flight_answered(struct in_flight *in_flight, uint64_t id, bool is_stored, uint64_t cursor);

/* The oldest was doubted, and is found to be stored. */
void in_flight_vouch(struct in_flight *in_flight);

/* Take those that are stored, oldest first: the seq up to which that goes, or 0 for none. */
uint64_t in_flight_drop_stored(struct in_flight *in_flight);

#endif
