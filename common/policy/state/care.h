/* care: what a week was like at the sales desk and at the service desk of a store, until it is closed.
 *
 * The week ends when business is over on the last of its days on which the store opens. Its deadline is armed once both desks have had a contact that ended:
 * with one of them there is nothing to compare. What is told after that, or was older than a day, counts in no week. */
#ifndef BELLHOP_POLICY_STATE_CARE_H
#define BELLHOP_POLICY_STATE_CARE_H

#include "common/base/bytes.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/deadline.h"
#include "proto/bellhop/v1/decision.pb-c.h"

struct fold;
struct reading;
struct store;

enum desk { DESK_SALES, DESK_SERVICE, DESKS };

/* Contacts that ended there, and in how many of them it was so. */
struct desk_week {
    uint32_t contacts, angry, complaints, bad;
    int64_t waited_us;
};

struct care {
    struct deadline deadline; /* when the week is closed */
    int64_t week;             /* its Monday; 0: none has begun */
    int64_t closed;           /* the Monday of the last one that was closed */
    struct desk_week desks[DESKS];
};

/* A contact ended; `policy` is that of its store. */
void care_add(struct fold *fold, const struct policy *policy, const WireExperience *body);
/* The week of `store` that is due at that time; false: there is none. */
bool care_is_due(const struct store *store, const WireDeadlinePassed *passed);
/* It was closed. */
void care_close(struct fold *fold, struct store *store, const WireDeadlinePassed *passed);
/* "2026-11-30" */
void care_format_week(const struct care *care, char into[static DAY_TEXT_SIZE]);

void care_write(const struct care *care, struct bytes *into);
void care_read(struct care *care, struct reading *reading);

#endif
