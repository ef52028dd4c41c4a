/* review: what is questionable in a policy that can be loaded, and what can be done about it. */
#ifndef BELLHOP_POLICY_TRIAL_REVIEW_H
#define BELLHOP_POLICY_TRIAL_REVIEW_H

#include "common/policy/rules/policy.h"

enum { REVIEW_FINDINGS = 256, REVIEW_ADVICE_SIZE = 200 };

struct review_finding {
    unsigned line, column; /* from 1, in characters */
    bool is_error; /* it cannot be loaded; otherwise it would be used, but likely not as it is meant */
    char sentence[POLICY_SENTENCE_SIZE];
    char advice[REVIEW_ADVICE_SIZE]; /* what to do */
};

/* In the document's order. */
struct review {
    size_t count, omitted;
    struct review_finding items[REVIEW_FINDINGS];
};

/* Load and look at a document; what policy_load() finds is in here too. Returns the policy, NULL when it
 * cannot be loaded. */
struct policy *review_document(struct slice document, WireZoneTable *const *zones, size_t zone_count,
                               struct review *ret_review);

#endif
