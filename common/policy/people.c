/* people: how each event changes what is remembered of its customer. */
#include "common/policy/people.h"

static bool is_new_visit(const struct interaction_known *before, const WireEvent *event)
{
    if (!event->interaction_id)
        return false;
    return !before || !before->customer;
}

static void observe_owner(struct customer_known *known, const WireEvent *event, struct names *names)
{
    if (event->body_case == WIRE_EVENT__BODY_HANDED_OVER && event->handed_over->takes_ownership)
        name_set(names, &known->owner, event->handed_over->to_employee_id);
    else if (!known->owner && event->employee_id)
        name_set(names, &known->owner, event->employee_id);
}

void customer_observe(struct customer_known *known, const struct interaction_known *before,
                      const struct occurrence *occurrence, struct names *names)
{
    const WireEvent *event = occurrence->event;
    if (!known->first_seen_at)
        known->first_seen_at = occurrence->at;
    if (is_new_visit(before, event)) {
        known->visits++;
        known->last_seen_at = known->seen_at;
        known->last_seen_seq = known->seen_seq;
    }
    known->seen_at = occurrence->at;
    known->seen_seq = occurrence->seq;
    observe_owner(known, event, names);
    if (event->body_case == WIRE_EVENT__BODY_COMPLAINT && known->complaints < UINT16_MAX)
        known->complaints++;
    if (event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED)
        known->last_outcome = (uint8_t)event->interaction_closed->outcome;
}

void customer_promise_turned(struct customer_known *known, const struct occurrence *occurrence,
                             bool was_broken, bool is_broken)
{
    if (is_broken && !was_broken && known->broken_promises < UINT16_MAX) {
        known->broken_promises++;
        known->promise_broken_at = occurrence->at;
        known->promise_broken_seq = occurrence->seq;
    } else if (was_broken && !is_broken && known->broken_promises) {
        known->broken_promises--;
    }
}
