/* service_day: the first time of each employee on each day. */
#include "common/policy/decide/service_day.h"

#include "common/policy/rules/calendar.h"
#include "common/wire/set.h"

WireMoney *service_day_authority(struct deciding *deciding, unsigned level)
{
    const struct policy *policy = deciding->policy;
    int64_t limit = policy->ladder.levels[level].employee_day;
    return limit == UNLIMITED ? NULL : deciding_money(deciding, limit, policy->currency);
}

/* NULL: nobody, or none of what counts as serving. */
static const char *server_of(const struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_HANDED_OVER:
        return event->handed_over->to_employee_id;
    case WIRE_EVENT__BODY_INTERACTION_CLOSED:
        return event->employee_id ? event->employee_id : deciding->after.served_by;
    case WIRE_EVENT__BODY_INTERACTION_OPENED:
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->employee_id;
    }
    return NULL;
}

static bool is_noted(const struct deciding *deciding, const char *server, unsigned level, int64_t from_at)
{
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, server);
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    return server ? employee && employee->served_from_at == from_at && level <= employee->served_level
                  : store && store->day_from_at == from_at;
}

void service_day_note(struct deciding *deciding)
{
    const char *store_id = deciding->store_id;
    if (deciding->is_drill || !store_id || !occurrence_is_contact(&deciding->occurrence))
        return;
    const struct place place = calendar_place(deciding->policy, store_id);
    int64_t day = place_day(&place, deciding->occurrence.at), from_at = place_midnight(&place, day);
    const char *server = server_of(deciding);
    unsigned level = server ? deciding_level_of(deciding, deciding->policy, store_id, server) : 0;
    if (is_noted(deciding, server, level, from_at))
        return;
    WireDayServed *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__DAY_SERVED, NULL) : NULL;
    if (!decision)
        return;
    *body = (WireDayServed)WIRE_DAY_SERVED__INIT;
    body->store_id = (char *)store_id;
    body->employee_id = deciding_keep(deciding, server);
    body->day = deciding_day(deciding, store_id, deciding->occurrence.at);
    WIRE_SET(body, from_at, from_at);
    WIRE_SET(body, until_at, place_midnight(&place, day + 1));
    body->role = server ? (char *)deciding->policy->ladder.levels[level].role : NULL;
    body->authority = server ? service_day_authority(deciding, level) : NULL;
    decision->audience = body->employee_id;
    decision->body_case = WIRE_DECISION__BODY_DAY_SERVED;
    decision->day_served = body;
}
