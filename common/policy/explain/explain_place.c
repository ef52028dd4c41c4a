/* explain_place: where stores are and when they are open, as sentences. */
#include "common/policy/explain/explain_place.h"

#include "common/base/memory.h"
#include "common/policy/explain/statement.h"

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"",     "January", "February",  "March",   "April",    "May",     "June",
                                     "July", "August",  "September", "October", "November", "December"};

/* --- hours --- */

static void write_minute(unsigned minute, struct bytes *into)
{
    unsigned of_day = minute > MINUTES_OF_DAY ? minute - MINUTES_OF_DAY : minute;
    bytes_append_format(into, "%02u:%02u", of_day / 60, of_day % 60);
    if (minute > MINUTES_OF_DAY)
        bytes_append_text(into, " the next morning");
}

static void write_opening(const struct opening *opening, struct bytes *into)
{
    for (unsigned i = 0; i < opening->count; i++) {
        const struct shift *shift = &opening->shifts[i];
        bytes_append_text(into, !i ? "" : i + 1 < opening->count ? ", " : " and ");
        if (!shift->from_minute && shift->to_minute == MINUTES_OF_DAY) {
            bytes_append_text(into, "all day");
            continue;
        }
        write_minute(shift->from_minute, into);
        bytes_append_text(into, " to ");
        write_minute(shift->to_minute, into);
    }
    if (!opening->count)
        bytes_append_text(into, "closed");
}

static bool is_same_opening(const struct opening *left, const struct opening *right)
{
    bool is_same = left->count == right->count;
    for (unsigned i = 0; is_same && i < left->count; i++)
        is_same = left->shifts[i].from_minute == right->shifts[i].from_minute &&
                  left->shifts[i].to_minute == right->shifts[i].to_minute;
    return is_same;
}

/* Monday first, days of the same hours together. */
static void write_week(const struct calendar *calendar, struct bytes *into)
{
    for (unsigned first = 0, last; first < 7; first = last + 1) {
        const struct opening *opening = &calendar->week[(first + 1) % 7];
        for (last = first; last + 1 < 7; last++)
            if (!is_same_opening(opening, &calendar->week[(last + 2) % 7]))
                break;
        bytes_append_format(into, "%s%s", first ? "; " : "", weekdays[(first + 1) % 7]);
        if (last > first)
            bytes_append_format(into, " to %s", weekdays[(last + 1) % 7]);
        bytes_append_text(into, " ");
        write_opening(opening, into);
    }
}

static void write_day(const struct special_day *day, struct bytes *into)
{
    bytes_append_format(into, "%d %s", day->day, months[day->month]);
    if (day->year)
        bytes_append_format(into, " %d", day->year);
    else
        bytes_append_text(into, " of each year");
}

static void write_thanks(const struct thanks_days *thanks, struct bytes *into)
{
    for (unsigned i = 0; i < thanks->count; i++) {
        bytes_append_text(into, i ? ", " : "");
        write_day(&thanks->days[i], into);
    }
}

void explain_calendar(const struct calendar *calendar, struct bytes *into)
{
    write_week(calendar, into);
    for (unsigned i = 0; i < calendar->special_count; i++) {
        const struct special_day *day = &calendar->special[i];
        bytes_append_text(into, "; on ");
        write_day(day, into);
        bytes_append_text(into, " ");
        write_opening(&day->opening, into);
    }
    if (calendar->thanks.count) {
        bytes_append_text(into, "; days of thanks: ");
        write_thanks(&calendar->thanks, into);
    }
}

void explain_hours(const struct calendar *calendar, struct bytes *into)
{
    if (calendar)
        bytes_append_format(into, "is open by the hours \"%s\"", calendar->name);
    else
        bytes_append_text(into, "is open day and night");
}

/* --- stores --- */

static void write_store(const struct store_scope *scope, struct bytes *into)
{
    if (scope->region)
        bytes_append_format(into, "lies in the region %s, ", scope->region);
    for (unsigned i = 0; i < scope->tag_count; i++)
        bytes_append_format(into, "%s%s%s",
                            !i                         ? "is tagged "
                            : i + 1 < scope->tag_count ? ", "
                                                       : " and ",
                            scope->tags[i], i + 1 == scope->tag_count ? ", " : "");
    bytes_append_format(into, "goes by the clocks of %s and ", scope->zone_name);
    explain_hours(scope->place.calendar, into);
    bytes_append_text(into, ".");
}

void explain_places(const struct policy *policy, struct statements *into)
{
    static const char section[] = "Where the stores are, and when they are open";
    const struct scopes *scopes = policy->scopes;
    AUTO_CLEAR(bytes) text = {0};
    bytes_append_text(&text, scopes->store_count ? "A store that is not named here " : "Every store ");
    write_store(&scopes->elsewhere, &text);
    statement_add(into, section, "place", "", &text);
    for (unsigned i = 0; i < scopes->store_count; i++) {
        bytes_append_format(&text, "The store %s ", scopes->stores[i].store_id);
        write_store(&scopes->stores[i], &text);
        statement_add(into, section, "store", scopes->stores[i].store_id, &text);
    }
    if (scopes->thanks.count) {
        bytes_append_text(
            &text,
            "Days on which customers are thanked, where the hours of a store name none of their own: ");
        write_thanks(&scopes->thanks, &text);
        bytes_append_text(&text, ".");
        statement_add(into, section, "thanks", "", &text);
    }
    for (unsigned i = 0; i < scopes->calendar_count; i++) {
        bytes_append_format(&text, "The hours \"%s\": ", scopes->calendars[i].name);
        explain_calendar(&scopes->calendars[i], &text);
        bytes_append_text(&text, ".");
        statement_add(into, section, "calendar", scopes->calendars[i].name, &text);
    }
}

void explain_store(const struct policy *policy, const char *store_id, struct bytes *into)
{
    const struct store_scope *scope = scopes_of(policy->scopes, store_id);
    const struct place place = calendar_place(policy, store_id);
    bytes_append_format(into, "goes by the clocks of %s and ", scope->zone_name);
    explain_hours(place.calendar, into);
    if (!place.calendar)
        return;
    bytes_append_text(into, ": ");
    explain_calendar(place.calendar, into);
}

void explain_where(const struct policy *policy, const char *store_id, struct bytes *into)
{
    const struct store_scope *scope = scopes_of(policy->scopes, store_id);
    if (!scope->store_id) {
        bytes_append_text(into, "The policy does not name this store: what is said of all stores holds.\n");
        return;
    }
    bytes_append_format(into, "The policy names it in line %u", scope->line);
    if (scope->region)
        bytes_append_format(into, ", in the region %s", scope->region);
    for (unsigned i = 0; i < scope->tag_count; i++)
        bytes_append_format(into, "%s%s", i ? ", " : ", tagged ", scope->tags[i]);
    bytes_append_text(into, ".\n");
}
