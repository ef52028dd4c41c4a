/* past: days become instants by the clocks of the policy in force. */
#include "services/cli/policy/past.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "services/cli/log/policies.h"

void past_read_moment(const struct option_row *option, const char *value, void *field,
                      const struct argp_state *state)
{
    struct past_moment *moment = field;
    struct civil date;
    moment->text = value;
    moment->is_day = civil_parse_date(value, &date) == 0;
    if (moment->is_day)
        moment->day = civil_days(date.year, date.month, date.day);
    else
        option_read_time(option, value, &moment->at, state);
}

static bool find_instant(const struct past_moment *moment, int64_t days_later, const char *store_id,
                         struct reader *reader, int64_t *ret_at)
{
    *ret_at = moment->at;
    if (!moment->is_day)
        return true;
    AUTO(policies) *policies = policies_new(reader);
    const struct policy *policy = policies_find_in_force(policies);
    struct place place = calendar_place(policy, store_id);
    *ret_at = place_midnight(&place, moment->day + days_later);
    return policy != NULL;
}

bool past_find(struct reader *reader, const struct past_range *range, struct past_span *ret_span)
{
    return find_instant(&range->since, 0, range->store_id, reader, &ret_span->since_at) &&
           find_instant(&range->until, 1, range->store_id, reader, &ret_span->until_at);
}

struct walking {
    const struct past_span *span;
    const struct past_judge *judge;
    uint64_t events;
    int rc;
    char why[WHY_SIZE];
};

static bool on_deadline(void *owner, const struct history_event *event)
{
    const struct walking *walking = owner;
    walking->judge->logged(walking->judge->owner, event->event);
    return true;
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct walking *walking = owner;
    if (walking->span->until_at && event->record->recorded_at >= walking->span->until_at)
        return false;
    walking->events++;
    walking->rc = walking->judge->event(walking->judge->owner, event, walking->why);
    return walking->rc == 0;
}

int past_walk(struct reader *reader, const struct past_span *span, const struct past_judge *judge,
              const char *what, uint64_t *ret_events)
{
    struct walking walking = {.span = span, .judge = judge};
    struct history_options options = {.what = what};
    int rc = history_walk_type(reader, WIRE_EVENT__BODY_DEADLINE_PASSED, on_deadline, &walking);
    if (rc == EXIT_DONE)
        rc = history_walk(reader, &options, on_event, &walking);
    if (rc == EXIT_DONE && walking.rc) {
        command_complain("could not judge the past: %s", walking.why);
        rc = EXIT_UNREACHABLE;
    }
    *ret_events = walking.events;
    return rc;
}
