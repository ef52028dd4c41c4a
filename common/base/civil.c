/* civil: the calendar by arithmetic, without tables. */
#include "common/base/civil.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { US_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

/* Years begin in March here, so that the leap day is the last of its year; an era is 400 years. */
int64_t civil_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_days(int64_t days, struct civil *ret_date)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    ret_date->day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    ret_date->month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    ret_date->year = (int)(year_of_era + era * 400 + (ret_date->month <= 2));
    ret_date->weekday = (int)((days % 7 + 11) % 7); /* day 0 was a Thursday */
}

struct civil civil_from_utc_us(int64_t utc_us)
{
    int64_t seconds = utc_us / US_PER_SECOND, fraction = utc_us % US_PER_SECOND;
    if (fraction < 0) {
        seconds--;
        fraction += US_PER_SECOND;
    }
    int64_t days = seconds / SECONDS_PER_DAY, of_day = seconds % SECONDS_PER_DAY;
    if (of_day < 0) {
        days--;
        of_day += SECONDS_PER_DAY;
    }
    struct civil civil = {
        .hour = (int)(of_day / 3600),
        .minute = (int)(of_day / 60 % 60),
        .second = (int)(of_day % 60),
        .microsecond = (int)fraction,
    };
    civil_from_days(days, &civil);
    return civil;
}

int civil_month_days(int year, int month)
{
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && is_leap);
}

static bool is_between(int value, int least, int most)
{
    return value >= least && value <= most;
}

int civil_to_utc_us(const struct civil *civil, int64_t *ret_utc_us)
{
    bool is_valid = is_between(civil->year, 1, 9999) && is_between(civil->month, 1, 12) &&
                    is_between(civil->day, 1, civil_month_days(civil->year, civil->month)) &&
                    is_between(civil->hour, 0, 23) && is_between(civil->minute, 0, 59) &&
                    is_between(civil->second, 0, 59) && is_between(civil->microsecond, 0, US_PER_SECOND - 1);
    if (!is_valid)
        return -EINVAL;
    int64_t seconds = civil_days(civil->year, civil->month, civil->day) * SECONDS_PER_DAY +
                      civil->hour * 3600 + civil->minute * 60 + civil->second;
    *ret_utc_us = seconds * US_PER_SECOND + civil->microsecond;
    return 0;
}

int civil_parse_date(const char *text, struct civil *ret_date)
{
    struct civil date = {0};
    int64_t ignored;
    int end = 0;
    if (strspn(text, "0123456789-") != 10 || text[10] ||
        sscanf(text, "%4d-%2d-%2d%n", &date.year, &date.month, &date.day, &end) != 3 || end != 10 ||
        civil_to_utc_us(&date, &ignored))
        return -EINVAL;
    *ret_date = date;
    return 0;
}
