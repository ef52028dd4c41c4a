/* scope: what of a policy holds in which store. Internal to common/policy.
 *
 * A policy that was loaded owns its scopes; what is made of it for some of its stores shares them. */
#ifndef BELLHOP_POLICY_RULES_SCOPE_H
#define BELLHOP_POLICY_RULES_SCOPE_H

#include "common/base/map.h"
#include "common/policy/rules/rule.h"
#include "common/policy/rules/zones.h"

enum { POLICY_CALENDARS = 64, POLICY_STORES = 10000, STORE_TAGS = 16, CALENDAR_SPECIAL_DAYS = 400 };

enum { POLICY_OVERRIDES = 256, OVERRIDE_WORDS = POLICY_OVERRIDES / 64, OVERRIDE_VARIANTS = 512 };

/* Of a policy's overrides, by their place in order of rank. */
struct override_set {
    uint64_t words[OVERRIDE_WORDS];
};

static inline bool override_is_in(const struct override_set *set, unsigned at)
{
    return set->words[at / 64] >> at % 64 & 1;
}

/* A date and a time as people write it. */
struct override_moment {
    bool is_given;
    bool is_local; /* by the clocks of each store, counted as if they were UTC */
    int64_t us;
};

struct figure_change {
    unsigned figure;  /* in policy->figures */
    struct figure to; /* of money, the amounts that are given; the others stay */
    unsigned line;
};

/* Make `figure` what the change says. */
void figure_apply(struct figure *figure, const struct figure_change *change);

struct level_change {
    unsigned level;
    unsigned line;
    bool has_remedy, has_customer_day, has_employee_day, has_acknowledge, has_calendar;
    struct limits limits[POLICY_CURRENCIES]; /* by currency; 0: nothing is said, it stays */
    int64_t acknowledge_us;
    const struct calendar *calendar;
};

struct rule_change {
    const char *rule; /* all rules of this name */
    unsigned line;
    bool is_off, has_to;
    struct figure_change *figures;
    unsigned figure_count;
};

enum override_breadth { OVERRIDE_EVERYWHERE, OVERRIDE_REGION, OVERRIDE_TAG, OVERRIDE_STORES };

struct override {
    const char *name;
    unsigned line;
    unsigned position; /* in the document */
    enum override_breadth breadth;
    const char *where; /* the region or the tag */
    const char **stores;
    unsigned store_count;
    struct override_moment from, until;
    struct figure_change *figures;
    unsigned figure_count;
    struct level_change *levels;
    unsigned level_count;
    struct rule_change *rules;
    unsigned rule_count;
    bool has_calendar;
    unsigned calendar_line;
    const struct calendar *calendar;
};

static inline bool override_is_temporary(const struct override *override)
{
    return override->from.is_given || override->until.is_given;
}

/* A policy as a set of overrides makes it. */
struct variant {
    struct override_set set;
    struct policy *policy;
};

/* What is being loaded of such a one. */
struct overriding {
    const struct override_set *set;
    struct node *list; /* the section of overrides, in its tree */
    bool is_strict;    /* to find what is wrong with an override */
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

/* ---- policy.c */

void variant_free(struct policy *variant);

/* ---- ladder.c */

void level_apply(struct level *level, const struct level_change *change);
/* The first level that may not decide more than the one below; 0: there is none. */
unsigned ladder_falls(const struct ladder *ladder);
/* UNLIMITED stays so. */
int64_t limit_times(int64_t limit, int64_t multiple);
/* The level below that may decide as much in this currency; -1: none, the ladder goes up. Levels without figures in it
 * are passed over. */
int ladder_rival(const struct ladder *ladder, unsigned currency, unsigned level);

#endif
