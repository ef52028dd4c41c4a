/* ownership: what goes along when a customer, or a contact of nobody knows whom, is handed over on purpose. */
#ifndef BELLHOP_POLICY_STATE_OWNERSHIP_H
#define BELLHOP_POLICY_STATE_OWNERSHIP_H

#include "common/policy/state/customer.h"

struct fold;

/* What is known of the contact and its customer; NULL: nothing. In an exercise whose the contact is counts alone. */
struct relation {
    const struct interaction_known *contact;
    const struct customer_known *customer;
    bool is_drill;
};

const char *relation_owner(const struct relation *relation);
/* To whom it was handed over after `at`. NULL: to nobody. */
const char *relation_given_since(const struct relation *relation, int64_t at);

struct ownership {
    const char *store_id;
    const char *interaction_id; /* what came of it goes along, as long as nobody knows for whom it is */
    const char *customer_id;    /* NULL: unknown */
    const char *from, *to;
    int64_t at; /* what came after that stays with whoever has it */
    bool is_drill;
};

/* The event is the first of its contact that says whose it is: what came of it before is theirs. `before` is what was
 * known of the contact; NULL: nothing. */
static inline bool ownership_is_named(const struct interaction_known *before, const WireEvent *event)
{
    return before && !before->customer && event->customer_id;
}
/* Others change nothing of whose it is on purpose. */
static inline bool ownership_may_move(const struct interaction_known *before, const WireEvent *event)
{
    return ownership_is_named(before, event) ||
           (event->body_case == WIRE_EVENT__BODY_HANDED_OVER && event->handed_over->takes_ownership);
}

/* Somebody else, or the same anew, owns it `after` the event. */
bool ownership_moves(const struct relation *before, const struct relation *after,
                     struct ownership *ret_ownership);

/* One thing that is open. */
struct owned {
    const char *store_id, *owner, *customer_id, *interaction_id;
    int64_t at;
    bool is_drill;
};

/* It came of the contact, and nobody knew yet for whom it is. */
bool ownership_names(const struct ownership *ownership, const struct owned *owned);
/* It goes along: of the same store, or of whoever owned the customer before. */
bool ownership_takes(const struct ownership *ownership, const struct owned *owned);

/* Appointments follow from their events alone. Let them go along; and let those of a contact be of its customer, who is
 * known now. */
void ownership_take_appointments(struct fold *fold, const struct ownership *ownership);
void ownership_name_appointments(struct fold *fold, const struct ownership *ownership);

#endif
