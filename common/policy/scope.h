/* scope: what of a policy holds in which store. Internal to common/policy.
 *
 * A policy that was loaded owns its scopes; what is made of it for some of its stores shares them. */
#ifndef BELLHOP_POLICY_SCOPE_H
#define BELLHOP_POLICY_SCOPE_H

#include "common/base/map.h"
#include "common/policy/calendar.h"
#include "common/policy/zones.h"

enum { POLICY_CALENDARS = 64, POLICY_STORES = 10000, STORE_TAGS = 16, CALENDAR_SPECIAL_DAYS = 400 };

/* A store that the policy names. */
struct store_scope {
    const char *store_id;
    const char *region; /* NULL: none */
    const char *tags[STORE_TAGS];
    unsigned tag_count;
    const char *zone_name;
    struct place place;
    unsigned line, zone_line, calendar_line; /* 0: the default of all stores */
};

struct scopes {
    struct policy_zones zones;
    struct calendar *calendars;
    unsigned calendar_count;
    struct store_scope *stores;
    unsigned store_count;
    struct map by_store;
    struct store_scope elsewhere; /* of stores that are not named */
};

struct scopes *scopes_new(void);
void scopes_free(struct scopes *scopes);
AUTO_FREE(scopes)

/* NULL: no such calendar. */
const struct calendar *scopes_calendar(const struct scopes *scopes, const char *name);

/* Never NULL. */
const struct store_scope *scopes_of(const struct scopes *scopes, const char *store_id);

#endif
