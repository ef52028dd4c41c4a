/* ownership: by whom a customer is known, and what goes along when that changes on purpose. */
#include "common/policy/state/ownership.h"

#include "common/base/text.h"
#include "common/policy/state/state.h"

static bool is_of_contact(const struct relation *relation)
{
    return relation->is_drill || !relation->customer;
}

const char *relation_owner(const struct relation *relation)
{
    const char *of_contact = relation->contact ? relation->contact->owner : NULL;
    if (relation->is_drill && relation->contact && relation->contact->is_owner_given)
        return of_contact;
    return relation->customer && relation->customer->owner ? relation->customer->owner : of_contact;
}

/* False: on purpose it was handed over to nobody. */
static bool find_given(const struct relation *relation, const char **ret_to, int64_t *ret_at)
{
    bool is_given = is_of_contact(relation) ? relation->contact && relation->contact->is_owner_given
                                            : relation->customer->is_owner_given;
    if (!is_given)
        return false;
    *ret_to = is_of_contact(relation) ? relation->contact->owner : relation->customer->owner;
    *ret_at = is_of_contact(relation) ? relation->contact->owner_at : relation->customer->owner_at;
    return true;
}

const char *relation_given_since(const struct relation *relation, int64_t at)
{
    const char *to = NULL;
    int64_t given_at = 0;
    return find_given(relation, &to, &given_at) && given_at > at ? to : NULL;
}

bool ownership_moves(const struct relation *before, const struct relation *after,
                     struct ownership *ret_ownership)
{
    const char *to_before = NULL;
    int64_t at_before = 0;
    if (!find_given(after, &ret_ownership->to, &ret_ownership->at))
        return false;
    ret_ownership->from = relation_owner(before);
    ret_ownership->is_drill = after->is_drill;
    return !find_given(before, &to_before, &at_before) || at_before != ret_ownership->at ||
           !text_equal(to_before, ret_ownership->to);
}

static bool is_same(const char *a, const char *b)
{
    return a && b && text_equal(a, b);
}

bool ownership_takes(const struct ownership *ownership, const struct owned *owned)
{
    bool is_of_store = is_same(owned->store_id, ownership->store_id);
    bool is_theirs = owned->customer_id
                         ? is_same(owned->customer_id, ownership->customer_id)
                         : is_of_store && is_same(owned->interaction_id, ownership->interaction_id);
    return is_theirs && owned->is_drill == ownership->is_drill && owned->at <= ownership->at &&
           (is_of_store || is_same(owned->owner, ownership->from)) && !is_same(owned->owner, ownership->to);
}

bool ownership_names(const struct ownership *ownership, const struct owned *owned)
{
    return !owned->customer_id && is_same(owned->store_id, ownership->store_id) &&
           is_same(owned->interaction_id, ownership->interaction_id) &&
           owned->is_drill == ownership->is_drill;
}

void ownership_name_appointments(struct fold *fold, const struct ownership *ownership)
{
    LIST_EACH(node, &fold->recent_appointments) {
        struct appointment *appointment = CONTAINER_OF(node, struct appointment, recent);
        const struct owned owned = appointment_owned(appointment);
        if (ownership_names(ownership, &owned))
            name_set(&fold->names, &appointment->customer, ownership->customer_id);
    }
}

void ownership_take_appointments(struct fold *fold, const struct ownership *ownership)
{
    LIST_EACH(node, &fold->recent_appointments) {
        struct appointment *appointment = CONTAINER_OF(node, struct appointment, recent);
        const struct owned owned = appointment_owned(appointment);
        if (!appointment->has_ended && ownership_takes(ownership, &owned))
            name_set(&fold->names, &appointment->owner, ownership->to);
    }
}
