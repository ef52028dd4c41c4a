/* effective: what holds in a store at a time, and which override made it so. */
#ifndef BELLHOP_POLICY_EXPLAIN_EFFECTIVE_H
#define BELLHOP_POLICY_EXPLAIN_EFFECTIVE_H

#include "common/policy/rules/policy.h"

/* One thing that a store may have otherwise than the rest, and why it is as it is. */
struct effective_setting {
    const char *section;  /* "zone", "calendar", "ladder", "figures", "rules", "later" */
    const char *name;     /* of the figure, the level, the rule or the override; NULL of the store's own */
    const char *part;     /* of a level: what of it; NULL: all */
    char value[1024];     /* in words */
    char otherwise[160];  /* what would hold without the override that won; "" when none did */
    unsigned line;        /* where it is said; 0: nowhere, it is what holds when nothing is said */
    bool is_own;          /* it is said of this very store */
    const char *override; /* the name of the override that won; NULL: none */
    char why[320];        /* "in stores of the region coast, until …"; "" when no override won */
};

typedef void effective_visit(void *owner, const struct effective_setting *setting);

/* Every figure and level of a store at a time, its zone and calendar, the rules that are not as they are
 * written, and the overrides that are still to come. */
void effective_each(const struct policy *policy, const char *store_id, int64_t at, effective_visit *visit,
                    void *owner);

#endif
