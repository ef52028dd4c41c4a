/* trial_policy: the policy that stories are told to, as a document and the zones it names. */
#ifndef BELLHOP_POLICY_TRIAL_TRIAL_POLICY_H
#define BELLHOP_POLICY_TRIAL_TRIAL_POLICY_H

#include "common/base/bytes.h"
#include "proto/bellhop/v1/event.pb-c.h"

struct trial_policy {
    struct slice document;
    WireZoneTable *const *zones;
    size_t zone_count;
};

#endif
