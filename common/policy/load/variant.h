/* variant: a policy as its overrides make it.
 *
 * A variant is made when it is first asked for, even in the middle of an event: the YAML that the policy keeps is read and
 * its rules are compiled again, with the figures that hold. It is then kept as long as the policy, so that further events
 * pay one look-up. */
#ifndef BELLHOP_POLICY_LOAD_VARIANT_H
#define BELLHOP_POLICY_LOAD_VARIANT_H

#include "common/policy/rules/scope.h"

/* For a store at a time; the policy itself when no override holds there. */
const struct policy *variant_for(const struct policy *policy, const char *store_id, int64_t at);
/* The same by the names of the overrides, as a decision carries them. */
const struct policy *variant_with(const struct policy *policy, char *const *overrides, size_t count);

/* The policy with these overrides; findings are those of the overrides when it is strict. */
struct policy *variant_make(const struct policy *base, const struct override_set *set, bool is_strict,
                            struct policy_findings *findings);

/* The ladder of a policy as these overrides make it. */
void variant_apply_ladder(const struct scopes *scopes, const struct override_set *set, struct ladder *ladder);

#endif
