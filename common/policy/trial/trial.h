/* trial: stories told to a policy, and what it concluded compared with what was expected. How they are written: story.h.
 */
#ifndef BELLHOP_POLICY_TRIAL_TRIAL_H
#define BELLHOP_POLICY_TRIAL_TRIAL_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/policy/rules/policy.h"
#include "common/policy/trial/coverage.h"
#include "common/policy/trial/trial_policy.h"

struct trial;

/* NULL: it cannot be read, and the findings say why. */
struct trial *trial_new(struct slice document, struct policy_findings *ret_findings);
void trial_free(struct trial *trial);
AUTO_FREE(trial)

/* The policy's file as the document names it; relative to the document's own place. */
const char *trial_policy(const struct trial *trial);
size_t trial_count(const struct trial *trial);
const char *trial_name(const struct trial *trial, size_t index);
unsigned trial_line(const struct trial *trial, size_t index);

/* The rules of the policy that the stories are about: those that a story's name, or what it expects, calls by their name
 * or their row. */
void trial_add_subjects(const struct trial *trial, const struct policy *policy, struct coverage *coverage);

/* Tell one story. False: it fails, and what is appended says how. `coverage` may be NULL. */
bool trial_run(struct trial *trial, size_t index, const struct trial_policy *policy,
               struct coverage *coverage, struct bytes *into);

#endif
