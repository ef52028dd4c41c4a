/* policy_load: from YAML to a policy, with every mistake and its place. */
#ifndef BELLHOP_POLICY_LOAD_POLICY_LOAD_H
#define BELLHOP_POLICY_LOAD_POLICY_LOAD_H

#include "common/policy/rules/policy.h"

/* NULL when refused, and ret_findings says why. `version` is the seq of its PolicyProposed, 0 when it has
 * none. Nothing given is kept. */
struct policy *policy_load(struct slice document, WireZoneTable *const *zones, size_t zone_count,
                           uint64_t version, struct policy_findings *ret_findings);

#endif
