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

enum {
    POLICY_NAME_SIZE = 65,
    POLICY_FINDINGS = 64,
    POLICY_SENTENCE_SIZE = 320,
    POLICY_DOCUMENT_BYTES = 1024 * 1024
};

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

void policy_free(struct policy *policy);
AUTO_FREE(policy)

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
