/* zone_table: the time zones that a policy names, as tables that travel with its proposal. */
#ifndef BELLHOP_WIRE_ZONE_TABLE_H
#define BELLHOP_WIRE_ZONE_TABLE_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "proto/bellhop/v1/event.pb-c.h"

enum { ZONE_TABLES = 64 };

struct zone_tables {
    WireZoneTable *items[ZONE_TABLES];
    size_t count;
};

/* The tables of all zones that occur in `document` as words and that this machine knows, in the arena. 0, or
 * -ENOSPC. */
int zone_tables_of(struct slice document, struct arena *arena, struct zone_tables *ret_tables);

#endif
