/* policy_begin: what a policy that comes into force changes for the staff of a store, in words. */
#ifndef BELLHOP_POLICY_DECIDE_POLICY_BEGIN_H
#define BELLHOP_POLICY_DECIDE_POLICY_BEGIN_H

#include "common/policy/decide/deciding.h"

/* False: none begins. */
bool policy_begin_fill(struct deciding *deciding, WirePolicyFacts *facts);

#endif
