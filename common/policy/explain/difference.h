/* difference: what changes from one policy to another, in words. */
#ifndef BELLHOP_POLICY_EXPLAIN_DIFFERENCE_H
#define BELLHOP_POLICY_EXPLAIN_DIFFERENCE_H

#include "common/base/bytes.h"
#include "common/policy/rules/policy.h"

/* A line for each change, and further lines behind blanks. Returns how many changes there are. */
size_t difference_write(const struct policy *before, const struct policy *after, struct bytes *into);

#endif
