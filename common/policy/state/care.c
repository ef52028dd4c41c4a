/* care: contacts of the week, counted by desk. */
#include "common/policy/state/care.h"

#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state.h"

#include <string.h>

enum { DAYS_OF_WEEK = 7 };

static bool closes_weeks(const struct policy *policy)
{
    const struct rule_list *list = &policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED];
    for (unsigned i = 0; i < list->count; i++)
        if (list->triggers[i]->kind == WIRE_DEADLINE_KIND__WEEK_DUE)
            return true;
    return false;
}

/* DESKS: another channel. */
static enum desk desk_of(const char *channel)
{
    if (text_equal(channel, "COUNTER"))
        return DESK_SALES;
    return text_equal(channel, "SERVICE_DESK") ? DESK_SERVICE : DESKS;
}

/* When business is over on the last day of the week on which it opens. */
static int64_t week_closing(const struct place *place, int64_t monday)
{
    int64_t last_at = 0, next, day, at = place_midnight(place, monday);
    while ((next = place_next_closing(place, at, &day)) > at && day < monday + DAYS_OF_WEEK) {
        last_at = day < monday ? last_at : next;
        at = next; /* it does not go on where the store never opens again */
    }
    return last_at ? last_at : place_midnight(place, monday + DAYS_OF_WEEK);
}

static void count(struct desk_week *desk, const WireExperience *body)
{
    desk->contacts++;
    desk->waited_us += body->queued_ms * 1000;
    desk->complaints += body->complaints > 0;
    desk->bad += body->feeling == WIRE_FEELING__BAD;
    for (size_t i = 0; i < body->n_moods; i++)
        desk->angry += text_equal(body->moods[i], "ANGRY");
}

void care_add(struct fold *fold, const struct policy *policy, const WireExperience *body)
{
    enum desk desk = body->channel ? desk_of(body->channel) : DESKS;
    if (desk == DESKS || body->drill || !body->store_id || !policy || !closes_weeks(policy))
        return;
    const struct place place = calendar_place(policy, body->store_id);
    struct care *care = &state_make_store(fold, body->store_id)->care;
    int64_t monday = place_monday(place_day(&place, body->occurred_at));
    bool is_pending = deadline_is_set(&care->deadline);
    if (monday <= care->closed || monday < care->week || (is_pending && monday > care->week))
        return;
    if (monday > care->week)
        memset(care->desks, 0, sizeof care->desks);
    care->week = monday;
    count(&care->desks[desk], body);
    if (!is_pending && care->desks[DESK_SALES].contacts && care->desks[DESK_SERVICE].contacts)
        deadline_set(&fold->deadlines, &care->deadline, week_closing(&place, monday));
}

bool care_is_due(const struct store *store, const WireDeadlinePassed *passed)
{
    return store && deadline_is_of(&store->care.deadline, passed->due_at);
}

void care_close(struct fold *fold, struct store *store, const WireDeadlinePassed *passed)
{
    if (!care_is_due(store, passed))
        return;
    deadline_stop(&fold->deadlines, &store->care.deadline);
    store->care.closed = store->care.week;
}

void care_format_week(const struct care *care, char into[static DAY_TEXT_SIZE])
{
    place_format_day(care->week, into);
}

/* --- snapshots --- */

void care_write(const struct care *care, struct bytes *into)
{
    bool is_pending = deadline_is_set(&care->deadline);
    bytes_append_u64(into, (uint64_t)care->week);
    bytes_append_u64(into, (uint64_t)care->closed);
    bytes_append_u8(into, is_pending);
    bytes_append_u64(into, is_pending ? (uint64_t)care->deadline.due_at : 0);
    put_slice(into, care->desks, sizeof care->desks);
}

void care_read(struct care *care, struct reading *reading)
{
    care->week = (int64_t)get_u64(reading);
    care->closed = (int64_t)get_u64(reading);
    bool is_pending = get_u8(reading);
    int64_t due_at = (int64_t)get_u64(reading);
    get_values(reading, care->desks, sizeof care->desks);
    if (is_pending && !reading->failed)
        deadline_set(&reading->fold->deadlines, &care->deadline, due_at);
}
