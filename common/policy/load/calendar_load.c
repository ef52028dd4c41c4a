/* calendar_load: zones and calendars as people write them:
 *   zone: Europe/Vienna
 *   calendar: shop
 *   calendars:
 *     shop:
 *       mon-fri: 09:00-12:30, 13:30-18:00
 *       sat: 09:00-17:00
 *       thanks: [ 04-18, 2026-06-05 ]
 *       holidays: { 12-25: closed, 2026-04-06: closed, 2026-12-24: 09:00-13:00 } */
#include "common/policy/load/calendar_load.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/rules/scope.h"

#include <stdio.h>

/* --- zones --- */

bool calendar_load_zone(struct loading *loading, const struct node *node, const char **ret_name,
                        const struct zone **ret_zone)
{
    const char *name = scalar_read_text(loading, node);
    if (!name)
        return false;
    const struct policy_zone *zone = policy_zones_find(&loading->policy->scopes->zones, name);
    if (!zone && !text_equal(name, "UTC")) {
        finding_at(loading->findings, node,
                   "the time zone \"%.40s\" is unknown: its table did not come with the policy; "
                   "write a name such as Europe/Vienna",
                   name);
        return false;
    }
    *ret_name = name;
    *ret_zone = zone ? &zone->zone : NULL;
    return true;
}

/* --- hours --- */

/* "09:00", or "24:00". */
static bool parse_minute(const char **text, unsigned *ret_minute)
{
    unsigned hour, minute;
    int length = 0;
    if (sscanf(*text, "%2u:%2u%n", &hour, &minute, &length) != 2 || length != 5 || **text < '0' ||
        **text > '9' || (*text)[3] < '0' || (*text)[3] > '9' || minute > 59 ||
        hour * 60 + minute > MINUTES_OF_DAY)
        return false;
    *text += length;
    *ret_minute = hour * 60 + minute;
    return true;
}

static bool parse_shift(const char **text, struct shift *ret_shift)
{
    unsigned from, to;
    if (!parse_minute(text, &from) || *(*text)++ != '-' || !parse_minute(text, &to) || from == to ||
        from == MINUTES_OF_DAY)
        return false;
    *ret_shift = (struct shift){.from_minute = (uint16_t)from,
                                .to_minute = (uint16_t)(to < from ? to + MINUTES_OF_DAY : to)};
    return true;
}

/* "closed", or shifts with commas between. */
static bool read_opening(struct loading *loading, const struct node *node, struct opening *ret_opening)
{
    struct opening opening = {.count = 0};
    if (node->kind == NODE_TEXT && text_equal(node->text, "closed")) {
        *ret_opening = opening;
        return true;
    }
    const char *text = node->kind == NODE_TEXT ? node->text : "";
    for (bool is_first = true; is_first || *text; is_first = false) {
        struct shift shift;
        if (!is_first && *text++ != ',')
            break;
        text += strspn(text, " ");
        if (opening.count == SHIFTS_OF_DAY || !parse_shift(&text, &shift) ||
            (opening.count && shift.from_minute < opening.shifts[opening.count - 1].to_minute)) {
            text = "?";
            break;
        }
        opening.shifts[opening.count++] = shift;
        text += strspn(text, " ");
    }
    if (*text) {
        finding_at(loading->findings, node,
                   "expected hours here, such as 09:00-12:30, 13:30-18:00 (one after the other, at most %d), "
                   "or closed",
                   SHIFTS_OF_DAY);
        return false;
    }
    *ret_opening = opening;
    return true;
}

/* --- days --- */

static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static int weekday_find(const char *text, size_t length)
{
    for (int day = 0; day < 7; day++)
        if (length == 3 && !strncmp(text, weekdays[day], 3))
            return day;
    return -1;
}

/* "mon", or "mon-fri". */
static bool parse_weekdays(const char *text, int *ret_first, int *ret_last)
{
    size_t length = strcspn(text, "-");
    *ret_first = *ret_last = weekday_find(text, length);
    if (text[length])
        *ret_last = weekday_find(text + length + 1, strlen(text + length + 1));
    return *ret_first >= 0 && *ret_last >= 0;
}

static bool read_weekdays(struct loading *loading, const struct node *node, unsigned *given,
                          struct calendar *calendar)
{
    int first, last;
    struct opening opening;
    if (!parse_weekdays(node->key->text, &first, &last)) {
        finding_at(
            loading->findings, node->key,
            "\"%.40s\" is no day: mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or holidays",
            node->key->text);
        return false;
    }
    if (!read_opening(loading, node, &opening))
        return false;
    for (int day = first;; day = (day + 1) % 7) {
        if (*given & 1U << day)
            finding_at(loading->findings, node->key, "%s is said twice here", weekdays[day]);
        *given |= 1U << day;
        calendar->week[day] = opening;
        if (day == last)
            return true;
    }
}

/* "2026-12-24", or "12-25" for each year. */
static bool parse_date(const char *text, struct special_day *ret_day)
{
    char with_year[sizeof "2000-12-25"]; /* a leap year: 02-29 may be a day of each year */
    struct civil date;
    bool has_year = strlen(text) == 10;
    if (!has_year && !text_format(with_year, sizeof with_year, "2000-%s", text))
        return false;
    if (civil_parse_date(has_year ? text : with_year, &date) || (has_year && date.year < 1970))
        return false;
    *ret_day = (struct special_day){.year = has_year ? date.year : 0, .month = date.month, .day = date.day};
    return true;
}

/* Days of one year come before those of each year: the first that is meant counts. */
static void add_special(struct special_day *days, unsigned *count, const struct special_day *day)
{
    unsigned at = *count;
    for (; day->year && at > 0 && !days[at - 1].year; at--)
        days[at] = days[at - 1];
    days[at] = *day;
    ++*count;
}

static void read_holidays(struct loading *loading, const struct node *node, struct calendar *calendar)
{
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "holidays here, one a line: 2026-12-24: 09:00-13:00"))
        return;
    struct special_day *days = memory_zeroed(CALENDAR_SPECIAL_DAYS * sizeof *days);
    calendar->special = days;
    for (const struct node *value = node->first; value; value = value->next) {
        struct special_day day;
        if (!parse_date(value->key->text, &day))
            finding_at(loading->findings, value->key,
                       "\"%.40s\" is no date: write it as 2026-12-24, or as 12-25 for each year",
                       value->key->text);
        else if (calendar->special_count == CALENDAR_SPECIAL_DAYS)
            finding_at(loading->findings, value->key, "there are more than %d holidays",
                       CALENDAR_SPECIAL_DAYS);
        else if (read_opening(loading, value, &day.opening))
            add_special(days, &calendar->special_count, &day);
    }
}

/* A day of one year on which it is closed could thank nobody. */
static void check_thanks(struct loading *loading, const struct node *item, const struct calendar *calendar,
                         const struct special_day *day)
{
    const struct place place = {.calendar = calendar};
    if (calendar && day->year && !place_opens_on(&place, civil_days(day->year, day->month, day->day)))
        finding_at(loading->findings, item, "%.40s is a day on which %s is closed", item->text,
                   calendar->name);
}

void calendar_load_thanks(struct loading *loading, const struct node *node, const struct calendar *calendar,
                          struct thanks_days *ret_thanks)
{
    if (!finding_expect(loading->findings, node, NODE_LIST, "days here, such as [04-18, 2026-06-05]"))
        return;
    struct special_day *days = memory_zeroed(CALENDAR_SPECIAL_DAYS * sizeof *days);
    ret_thanks->days = days;
    for (const struct node *item = node->first; item; item = item->next) {
        struct special_day *day = &days[ret_thanks->count];
        if (ret_thanks->count == CALENDAR_SPECIAL_DAYS) {
            finding_at(loading->findings, item, "there are more than %d days of thanks",
                       CALENDAR_SPECIAL_DAYS);
            return;
        }
        if (item->kind != NODE_TEXT || !parse_date(item->text, day)) {
            finding_at(loading->findings, item,
                       "\"%.40s\" is no date: write it as 2026-06-05, or as 04-18 for each year",
                       item->kind == NODE_TEXT ? item->text : "this");
            continue;
        }
        ret_thanks->count++;
        check_thanks(loading, item, calendar, day);
    }
}

static void read_calendar_of(struct loading *loading, const struct node *node)
{
    struct scopes *scopes = loading->policy->scopes;
    struct calendar *calendar = &scopes->calendars[scopes->calendar_count];
    unsigned given = 0, open = 0;
    calendar->line = node->key->line;
    calendar->name = scalar_read_word(loading, node->key, 64);
    if (!calendar->name)
        return;
    scopes->calendar_count++;
    if (text_equal(calendar->name, "always"))
        finding_at(loading->findings, node->key,
                   "\"always\" is open day and night: give this calendar another name");
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "hours here, one a line: mon-fri: 09:00-18:00"))
        return;
    struct node *thanks = NULL;
    for (struct node *value = node->first; value; value = value->next)
        if (text_equal(value->key->text, "holidays"))
            read_holidays(loading, value, calendar);
        else if (text_equal(value->key->text, "thanks"))
            thanks = value;
        else if (!read_weekdays(loading, value, &given, calendar))
            return;
    for (int day = 0; day < 7; day++)
        open += calendar->week[day].count;
    if (!open)
        finding_at(loading->findings, node->key, "the calendar %s never opens", calendar->name);
    if (thanks)
        calendar_load_thanks(loading, thanks, calendar, &calendar->thanks);
}

void calendars_load(struct loading *loading, const struct node *node)
{
    struct scopes *scopes = loading->policy->scopes;
    if (!finding_expect(loading->findings, node, NODE_MAPPING, "calendars here, each a name and its hours"))
        return;
    scopes->calendars = memory_zeroed(POLICY_CALENDARS * sizeof *scopes->calendars);
    for (const struct node *value = node->first; value; value = value->next) {
        if (scopes->calendar_count == POLICY_CALENDARS) {
            finding_at(loading->findings, value->key, "there are more than %d calendars", POLICY_CALENDARS);
            return;
        }
        read_calendar_of(loading, value);
    }
}

bool calendar_load(struct loading *loading, const struct node *node, const struct calendar **ret_calendar)
{
    const char *name = scalar_read_word(loading, node, 64);
    if (!name)
        return false;
    const struct calendar *calendar = scopes_calendar(loading->policy->scopes, name);
    if (!calendar && !text_equal(name, "always")) {
        finding_at(loading->findings, node, "there is no calendar \"%.40s\" in the section calendars", name);
        return false;
    }
    *ret_calendar = calendar;
    return true;
}
