/* scope: what of a policy holds in which store. Internal to common/policy.
 *
 * A policy that was loaded owns its scopes; what is made of it for some of its stores shares them. */
#ifndef BELLHOP_POLICY_RULES_SCOPE_H
#define BELLHOP_POLICY_RULES_SCOPE_H

#include "common/base/map.h"
#include "common/policy/rules/override.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/rules/zones.h"

enum { POLICY_CALENDARS = 64, POLICY_STORES = 10000, STORE_TAGS = 16, CALENDAR_SPECIAL_DAYS = 400 };

/* A policy as a set of overrides makes it. */
struct variant {
    struct override_set set;
    struct policy *policy;
};

/* A store that the policy names. */
struct store_scope {
    const char *store_id;
    const char *region; /* NULL: none */
    const char *tags[STORE_TAGS];
    unsigned tag_count;
    const char *zone_name;
    struct place place;
    unsigned line, zone_line, calendar_line; /* 0: the default of all stores */
    struct override_set applies;             /* overrides that are for it, at their times */
    const struct policy *current; /* from `from_at` on, until `until_at`; NULL: not asked for yet */
    int64_t from_at, until_at;
};

struct scopes {
    struct policy_zones zones;
    struct calendar *calendars;
    unsigned calendar_count;
    struct store_scope *stores;
    unsigned store_count;
    struct map by_store;
    struct thanks_days thanks;    /* of stores whose calendar has none of its own */
    struct store_scope elsewhere; /* of stores that are not named */
    struct override *overrides;   /* in order of rank: a later one wins */
    unsigned override_count;
    struct variant *variants;
    unsigned variant_count;
    struct bytes document; /* of a policy with overrides: its rules are read again for each variant */
};

struct scopes *scopes_new(void);
void scopes_free(struct scopes *scopes);
AUTO_FREE(scopes)

/* NULL: no such calendar. */
const struct calendar *scopes_calendar(const struct scopes *scopes, const char *name);

/* Never NULL. */
struct store_scope *scopes_of(const struct scopes *scopes, const char *store_id);

/* Which overrides hold at the store at `at`; it stays so from `ret_from_at` on, until `ret_until_at`. */
struct override_set scope_at(const struct scopes *scopes, const struct store_scope *scope, int64_t at,
                             int64_t *ret_from_at, int64_t *ret_until_at);
/* An instant as the store's clocks show it. */
int64_t scope_instant(const struct store_scope *scope, const struct override_moment *moment);

#endif
