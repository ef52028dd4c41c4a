/* in_flight: the batches that were sent to persist and are not known to be stored, oldest first. Pure. */
#ifndef BELLHOP_ESCALATE_IN_FLIGHT_H
#define BELLHOP_ESCALATE_IN_FLIGHT_H

#include "services/escalate/decider.h"

enum { IN_FLIGHT_MOST = 16 }; /* batches; the next one gathers meanwhile */

enum in_flight_state {
    IN_FLIGHT_SENT,
    IN_FLIGHT_STORED,
    IN_FLIGHT_DOUBTED, /* refused, but the cursor has passed it: perhaps it is stored and the answer was lost */
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

/* Persist's answer to batch `id`; `cursor` is where persist stands. False when the batch was refused for good,
 * and everything in flight with it. A batch that is not in flight is ignored. */
bool in_flight_answered(struct in_flight *in_flight, uint64_t id, bool is_stored, uint64_t cursor);

/* The oldest was doubted and turns out to be stored. */
void in_flight_vouch(struct in_flight *in_flight);

/* Drop the oldest as long as they are stored: the seq up to which that went, or 0 for none. */
uint64_t in_flight_drop_stored(struct in_flight *in_flight);

#endif
