/* owed: what a customer is owed already. */
#ifndef BELLHOP_POLICY_DECIDE_OWED_H
#define BELLHOP_POLICY_DECIDE_OWED_H

#include "common/policy/decide/deciding.h"

/* A follow-up of this kind, which the event's customer (of an unnamed one: the contact) gave rise to, is open and `owner`'s. */
bool owed_has(struct deciding *deciding, WireFollowUpKind kind, const char *owner);

#endif
