/* awaiting: who waits for the verdict of which event. Several requests may wait for the same one. */
#ifndef BELLHOP_INGEST_AWAITING_H
#define BELLHOP_INGEST_AWAITING_H

#include "common/base/map.h"

#include <stdbool.h>
#include <stdint.h>

/* In the waiter's storage. */
struct awaited {
    uint8_t event_id[16];
    struct awaited *next; /* waits for the same event */
    void *owner;
    size_t index; /* the owner's own: which of its events */
    bool is_waiting;
};

struct awaiting {
    struct map by_event; /* first of each chain */
};

void awaiting_init(struct awaiting *awaiting, uint64_t seed);
void awaiting_clear(struct awaiting *awaiting);

/* `awaited` has its event_id and stays where it is until it is taken or removed. */
void awaiting_add(struct awaiting *awaiting, struct awaited *awaited);

/* All that wait for the event, chained by next; they wait no longer. NULL: nobody. */
struct awaited *awaiting_take(struct awaiting *awaiting, const uint8_t event_id[16]);

/* Does nothing when it does not wait. */
void awaiting_remove(struct awaiting *awaiting, struct awaited *awaited);

#endif
