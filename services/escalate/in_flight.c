/* in_flight: a ring of batches. */
#include "services/escalate/in_flight.h"

#include <assert.h>

static struct in_flight_batch *at_index(struct in_flight *in_flight, size_t index)
{
    return &in_flight->batches[(in_flight->first + index) % IN_FLIGHT_MOST];
}

void in_flight_add(struct in_flight *in_flight, uint64_t id, const struct decided_batch *batch)
{
    assert(in_flight_has_room(in_flight));
    *at_index(in_flight, in_flight->count++) = (struct in_flight_batch){.id = id, .batch = *batch};
}

void in_flight_clear(struct in_flight *in_flight)
{
    *in_flight = (struct in_flight){0};
}

const struct in_flight_batch *in_flight_first(const struct in_flight *in_flight)
{
    return in_flight->count ? &in_flight->batches[in_flight->first] : NULL;
}

bool in_flight_answered(struct in_flight *in_flight, uint64_t id, bool is_stored, uint64_t cursor)
{
    for (size_t i = 0; i < in_flight->count; i++) {
        struct in_flight_batch *batch = at_index(in_flight, i);
        if (batch->id != id)
            continue;
        if (!is_stored && cursor < batch->batch.upto)
            return false;
        batch->state = is_stored ? IN_FLIGHT_STORED : IN_FLIGHT_DOUBTED;
    }
    return true;
}

void in_flight_vouch(struct in_flight *in_flight)
{
    assert(in_flight->count > 0);
    at_index(in_flight, 0)->state = IN_FLIGHT_STORED;
}

uint64_t in_flight_drop_stored(struct in_flight *in_flight)
{
    uint64_t upto = 0;
    while (in_flight->count && at_index(in_flight, 0)->state == IN_FLIGHT_STORED) {
        upto = at_index(in_flight, 0)->batch.upto;
        in_flight->first = (in_flight->first + 1) % IN_FLIGHT_MOST;
        in_flight->count--;
    }
    return upto;
}
