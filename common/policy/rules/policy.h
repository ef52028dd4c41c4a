/* policy: one version of the rules, loaded from its YAML and ready to be applied.
 *
 * A policy is immutable. Loading does no I/O: what a policy needs from outside (the tables of its time zones)
 * comes with its proposal. How one is written: common/policy/README.md. */
#ifndef BELLHOP_POLICY_RULES_POLICY_H
#define BELLHOP_POLICY_RULES_POLICY_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "proto/bellhop/v1/event.pb-c.h"

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

const char *policy_name(const struct policy *policy);
uint64_t policy_version(const struct policy *policy);

#endif
