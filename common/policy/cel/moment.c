/* moment: times. */

#include "common/policy/cel/moment.h"

#include <stdio.h>
#include <string.h>

bool moment_from_seconds(int64_t seconds, struct cel_moment *ret_moment)
{
    if (seconds < MOMENT_FIRST_S || seconds > MOMENT_LAST_S)
        return false;
    *ret_moment = (struct cel_moment){.seconds = seconds};
    return true;
}

bool moment_from_micros(int64_t micros, struct cel_moment *ret_moment)
{
    int64_t seconds = micros / 1000000;
    int64_t rest = micros % 1000000;
    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }
    if (!moment_from_seconds(seconds, ret_moment))
        return false;
    ret_moment->nanos = (int32_t)rest * 1000;
    return true;
}

bool moment_add(struct cel_moment moment, int64_t nanoseconds, struct cel_moment *ret_moment)
{
    int64_t seconds = moment.seconds + nanoseconds / NANOS_PER_SECOND;
    int64_t nanos = moment.nanos + nanoseconds % NANOS_PER_SECOND;
    if (nanos < 0) {
        nanos += NANOS_PER_SECOND;
        seconds--;
    } else if (nanos >= NANOS_PER_SECOND) {
        nanos -= NANOS_PER_SECOND;
        seconds++;
    }
    if (!moment_from_seconds(seconds, ret_moment))
        return false;
    ret_moment->nanos = (int32_t)nanos;
    return true;
}

bool moment_subtract(struct cel_moment a, struct cel_moment b, int64_t *ret_nanoseconds)
{
    __int128 difference = (__int128)(a.seconds - b.seconds) * NANOS_PER_SECOND + (a.nanos - b.nanos);
    if (difference != (int64_t)difference)
        return false;
    *ret_nanoseconds = (int64_t)difference;
    return true;
}

int moment_compare(struct cel_moment a, struct cel_moment b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

struct civil moment_civil(struct cel_moment moment, int32_t offset_s)
{
    return civil_from_utc_us((moment.seconds + offset_s) * 1000000);
}

/* Read exactly `count` digits and an optional mark behind them. */
static bool read_number(struct cel_text *text, size_t count, char mark, int *ret_value)
{
    if (text->size < count + (mark != '\0'))
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text->bytes[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    if (mark && text->bytes[count] != mark)
        return false;
    *ret_value = value;
    *text = (struct cel_text){text->bytes + count + (mark != '\0'), text->size - count - (mark != '\0')};
    return true;
}

/* ".5" and the like, up to nine digits; nothing is zero. */
static bool read_fraction(struct cel_text *text, int32_t *ret_nanos)
{
    *ret_nanos = 0;
    if (!text->size || *text->bytes != '.')
        return true;
    int32_t unit = NANOS_PER_SECOND / 10;
    size_t i = 1;
    for (; i < text->size && text->bytes[i] >= '0' && text->bytes[i] <= '9'; i++, unit /= 10) {
        if (unit == 0)
            return false;
        *ret_nanos += (text->bytes[i] - '0') * unit;
    }
    *text = (struct cel_text){text->bytes + i, text->size - i};
    return i > 1;
}

/* The whole of the text must be "Z" or an offset with its sign. */
static bool read_offset(struct cel_text text, int32_t *ret_offset_s)
{
    *ret_offset_s = 0;
    if (text.size == 1 && *text.bytes == 'Z')
        return true;
    return text.size == 6 && moment_fixed_offset(text, ret_offset_s);
}

bool moment_parse(struct cel_text text, struct cel_moment *ret_moment)
{
    int year, month, day, hour, minute, second;
    int32_t nanos, offset_s;
    if (!read_number(&text, 4, '-', &year) || !read_number(&text, 2, '-', &month) ||
        !read_number(&text, 2, 'T', &day) || !read_number(&text, 2, ':', &hour) ||
        !read_number(&text, 2, ':', &minute) || !read_number(&text, 2, '\0', &second) ||
        !read_fraction(&text, &nanos) || !read_offset(text, &offset_s))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > civil_month_days(year, month) || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    int64_t seconds = civil_days(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    if (!moment_from_seconds(seconds - offset_s, ret_moment))
        return false;
    ret_moment->nanos = nanos;
    return true;
}

/* A fraction of a second behind its point, without trailing zeros; nothing when it is zero. */
static size_t fraction_print(int32_t nanos, char *out)
{
    if (nanos == 0)
        return 0;
    size_t size = (size_t)sprintf(out, ".%09d", nanos);
    while (out[size - 1] == '0')
        size--;
    return size;
}

size_t moment_print(struct cel_moment moment, char buffer[static CONVERSION_BYTES])
{
    struct civil civil = moment_civil(moment, 0);
    char *out = buffer;
    out += sprintf(out, "%04d-%02d-%02dT%02d:%02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                   civil.minute, civil.second);
    out += fraction_print(moment.nanos, out);
    return (size_t)(out - buffer) + (size_t)sprintf(out, "Z");
}

struct unit {
    const char *name;
    int64_t nanoseconds;
};

/* Longer names before their prefixes. */
static const struct unit units[] = {
    {"ns", 1},       {"us", 1000},      {"\u00b5s", 1000},  {"\u03bcs", 1000},
    {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000},
};

static const struct unit *unit_find(struct cel_text text)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].name);
        if (text.size >= size && memcmp(text.bytes, units[i].name, size) == 0)
            return &units[i];
    }
    return NULL;
}

struct quantity {
    __int128 whole, fraction, scale; /* whole + fraction / scale */
};

/* Decimal digits with an optional point. More than 18 decimals add less than a nanosecond. */
static bool quantity_read(struct cel_text *text, struct quantity *q)
{
    *q = (struct quantity){.scale = 1};
    bool has_digits = false, is_fraction = false;
    size_t i = 0;
    for (; i < text->size; i++) {
        char c = text->bytes[i];
        if (c == '.' && !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        has_digits = true;
        if (is_fraction && q->scale < 1000000000000000000) {
            q->fraction = q->fraction * 10 + (c - '0');
            q->scale *= 10;
        } else if (!is_fraction && (q->whole = q->whole * 10 + (c - '0')) > INT64_MAX) {
            return false;
        }
    }
    *text = (struct cel_text){text->bytes + i, text->size - i};
    return has_digits;
}

bool moment_duration_parse(struct cel_text text, int64_t *ret_nanoseconds)
{
    bool is_negative = text.size && *text.bytes == '-';
    if (text.size && (*text.bytes == '-' || *text.bytes == '+'))
        text = (struct cel_text){text.bytes + 1, text.size - 1};
    __int128 total = 0;
    bool is_zero = text.size == 1 && *text.bytes == '0';
    if (!text.size)
        return false;
    while (text.size && !is_zero) {
        struct quantity q;
        if (!quantity_read(&text, &q))
            return false;
        const struct unit *unit = unit_find(text);
        if (!unit)
            return false;
        total += q.whole * unit->nanoseconds + q.fraction * unit->nanoseconds / q.scale;
        if (total > (__int128)INT64_MAX + 1)
            return false;
        text = (struct cel_text){text.bytes + strlen(unit->name), text.size - strlen(unit->name)};
    }
    total = is_negative ? -total : total;
    if (total != (int64_t)total)
        return false;
    *ret_nanoseconds = (int64_t)total;
    return true;
}

size_t moment_duration_print(int64_t nanoseconds, char buffer[static CONVERSION_BYTES])
{
    uint64_t size = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;
    char *out = buffer;
    out += sprintf(out, "%s%llu", nanoseconds < 0 ? "-" : "", (unsigned long long)(size / NANOS_PER_SECOND));
    out += fraction_print((int32_t)(size % NANOS_PER_SECOND), out);
    return (size_t)(out - buffer) + (size_t)sprintf(out, "s");
}

bool moment_fixed_offset(struct cel_text name, int32_t *ret_offset_s)
{
    bool is_signed = name.size && (*name.bytes == '+' || *name.bytes == '-');
    bool is_west = name.size && *name.bytes == '-';
    struct cel_text text = {name.bytes + is_signed, name.size - is_signed};
    int hours, minutes;
    if (!read_number(&text, 2, ':', &hours) || !read_number(&text, 2, '\0', &minutes) || text.size)
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *ret_offset_s = (is_west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

int32_t moment_zone_offset(const struct cel_zone *zone, int64_t at_s)
{
    size_t low = 0,
           high = zone->count; /* transitions below `low` have passed, those from `high` on have not */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].at_s <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? zone->transitions[low - 1].offset_s : zone->first_offset_s;
}
