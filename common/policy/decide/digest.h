/* digest: a store closes, and its day's good news is told to everybody there. */
#ifndef BELLHOP_POLICY_DECIDE_DIGEST_H
#define BELLHOP_POLICY_DECIDE_DIGEST_H

#include "common/policy/decide/deciding.h"

void digest_make(struct deciding *deciding, const struct rule *rule);

#endif
