/* room: how many deliveries all streams together hold in memory.
 *
 * One stream alone is bounded by its window; a thousand that are far behind, or whose subscribers confirm
 * nothing, would take gigabytes. Beyond the bound each stream continues with a few deliveries at a time: all
 * of them move, and none waits for another's subscriber. */
#ifndef BELLHOP_RELAY_STREAM_ROOM_H
#define BELLHOP_RELAY_STREAM_ROOM_H

#include <stddef.h>

enum {
    ROOM_DELIVERIES = 16000, /* of all streams: two whole windows */
    ROOM_SHARE = 16,         /* what each may have when there is no room left */
};

/* All zero: empty. */
struct room {
    size_t held;
};

/* How many of `wanted` a stream that holds `mine` may take in now; 0: none until something is settled. */
size_t room_grant(const struct room *room, size_t mine, size_t wanted);

/* A stream that held `before` holds `now` from here on. */
void room_change(struct room *room, size_t before, size_t now);

#endif
