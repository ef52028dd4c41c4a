/* room: one number. */
#include "services/relay/stream/room.h"

#include <assert.h>

size_t room_grant(const struct room *room, size_t mine, size_t wanted)
{
    size_t left = room->held < ROOM_DELIVERIES ? ROOM_DELIVERIES - room->held : 0;
    if (wanted <= left)
        return wanted;
    if (mine >= ROOM_SHARE)
        return 0;
    return wanted < ROOM_SHARE ? wanted : ROOM_SHARE;
}

void room_change(struct room *room, size_t before, size_t now)
{
    assert(room->held >= before);
    room->held = room->held - before + now;
}
