/* follow_up: its body, and its end. */
#include "common/policy/state/follow_up.h"

#include "common/policy/state/entry.h"
#include "common/wire/wire.h"

#include <stdlib.h>

WireFollowUp *follow_up_read(const struct follow_up *follow_up, struct arena *arena)
{
    return wire_unpack(&wire_follow_up__descriptor, slice_of(follow_up->packed, follow_up->packed_size),
                       arena, NULL);
}

void follow_up_drop(struct fold *fold, struct follow_up *follow_up)
{
    list_remove(&follow_up->in_customer);
    list_remove(&follow_up->in_waiting);
    name_set(&fold->names, &follow_up->waits_for, NULL);
    list_remove(&follow_up->recent);
    deadline_stop(&fold->deadlines, &follow_up->deadline);
    map_take(&fold->follow_ups, follow_up->id, follow_up->id_size);
    name_own(&fold->names, &follow_up->interaction, NULL);
    fold->bytes -= follow_up->packed_size;
    free(follow_up->packed);
    entry_free(fold, follow_up, sizeof *follow_up, follow_up->id_size);
}
