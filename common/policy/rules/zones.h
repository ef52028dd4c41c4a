/* zones: the tables of time zones that came with a policy. Nothing else is ever consulted.
 *
 * Internal to common/policy. */
#ifndef BELLHOP_POLICY_RULES_ZONES_H
#define BELLHOP_POLICY_RULES_ZONES_H

#include "common/base/zone.h"
#include "common/policy/cel/environment.h"
#include "proto/bellhop/v1/event.pb-c.h"

enum { ZONE_NAME_SIZE = 65 };

struct policy_zone {
    char name[ZONE_NAME_SIZE];
    struct zone zone;
    struct cel_zone cel; /* the same, as expressions take it */
};

/* All zero is empty. */
struct policy_zones {
    struct policy_zone *items;
    size_t count;
};

/* Copies the tables; one that is no table is left out, as if it had not come. */
void policy_zones_read(struct policy_zones *zones, WireZoneTable *const *tables, size_t count);
void policy_zones_clear(struct policy_zones *zones);

/* NULL: it did not come. */
const struct policy_zone *policy_zones_find(const struct policy_zones *zones, const char *name);

/* For cel_environment_zones(); `owner` is the zones. */
cel_zone_find policy_zones_find_cel;

#endif
