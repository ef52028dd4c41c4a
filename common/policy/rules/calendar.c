/* calendar: asks the place that the policy gives a store. */
#include "common/policy/rules/calendar.h"

#include "common/policy/rules/scope.h"

static const int64_t day_us = 86400 * INT64_C(1000000);

struct place calendar_place(const struct policy *policy, const char *store_id)
{
    if (!policy)
        return (struct place){.zone = NULL};
    struct place place = scopes_of(policy->scopes, store_id)->place;
    if (policy->has_calendar)
        place.calendar = policy->calendar;
    return place;
}

int64_t calendar_day(const struct policy *policy, const char *store_id, int64_t at)
{
    struct place place = calendar_place(policy, store_id);
    return place_day(&place, at);
}

bool calendar_is_thanks(const struct policy *policy, const char *store_id, int64_t at)
{
    struct place place = calendar_place(policy, store_id);
    bool has_own = place.calendar && place.calendar->thanks.count;
    return place_is_thanks(&place, has_own ? &place.calendar->thanks : &policy->scopes->thanks, at);
}

int64_t calendar_next_closing(const struct policy *policy, const char *store_id, int64_t at, int64_t *ret_day)
{
    struct place place = calendar_place(policy, store_id);
    return place_next_closing(&place, at, ret_day);
}

int64_t calendar_clock(const struct policy *policy, const char *store_id, const struct level *level,
                       int64_t from, int64_t duration_us)
{
    struct place place = calendar_place(policy, store_id);
    if (level->has_calendar)
        place.calendar = level->calendar;
    return place_after(&place, from, duration_us);
}

int64_t calendar_due(const struct policy *policy, const char *store_id, int64_t from, int64_t duration_us)
{
    struct place place = calendar_place(policy, store_id);
    int64_t due_at = from + duration_us, opens_at;
    if (duration_us < day_us)
        return place_after(&place, from, duration_us);
    return place_opens_at(&place, due_at, &opens_at) ? place_closing(&place, place_day(&place, opens_at))
                                                     : due_at;
}
