/* clock: the two clocks, and civil time in UTC.
 *
 * `_ms` is the monotonic clock inside a process, never written down; `_us` and `_at` are UTC microseconds
 * since 1970. Civil dates are the proleptic Gregorian calendar for years 1 to 9999, by the days algorithm of
 * Howard Hinnant (https://howardhinnant.github.io/date_algorithms.html). No zone files, no locale, no static
 * buffers. */
#ifndef BELLHOP_BASE_CLOCK_H
#define BELLHOP_BASE_CLOCK_H

#include <stdint.h>

enum { TIME_TEXT_SIZE = sizeof "9999-12-31T23:59:59.999999Z" };

int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);
int64_t clock_utc_us(void);

struct civil {
    int year;   /* 1 to 9999 */
    int month;  /* 1 to 12 */
    int day;    /* 1 to 31 */
    int hour;   /* 0 to 23 */
    int minute; /* 0 to 59 */
    int second; /* 0 to 59, leap seconds are not counted in UTC microseconds */
    int microsecond;
    int weekday; /* 0 Sunday to 6 Saturday; not read by utc_us_from_civil() */
};

/* Days since 1970-01-01. */
int64_t days_from_civil(int year, int month, int day);
void civil_from_days(int64_t days, struct civil *ret_date);

struct civil civil_from_utc_us(int64_t utc_us);

/* -EINVAL when a field is outside its range, the day of the month included. */
int utc_us_from_civil(const struct civil *civil, int64_t *ret_utc_us);

/* RFC 3339 in UTC: "2024-02-29T12:00:00Z", with ".5" or ".000001" when there is a fraction, zeros at its end
 * left out. */
void time_format(int64_t utc_us, char into[static TIME_TEXT_SIZE]);

/* RFC 3339 with `Z` or an offset, `T` or a blank between, up to nine decimals (cut to microseconds). A second
 * of 60 is refused. 0 or -EINVAL. */
int time_parse(const char *text, int64_t *ret_utc_us);

#endif
