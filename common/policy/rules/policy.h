/* policy: one version of the rules, loaded from its YAML and ready to be applied.
 *
 * A policy is immutable. Loading does no I/O: what a policy needs from outside (the tables of its time zones)
 * comes with its proposal. How one is written: common/policy/README.md. */
#ifndef BELLHOP_POLICY_RULES_POLICY_H
#define BELLHOP_POLICY_RULES_POLICY_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "proto/event.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct policy;

enum { POLICY_FINDINGS = 64, POLICY_SENTENCE_SIZE = 320, POLICY_DOCUMENT_BYTES = 1024 * 1024 };

/* What is wrong, where. */
struct policy_finding {
    unsigned line, column; /* from 1, in characters */
    char sentence[POLICY_SENTENCE_SIZE];
};

/* All of what is wrong, in the document's order; beyond the bound only counted. All zero is empty. */
struct policy_findings {
    size_t count; /* in `items` */
    size_t omitted;
    struct policy_finding items[POLICY_FINDINGS];
};

/* NULL when refused, and ret_findings says why. `version` is the seq of its PolicyProposed, 0 when it has
 * none. Nothing given is kept. */
struct policy *policy_load(struct slice document, WireZoneTable *const *zones, size_t zone_count,
                           uint64_t version, struct policy_findings *ret_findings);
void policy_free(struct policy *policy);
AUTO_FREE(policy)

/* The policy as its overrides make it for a store at a time; itself when it has none. Made when first asked
 * for, and kept as long as the policy. */
const struct policy *policy_for(const struct policy *policy, const char *store_id, int64_t at);
/* The same by the names of the overrides, as a decision carries them. */
const struct policy *policy_with(const struct policy *policy, char *const *overrides, size_t count);

/* One thing that a store may have otherwise than the rest, and why it is as it is. */
struct policy_setting {
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

typedef void policy_setting_told(void *owner, const struct policy_setting *setting);

/* Every figure and level of a store at a time, its zone and calendar, the rules that are not as they are
 * written, and the overrides that are still to come. */
void policy_effective(const struct policy *policy, const char *store_id, int64_t at,
                      policy_setting_told *told, void *owner);

const char *policy_name(const struct policy *policy);
uint64_t policy_version(const struct policy *policy);

#endif
