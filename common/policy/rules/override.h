/* override: what is otherwise in some stores, or for some time. Kept in order of rank: a later one wins. */
#ifndef BELLHOP_POLICY_RULES_OVERRIDE_H
#define BELLHOP_POLICY_RULES_OVERRIDE_H

#include "common/policy/rules/figure.h"
#include "common/policy/rules/ladder.h"

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

#endif
