/* group: which causes are one case: those of one contact, rule and subject; outside any contact those of one customer,
 * else each is its own. Waits and busy employees are the store's; what has a name of its own is known by that. */
#ifndef BELLHOP_POLICY_STATE_GROUP_H
#define BELLHOP_POLICY_STATE_GROUP_H

#include "common/policy/state/key.h"

#include "proto/bellhop/v1/decision.pb-c.h"

struct rule;

/* The key of the group of `body`, which `rule` opens or has opened (NULL: a rule that is not known any more). It reads
 * of the body where it is, whose, about what, and which event opened it. Returns the size. */
size_t group_key(const struct rule *rule, const WireCase *body, char into[static KEY_GROUP_SIZE]);

#endif
