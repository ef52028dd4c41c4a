/* follow_up: its body. */
#include "common/policy/state/follow_up.h"

#include "common/wire/wire.h"

WireFollowUp *follow_up_read(const struct follow_up *follow_up, struct arena *arena)
{
    return wire_unpack(&wire_follow_up__descriptor, slice_of(follow_up->packed, follow_up->packed_size),
                       arena, NULL);
}
