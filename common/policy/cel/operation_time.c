/* operation_time: timestamps and durations. */

#include "common/policy/cel/moment.h"
#include "common/policy/cel/operation.h"

#include <string.h>

#define OPERATION(name)                                                                                      \
    const char *name(__attribute__((unused)) struct machine *machine, const union cel_datum *a,              \
                     union cel_datum *ret)

static const char timestamp_range[] = "the timestamp lies outside the years 1 to 9999";
static const char duration_range[] = "the duration is longer than 292 years";

#define RELATION(name, comparison)                                                                           \
    OPERATION(name)                                                                                          \
    {                                                                                                        \
        ret->truth = moment_compare(a[0].moment, a[1].moment) comparison;                                    \
        return NULL;                                                                                         \
    }

RELATION(timestamp_less, < 0)
RELATION(timestamp_less_equal, <= 0)
RELATION(timestamp_more, > 0)
RELATION(timestamp_more_equal, >= 0)

OPERATION(timestamp_add)
{
    struct cel_moment moment;
    if (!moment_add(a[0].moment, a[1].nanoseconds, &moment))
        return timestamp_range;
    ret->moment = moment;
    return NULL;
}

OPERATION(duration_add_timestamp)
{
    return timestamp_add(machine, (union cel_datum[]){a[1], a[0]}, ret);
}

/* The least duration has no opposite, so it is taken away in two halves. */
OPERATION(timestamp_subtract)
{
    int64_t half = a[1].nanoseconds / 2;
    struct cel_moment moment;
    if (!moment_add(a[0].moment, -half, &moment) || !moment_add(moment, -(a[1].nanoseconds - half), &moment))
        return timestamp_range;
    ret->moment = moment;
    return NULL;
}

OPERATION(timestamp_difference)
{
    int64_t nanoseconds;
    if (!moment_subtract(a[0].moment, a[1].moment, &nanoseconds))
        return duration_range;
    ret->nanoseconds = nanoseconds;
    return NULL;
}

OPERATION(duration_add)
{
    return __builtin_add_overflow(a[0].nanoseconds, a[1].nanoseconds, &ret->nanoseconds) ? duration_range
                                                                                         : NULL;
}

OPERATION(duration_subtract)
{
    return __builtin_sub_overflow(a[0].nanoseconds, a[1].nanoseconds, &ret->nanoseconds) ? duration_range
                                                                                         : NULL;
}

/* Not of the standard: a part of a time. */
OPERATION(duration_divide)
{
    if (!a[1].integer)
        return "division by zero";
    if (a[1].integer == -1 && a[0].nanoseconds == INT64_MIN)
        return duration_range;
    ret->nanoseconds = a[0].nanoseconds / a[1].integer;
    return NULL;
}

OPERATION(timestamp_from_string)
{
    struct cel_moment moment;
    if (!moment_parse(a[0].text, &moment))
        return "the string is no timestamp (such as 2024-05-01T09:30:00Z) of the years 1 to 9999";
    ret->moment = moment;
    return NULL;
}

OPERATION(timestamp_from_int)
{
    struct cel_moment moment;
    if (!moment_from_seconds(a[0].integer, &moment))
        return timestamp_range;
    ret->moment = moment;
    return NULL;
}

OPERATION(int_from_timestamp)
{
    ret->integer = a[0].moment.seconds;
    return NULL;
}

OPERATION(duration_from_string)
{
    int64_t nanoseconds;
    if (!moment_duration_parse(a[0].text, &nanoseconds))
        return "the string is no duration (such as 90s or 1h30m) of at most 292 years";
    ret->nanoseconds = nanoseconds;
    return NULL;
}

OPERATION(string_from_timestamp)
{
    char text[CONVERSION_BYTES];
    return machine_text(machine, text, moment_print(a[0].moment, text), ret);
}

OPERATION(string_from_duration)
{
    char text[CONVERSION_BYTES];
    return machine_text(machine, text, moment_duration_print(a[0].nanoseconds, text), ret);
}

#define DURATION_SELECTOR(name, expression)                                                                  \
    OPERATION(name)                                                                                          \
    {                                                                                                        \
        ret->integer = (expression);                                                                         \
        return NULL;                                                                                         \
    }

DURATION_SELECTOR(duration_hours, a[0].nanoseconds / (3600 * (int64_t)NANOS_PER_SECOND))
DURATION_SELECTOR(duration_minutes, a[0].nanoseconds / (60 * (int64_t)NANOS_PER_SECOND))
DURATION_SELECTOR(duration_seconds, a[0].nanoseconds / NANOS_PER_SECOND)
DURATION_SELECTOR(duration_milliseconds, a[0].nanoseconds % NANOS_PER_SECOND / 1000000)

const char *zone_offset_named(const struct zones *zones, struct cel_text name, int64_t at_s,
                              int32_t *ret_offset_s)
{
    *ret_offset_s = 0;
    if ((name.size == 3 && memcmp(name.bytes, "UTC", 3) == 0) || moment_fixed_offset(name, ret_offset_s))
        return NULL;
    const struct cel_zone *zone = zones->find ? zones->find(zones->owner, name) : NULL;
    if (!zone)
        return "no such time zone";
    *ret_offset_s = moment_zone_offset(zone, at_s);
    return NULL;
}

/* Each selector twice: in UTC, and in the zone its argument names. */
#define SELECTOR(name, part)                                                                                 \
    OPERATION(time_##name)                                                                                   \
    {                                                                                                        \
        struct cel_moment moment = a[0].moment;                                                              \
        __attribute__((unused)) struct civil civil = moment_civil(moment, 0);                                \
        ret->integer = (part);                                                                               \
        return NULL;                                                                                         \
    }                                                                                                        \
    OPERATION(time_##name##_zoned)                                                                           \
    {                                                                                                        \
        struct cel_moment moment = a[0].moment;                                                              \
        int32_t offset_s;                                                                                    \
        const char *why = zone_offset_named(&machine->zones, a[1].text, moment.seconds, &offset_s);          \
        if (why)                                                                                             \
            return why;                                                                                      \
        __attribute__((unused)) struct civil civil = moment_civil(moment, offset_s);                         \
        ret->integer = (part);                                                                               \
        return NULL;                                                                                         \
    }

SELECTOR(date, civil.day)
SELECTOR(day_of_month, civil.day - 1)
SELECTOR(day_of_week, civil.weekday)
SELECTOR(day_of_year, civil_days(civil.year, civil.month, civil.day) - civil_days(civil.year, 1, 1))
SELECTOR(full_year, civil.year)
SELECTOR(hours, civil.hour)
SELECTOR(milliseconds, moment.nanos / 1000000)
SELECTOR(minutes, civil.minute)
SELECTOR(month, civil.month - 1)
SELECTOR(seconds, civil.second)
