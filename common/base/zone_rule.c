/* zone_rule: reads POSIX TZ texts and counts out their days. */
#include "common/base/zone_rule.h"

#include "common/base/civil.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, MOST_HOURS = 167 };

/* Each parser moves `*at` behind what it read. */

static bool number_parse(const char **at, int most, int *ret_value)
{
    if (!isdigit((unsigned char)**at))
        return false;
    int value = 0;
    while (isdigit((unsigned char)**at)) {
        value = value * 10 + (*(*at)++ - '0');
        if (value > most)
            return false;
    }
    *ret_value = value;
    return true;
}

static bool character_parse(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool time_of_rule_parse(const char **at, int32_t *ret_seconds)
{
    bool is_negative = character_parse(at, '-');
    if (!is_negative)
        character_parse(at, '+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!number_parse(at, MOST_HOURS, &hours))
        return false;
    if (character_parse(at, ':') && !number_parse(at, 59, &minutes))
        return false;
    if (character_parse(at, ':') && !number_parse(at, 59, &seconds))
        return false;
    int32_t sum = hours * HOUR_S + minutes * MINUTE_S + seconds;
    *ret_seconds = is_negative ? -sum : sum;
    return true;
}

/* Letters, or anything alphanumeric with signs between < and >. */
static bool abbreviation_parse(const char **at, char into[static ZONE_ABBREVIATION_SIZE])
{
    bool is_quoted = character_parse(at, '<');
    size_t length = 0;
    while (isalpha((unsigned char)**at) ||
           (is_quoted && (isdigit((unsigned char)**at) || **at == '+' || **at == '-'))) {
        if (length == ZONE_ABBREVIATION_SIZE - 1)
            return false;
        into[length++] = *(*at)++;
    }
    into[length] = 0;
    return length >= 3 && (!is_quoted || character_parse(at, '>'));
}

static bool rule_day_parse(const char **at, struct zone_rule_day *day)
{
    *day = (struct zone_rule_day){.kind = ZONE_RULE_DAY_OF_YEAR, .time_s = 2 * HOUR_S};
    if (character_parse(at, 'M')) {
        day->kind = ZONE_RULE_MONTH_WEEK_DAY;
        if (!number_parse(at, 12, &day->month) || day->month == 0 || !character_parse(at, '.') ||
            !number_parse(at, 5, &day->week) || day->week == 0 || !character_parse(at, '.') ||
            !number_parse(at, 6, &day->day))
            return false;
    } else {
        if (character_parse(at, 'J'))
            day->kind = ZONE_RULE_JULIAN;
        if (!number_parse(at, 365, &day->day) || (day->kind == ZONE_RULE_JULIAN && day->day == 0))
            return false;
    }
    return !character_parse(at, '/') || time_of_rule_parse(at, &day->time_s);
}

int zone_rule_parse(struct zone_rule *rule, const char *text)
{
    struct zone_rule read = {.has_summer = false};
    const char *at = text;
    int32_t west_s = 0;
    if (!abbreviation_parse(&at, read.standard) || !time_of_rule_parse(&at, &west_s))
        return -EINVAL;
    read.standard_offset_s = -west_s;
    if (*at) {
        read.has_summer = true;
        read.summer_offset_s = read.standard_offset_s + HOUR_S;
        if (!abbreviation_parse(&at, read.summer))
            return -EINVAL;
        if (*at != ',') {
            if (!time_of_rule_parse(&at, &west_s))
                return -EINVAL;
            read.summer_offset_s = -west_s;
        }
        if (!character_parse(&at, ',') || !rule_day_parse(&at, &read.starts) || !character_parse(&at, ',') ||
            !rule_day_parse(&at, &read.ends) || *at)
            return -EINVAL;
    }
    *rule = read;
    return 0;
}

/* The weekday of a day since 1970-01-01, which was a Thursday. */
static int weekday_of(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7);
}

static int64_t month_week_day(const struct zone_rule_day *day, int year)
{
    int64_t first = civil_days(year, day->month, 1);
    int64_t next_month = day->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, day->month + 1, 1);
    int64_t found = first + (day->day - weekday_of(first) + 7) % 7 + 7 * (day->week - 1);
    return found < next_month ? found : found - 7;
}

static int64_t rule_day_s(const struct zone_rule_day *day, int year)
{
    int64_t days = 0;
    switch (day->kind) {
    case ZONE_RULE_MONTH_WEEK_DAY:
        days = month_week_day(day, year);
        break;
    case ZONE_RULE_JULIAN:
        days = civil_days(year, 1, 1) + day->day - 1 + (civil_month_days(year, 2) == 29 && day->day > 59);
        break;
    case ZONE_RULE_DAY_OF_YEAR:
        days = civil_days(year, 1, 1) + day->day;
        break;
    }
    return days * DAY_S + day->time_s;
}

int64_t zone_rule_starts_s(const struct zone_rule *rule, int year)
{
    return rule_day_s(&rule->starts, year) - rule->standard_offset_s;
}

int64_t zone_rule_ends_s(const struct zone_rule *rule, int year)
{
    return rule_day_s(&rule->ends, year) - rule->summer_offset_s;
}
