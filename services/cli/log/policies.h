/* policies: the policies that the log has accepted, loaded when asked for. */
#ifndef BELLHOP_CLI_LOG_POLICIES_H
#define BELLHOP_CLI_LOG_POLICIES_H

#include "common/policy/rules/policy.h"
#include "services/cli/log/reader.h"

struct policies;

struct policies *policies_new(struct reader *reader);
void policies_free(struct policies *policies);
AUTO_FREE(policies)

/* The policy that is in force now. NULL when there is none, or after having complained. */
const struct policy *policies_find_in_force(struct policies *policies);

/* NULL, after having complained, when there is no such version or it cannot be loaded. */
const struct policy *policies_find(struct policies *policies, uint64_t version);

#endif
