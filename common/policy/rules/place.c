/* place: walks through the days of a place, shift by shift. */
#include "common/policy/rules/place.h"

#include "common/base/civil.h"
#include "common/base/text.h"

static const int64_t second_us = 1000000, minute_us = 60 * INT64_C(1000000),
                     day_us = 86400 * INT64_C(1000000);

enum { DAYS_AHEAD = 366, DAYS_MOST = 20 * 366 };

static const struct opening around_the_clock = {.shifts = {{0, MINUTES_OF_DAY}}, .count = 1};

/* --- days --- */

int64_t place_local(const struct place *place, int64_t at)
{
    return place->zone ? at + zone_at(place->zone, at)->offset_seconds * second_us : at;
}

static int64_t from_local(const struct place *place, int64_t local)
{
    return place->zone ? zone_utc_from_local(place->zone, local) : local;
}

int64_t place_day(const struct place *place, int64_t at)
{
    int64_t local = place_local(place, at);
    return local >= 0 ? local / day_us : -((day_us - 1 - local) / day_us);
}

void place_format_day(int64_t day, char into[static DAY_TEXT_SIZE])
{
    struct civil date;
    civil_from_days(day, &date);
    text_format(into, DAY_TEXT_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
}

int64_t place_monday(int64_t day)
{
    enum { DAYS_OF_WEEK = 7 };
    struct civil date;
    civil_from_days(day, &date);
    return day - (date.weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
}

int64_t place_midnight(const struct place *place, int64_t day)
{
    return from_local(place, day * day_us);
}

/* --- shifts --- */

struct period {
    int64_t from_at, to_at;
};

static bool is_day(const struct special_day *day, const struct civil *date)
{
    return day->day == date->day && day->month == date->month && (!day->year || day->year == date->year);
}

bool place_is_thanks(const struct place *place, const struct thanks_days *thanks, int64_t at)
{
    struct civil date;
    civil_from_days(place_day(place, at), &date);
    for (unsigned i = 0; i < thanks->count; i++)
        if (is_day(&thanks->days[i], &date))
            return true;
    return false;
}

static const struct opening *opening_of(const struct place *place, int64_t day)
{
    const struct calendar *calendar = place->calendar;
    struct civil date;
    if (!calendar)
        return &around_the_clock;
    civil_from_days(day, &date);
    for (unsigned i = 0; i < calendar->special_count; i++)
        if (is_day(&calendar->special[i], &date))
            return &calendar->special[i].opening;
    return &calendar->week[date.weekday];
}

bool place_opens_on(const struct place *place, int64_t day)
{
    return opening_of(place, day)->count > 0;
}

static struct period period_of(const struct place *place, int64_t day, const struct shift *shift)
{
    return (struct period){
        .from_at = from_local(place, day * day_us + shift->from_minute * minute_us),
        .to_at = from_local(place, day * day_us + shift->to_minute * minute_us),
    };
}

/* Goes through the shifts in order of time. */
struct walk {
    const struct place *place;
    int64_t day, last_day;
    unsigned shift;
};

/* From the first shift that may still go on at `at`: one of the day before may end past midnight. */
static struct walk walk_from(const struct place *place, int64_t at, int64_t days)
{
    int64_t day = place_day(place, at);
    return (struct walk){.place = place, .day = day - 1, .last_day = day + days};
}

static bool walk_next(struct walk *walk, struct period *ret_period)
{
    for (; walk->day <= walk->last_day; walk->day++, walk->shift = 0) {
        const struct opening *opening = opening_of(walk->place, walk->day);
        while (walk->shift < opening->count) {
            *ret_period = period_of(walk->place, walk->day, &opening->shifts[walk->shift++]);
            if (ret_period->from_at < ret_period->to_at)
                return true;
        }
    }
    return false;
}

bool place_is_open(const struct place *place, int64_t at)
{
    struct period period;
    if (!place->calendar)
        return true;
    for (struct walk walk = walk_from(place, at, 0); walk_next(&walk, &period);)
        if (period.from_at <= at && at < period.to_at)
            return true;
    return false;
}

bool place_closes_at(const struct place *place, int64_t at, int64_t *ret_at)
{
    struct period period;
    int64_t closes_at = INT64_MIN;
    if (!place->calendar)
        return false;
    for (struct walk walk = walk_from(place, at, DAYS_AHEAD); walk_next(&walk, &period);) {
        bool goes_on =
            closes_at == INT64_MIN ? period.from_at <= at && at < period.to_at : period.from_at <= closes_at;
        if (goes_on && period.to_at > closes_at)
            closes_at = period.to_at;
        else if (!goes_on && period.from_at > at)
            break;
        if (closes_at > at + DAYS_AHEAD * day_us)
            return false;
    }
    if (closes_at != INT64_MIN)
        *ret_at = closes_at;
    return closes_at != INT64_MIN;
}

bool place_opens_at(const struct place *place, int64_t at, int64_t *ret_at)
{
    struct period period;
    if (place_is_open(place, at))
        return false;
    for (struct walk walk = walk_from(place, at, DAYS_AHEAD); walk_next(&walk, &period);)
        if (period.from_at > at) {
            *ret_at = period.from_at;
            return true;
        }
    return false;
}

int64_t place_after(const struct place *place, int64_t from, int64_t duration_us)
{
    struct period period;
    int64_t at = from, left = duration_us;
    if (!place->calendar)
        return from + duration_us;
    for (struct walk walk = walk_from(place, from, DAYS_MOST); walk_next(&walk, &period);) {
        int64_t begins = period.from_at > at ? period.from_at : at;
        if (begins >= period.to_at)
            continue;
        if (left <= period.to_at - begins)
            return begins + left;
        left -= period.to_at - begins;
        at = period.to_at;
    }
    return from + duration_us; /* it hardly ever opens: no time that anybody could keep */
}

int64_t place_closing(const struct place *place, int64_t day)
{
    const struct opening *opening = opening_of(place, day);
    if (!place->calendar || !opening->count)
        return place_midnight(place, day + 1);
    return period_of(place, day, &opening->shifts[opening->count - 1]).to_at;
}

int64_t place_next_closing(const struct place *place, int64_t at, int64_t *ret_day)
{
    int64_t today = place_day(place, at), day = today - 1; /* a shift of yesterday may end past midnight */
    while (day <= today + DAYS_AHEAD && (!opening_of(place, day)->count || place_closing(place, day) <= at))
        day++;
    if (day > today + DAYS_AHEAD)
        day = today;
    *ret_day = day;
    return place_closing(place, day);
}
