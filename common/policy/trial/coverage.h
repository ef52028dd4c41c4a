/* coverage: which rules of a policy were looked at and held, and which terms of their conditions came out both ways. */
#ifndef BELLHOP_POLICY_TRIAL_COVERAGE_H
#define BELLHOP_POLICY_TRIAL_COVERAGE_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/policy/rules/look.h"

struct coverage;

/* Of any loading of the same document. */
struct coverage *coverage_new(void);
void coverage_free(struct coverage *coverage);
AUTO_FREE(coverage)

/* Stories are about this rule of the policy: it is reported on. */
void coverage_add_subject(struct coverage *coverage, const struct policy *policy, const struct rule *rule);

void coverage_add(struct coverage *coverage, const struct rule_look *look);

/* "rules: 30 of 36 acted; conditions: 71 of 80 terms came out both ways", and what is missing, a line each. Rules that no
 * story is about are named when they are the smaller part, else only counted. `policy` is one loading of it. True when
 * nothing is missing. */
bool coverage_write(const struct coverage *coverage, const struct policy *policy, struct bytes *into);

#endif
