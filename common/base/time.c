/* time: RFC 3339, digit by digit. */
#include "common/base/time.h"

#include "common/base/civil.h"
#include "common/base/text.h"

#include <errno.h>

enum { US_PER_MINUTE = 60 * 1000000 };

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
    if (!is_time || civil_to_utc_us(&civil, &utc_us))
        return -EINVAL;
    *ret_utc_us = utc_us - (int64_t)offset_minutes * US_PER_MINUTE;
    return 0;
}
