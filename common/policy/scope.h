/* scope: what of a policy holds in which store. Internal to common/policy. */
#ifndef BELLHOP_POLICY_SCOPE_H
#define BELLHOP_POLICY_SCOPE_H

#include "common/policy/calendar.h"

#endif
