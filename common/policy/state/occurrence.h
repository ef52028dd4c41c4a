/* occurrence: one event of the log as the fold looks at it. */
#ifndef BELLHOP_POLICY_STATE_OCCURRENCE_H
#define BELLHOP_POLICY_STATE_OCCURRENCE_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct policy;

struct occurrence {
    const WireEvent *event;
    const WireLoggedEvent *record;
    uint32_t epoch;
    uint64_t seq;
    int64_t at;          /* when it happened, corrected */
    int64_t recorded_at; /* the only clock there is */
};

struct occurrence occurrence_of(const WireLoggedEvent *record, const WireEvent *event);

/* The system's own events, and what people do with cases, are no part of the contact they are about. */
bool occurrence_is_service(const struct occurrence *occurrence);

/* Part of a contact with a customer: whoever is named serves. Duty, goods and lessons are the store's own. */
bool occurrence_is_contact(const struct occurrence *occurrence);

/* By the policy in force; `policy` may be NULL. */
bool occurrence_is_late(const struct occurrence *occurrence, const struct policy *policy);

#endif
