/* civil: dates and times of day in UTC.
 *
 * The proleptic Gregorian calendar for years 1 to 9999, by the days algorithm of Howard Hinnant
 * (https://howardhinnant.github.io/date_algorithms.html). No zone files, no locale, no static buffers. */
#ifndef BELLHOP_BASE_CIVIL_H
#define BELLHOP_BASE_CIVIL_H

#include <stdint.h>

struct civil {
    int year;   /* 1 to 9999 */
    int month;  /* 1 to 12 */
    int day;    /* 1 to 31 */
    int hour;   /* 0 to 23 */
    int minute; /* 0 to 59 */
    int second; /* 0 to 59, leap seconds are not counted in UTC microseconds */
    int microsecond;
    int weekday; /* 0 Sunday to 6 Saturday; not read by civil_to_utc_us() */
};

/* Days since 1970-01-01. */
int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, struct civil *ret_date);

int civil_month_days(int year, int month);

struct civil civil_from_utc_us(int64_t utc_us);

/* -EINVAL when a field is outside its range, the day of the month included. */
int civil_to_utc_us(const struct civil *civil, int64_t *ret_utc_us);

/* "2024-02-29", and no time of day. 0 or -EINVAL. */
int civil_parse_date(const char *text, struct civil *ret_date);

#endif
