/* place: what time it is at a place, and when it is open there.
 *
 * Instants are UTC microseconds; what people write (hours, days, holidays) is the clock on the place's wall.
 * A shift that begins or ends in an hour that clocks skip does so an hour later by the wall; in an hour that
 * clocks show twice, at the first of the two. Lengths are of real time: the night the clocks go forward is
 * an hour shorter. */
#ifndef BELLHOP_POLICY_RULES_PLACE_H
#define BELLHOP_POLICY_RULES_PLACE_H

#include "common/base/zone.h"

#include <stdbool.h>

enum { SHIFTS_OF_DAY = 4, MINUTES_OF_DAY = 24 * 60 };

/* Minutes from the midnight of its day; one past midnight ends beyond MINUTES_OF_DAY. */
struct shift {
    uint16_t from_minute, to_minute;
};

/* One after the other; none: closed. */
struct opening {
    struct shift shifts[SHIFTS_OF_DAY];
    unsigned count;
};

/* A holiday, or another day with hours of its own. */
struct special_day {
    int year; /* 0: each year */
    int month, day;
    struct opening opening;
};

/* Days on which customers are thanked; their openings mean nothing. */
struct thanks_days {
    const struct special_day *days;
    unsigned count;
};

struct calendar {
    const char *name;
    unsigned line;
    struct opening week[7]; /* 0: Sunday */
    const struct special_day *special;
    unsigned special_count;
    struct thanks_days thanks;
};

struct place {
    const struct zone *zone;         /* NULL: UTC */
    const struct calendar *calendar; /* NULL: open day and night */
};

/* --- days, counted from 1970-01-01 by the clocks there --- */

int64_t place_day(const struct place *place, int64_t at);

enum { DAY_TEXT_SIZE = sizeof "2026-11-27" };
void place_format_day(int64_t day, char into[static DAY_TEXT_SIZE]);
/* The Monday of the day's week. */
int64_t place_monday(int64_t day);

/* When the day begins. */
int64_t place_midnight(const struct place *place, int64_t day);
/* When business is over on that day: the end of its last shift, or of the day itself when it is closed all
 * day, or never closes. */
int64_t place_closing(const struct place *place, int64_t day);
/* The first closing after `at` of a day on which it opens at all, and that day. Where there is no calendar, or it
 * stays closed for a year, days close when they end. */
int64_t place_next_closing(const struct place *place, int64_t at, int64_t *ret_day);

/* Civil time there, as if it were UTC. */
int64_t place_local(const struct place *place, int64_t at);

/* The day of `at` is one of them there. */
bool place_is_thanks(const struct place *place, const struct thanks_days *thanks, int64_t at);
/* It opens on that day. */
bool place_opens_on(const struct place *place, int64_t day);

/* --- hours --- */

bool place_is_open(const struct place *place, int64_t at);
/* False: it is not open, or does not close within a year. */
bool place_closes_at(const struct place *place, int64_t at, int64_t *ret_at);
/* False: it is open, or does not open within a year. */
bool place_opens_at(const struct place *place, int64_t at, int64_t *ret_at);

/* When it will have been open for `duration_us` since `from`. */
int64_t place_after(const struct place *place, int64_t from, int64_t duration_us);

#endif
