/* clock: the kernel's two clocks, and the civil calendar by arithmetic. */
#include "common/base/clock.h"

#include "common/base/text.h"

#include <errno.h>
#include <time.h>

enum { US_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

static int64_t clock_read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return clock_read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_monotonic_us(void)
{
    return clock_read_us(CLOCK_MONOTONIC);
}

int64_t clock_utc_us(void)
{
    return clock_read_us(CLOCK_REALTIME);
}

/* Years begin in March here, so that the leap day is the last of its year; an era is 400 years. */
int64_t days_from_civil(int year, int month, int day)
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

static int days_in_month(int year, int month)
{
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && is_leap);
}

static bool is_between(int value, int least, int most)
{
    return value >= least && value <= most;
}

int utc_us_from_civil(const struct civil *civil, int64_t *ret_utc_us)
{
    bool is_valid = is_between(civil->year, 1, 9999) && is_between(civil->month, 1, 12) &&
                    is_between(civil->day, 1, days_in_month(civil->year, civil->month)) &&
                    is_between(civil->hour, 0, 23) && is_between(civil->minute, 0, 59) &&
                    is_between(civil->second, 0, 59) && is_between(civil->microsecond, 0, US_PER_SECOND - 1);
    if (!is_valid)
        return -EINVAL;
    int64_t seconds = days_from_civil(civil->year, civil->month, civil->day) * SECONDS_PER_DAY +
                      civil->hour * 3600 + civil->minute * 60 + civil->second;
    *ret_utc_us = seconds * US_PER_SECOND + civil->microsecond;
    return 0;
}

void time_format(int64_t utc_us, char into[static TIME_TEXT_SIZE])
{
    struct civil civil = civil_from_utc_us(utc_us);
    char fraction[sizeof ".000000"] = "";
    if (civil.microsecond) {
        text_format(fraction, sizeof fraction, ".%06d", civil.microsecond);
        for (int end = 6; fraction[end] == '0'; end--)
            fraction[end] = 0;
    }
    text_format(into, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", civil.year, civil.month, civil.day,
                civil.hour, civil.minute, civil.second, fraction);
}

/* Reads `digits` digits at *at, and the character that must follow unless it is 0. */
static bool parse_fixed(const char **at, int digits, char follows, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        value = 10 * value + (**at - '0');
    }
    *ret_value = value;
    return !follows || *(*at)++ == follows;
}

static bool parse_fraction(const char **at, int *ret_microsecond)
{
    *ret_microsecond = 0;
    if (**at != '.')
        return true;
    int digits = 0;
    for ((*at)++; **at >= '0' && **at <= '9'; (*at)++)
        if (++digits <= 6)
            *ret_microsecond = 10 * *ret_microsecond + (**at - '0');
    for (int i = digits; i < 6; i++)
        *ret_microsecond *= 10;
    return digits >= 1 && digits <= 9;
}

static bool parse_offset(const char *at, int *ret_minutes)
{
    if (*at == 'Z' || *at == 'z') {
        *ret_minutes = 0;
        return at[1] == 0;
    }
    int sign = *at == '+' ? 1 : *at == '-' ? -1 : 0, hours, minutes;
    if (sign == 0)
        return false;
    at++;
    if (!parse_fixed(&at, 2, ':', &hours) || !parse_fixed(&at, 2, 0, &minutes))
        return false;
    *ret_minutes = sign * (60 * hours + minutes);
    return *at == 0 && hours <= 23 && minutes <= 59;
}

int time_parse(const char *text, int64_t *ret_utc_us)
{
    struct civil civil = {0};
    bool is_date = parse_fixed(&text, 4, '-', &civil.year) && parse_fixed(&text, 2, '-', &civil.month) &&
                   parse_fixed(&text, 2, 0, &civil.day);
    if (!is_date || (*text != 'T' && *text != 't' && *text != ' '))
        return -EINVAL;
    text++;
    int offset_minutes;
    bool is_time = parse_fixed(&text, 2, ':', &civil.hour) && parse_fixed(&text, 2, ':', &civil.minute) &&
                   parse_fixed(&text, 2, 0, &civil.second) && parse_fraction(&text, &civil.microsecond) &&
                   parse_offset(text, &offset_minutes);
    int64_t utc_us;
    if (!is_time || utc_us_from_civil(&civil, &utc_us))
        return -EINVAL;
    *ret_utc_us = utc_us - (int64_t)offset_minutes * 60 * US_PER_SECOND;
    return 0;
}
