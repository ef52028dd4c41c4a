/* occurrence: what kind of event it is, and whether it is late. */
#include "common/policy/state/occurrence.h"

#include "common/policy/rules/policy_parts.h"
#include "common/wire/event.h"

struct occurrence occurrence_of(const WireLoggedEvent *record, const WireEvent *event)
{
    return (struct occurrence){
        .event = event,
        .record = record,
        .epoch = record->position ? record->position->epoch : 0,
        .seq = record->position ? record->position->seq : 0,
        .at = record->has_occurred_at ? record->occurred_at : event->occurred_at,
        .recorded_at = record->recorded_at,
    };
}

bool occurrence_is_service(const struct occurrence *occurrence)
{
    switch ((int)occurrence->event->body_case) {
    case WIRE_EVENT__BODY_CASE_ACKNOWLEDGED:
    case WIRE_EVENT__BODY_CASE_ANSWERED:
    case WIRE_EVENT__BODY_CASE_DECLINED:
    case WIRE_EVENT__BODY_FOLLOW_UP_DONE:
    case WIRE_EVENT__BODY_STAFF_WORD:
    case WIRE_EVENT__BODY_CHANGE_ANSWERED:
    case WIRE_EVENT__BODY_SOURCE_HEARTBEAT:
    case WIRE_EVENT__BODY__NOT_SET:
        return false;
    }
    return occurrence->event->body_case < WIRE_EVENT__BODY_DEADLINE_PASSED;
}

bool occurrence_is_contact(const struct occurrence *occurrence)
{
    switch ((int)occurrence->event->body_case) {
    case WIRE_EVENT__BODY_ON_DUTY:
    case WIRE_EVENT__BODY_OFF_DUTY:
    case WIRE_EVENT__BODY_ROLE_GRANTED:
    case WIRE_EVENT__BODY_ROLE_ENDED:
    case WIRE_EVENT__BODY_AUTHORITY_LENT:
    case WIRE_EVENT__BODY_AUTHORITY_RECLAIMED:
    case WIRE_EVENT__BODY_PRODUCT_DESCRIBED:
    case WIRE_EVENT__BODY_STOCK_EXPECTED:
    case WIRE_EVENT__BODY_STOCK_ARRIVED:
    case WIRE_EVENT__BODY_LESSON_SHARED:
    case WIRE_EVENT__BODY_CHANGE_PROPOSED:
        return false;
    }
    return occurrence_is_service(occurrence);
}

/* Late is what its source sent long after it happened, both by the source's own clock; the system is never
 * late. */
bool occurrence_is_late(const struct occurrence *occurrence, const struct policy *policy)
{
    const WireLoggedEvent *record = occurrence->record;
    return policy && record->has_sent_at && !wire_event_is_system(occurrence->event->body_case) &&
           record->sent_at - occurrence->event->occurred_at > policy->late_after_us;
}
