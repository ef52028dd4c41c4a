/* text: formatting and parsing without a locale. */
#include "common/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t text_character_size(const void *data, size_t left)
{
    const uint8_t *at = data;
    uint8_t first = at[0];
    if (first < 0x80)
        return 1;
    size_t size = first >= 0xc2 && first <= 0xdf   ? 2
                  : (first & 0xf0) == 0xe0         ? 3
                  : first >= 0xf0 && first <= 0xf4 ? 4
                                                   : 0;
    if (size == 0 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool is_overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
    bool is_beyond = (first == 0xed && at[1] > 0x9f) || (first == 0xf4 && at[1] > 0x8f);
    return is_overlong || is_beyond ? 0 : size;
}

/* Cut off a character that was cut in the middle. */
static void mend_end(char *text)
{
    size_t size = strlen(text);
    size_t start = size;
    while (start > 0 && size - start < 4 && ((uint8_t)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start > 0 && (uint8_t)text[start - 1] >= 0xc0 &&
        text_character_size(text + start - 1, size - start + 1) == 0)
        text[start - 1] = 0;
}

bool text_format(char *into, size_t size, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int needed = vsnprintf(into, size, format, values);
    va_end(values);
    bool is_whole = needed >= 0 && (size_t)needed < size;
    if (!is_whole && size > 0)
        mend_end(into);
    return is_whole;
}

bool text_copy(char *into, size_t size, const char *text)
{
    return text_format(into, size, "%s", text);
}

bool text_equal(const char *left, const char *right)
{
    return strcmp(left, right) == 0;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text), ending_size = strlen(ending);
    return size >= ending_size && text_equal(text + size - ending_size, ending);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits at *at, as a negative number: the range is wider by one on that side. */
static int parse_negated(const char **at, int64_t *ret_negated)
{
    if (!is_digit(**at))
        return -EINVAL;
    int64_t negated = 0;
    for (; is_digit(**at); (*at)++)
        if (__builtin_mul_overflow(negated, 10, &negated) ||
            __builtin_sub_overflow(negated, **at - '0', &negated))
            return -ERANGE;
    *ret_negated = negated;
    return 0;
}

int text_parse_int64(const char *text, int64_t least, int64_t most, int64_t *ret_value)
{
    bool is_negative = *text == '-';
    int64_t negated;
    text += is_negative;
    int rc = parse_negated(&text, &negated);
    if (rc)
        return rc;
    if (*text)
        return -EINVAL;
    int64_t value = negated;
    if (!is_negative && __builtin_sub_overflow(0, negated, &value))
        return -ERANGE;
    if (value < least || value > most)
        return -ERANGE;
    *ret_value = value;
    return 0;
}

int text_parse_bool(const char *text, bool *ret_value)
{
    static const char *const words[2][4] = {{"no", "false", "off", "0"}, {"yes", "true", "on", "1"}};
    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 4; i++)
            if (text_equal(text, words[value][i])) {
                *ret_value = value;
                return 0;
            }
    return -EINVAL;
}

/* The unit whose whole name stands at *at, up to a digit or the end. */
static const struct text_unit *parse_unit(const char **at, const struct text_unit *units, size_t count)
{
    size_t size = 0;
    while ((*at)[size] && !is_digit((*at)[size]))
        size++;
    for (size_t i = 0; i < count; i++)
        if (strlen(units[i].name) == size && memcmp(units[i].name, *at, size) == 0) {
            *at += size;
            return &units[i];
        }
    return NULL;
}

int text_parse_units(const char *text, const struct text_unit *units, size_t count, int64_t *ret_sum)
{
    int64_t sum = 0, last_factor = INT64_MAX;
    do {
        int64_t part;
        int rc = parse_negated(&text, &part);
        if (rc)
            return rc;
        const struct text_unit *unit = parse_unit(&text, units, count);
        if (!unit || unit->factor >= last_factor)
            return -EINVAL;
        last_factor = unit->factor;
        if (__builtin_mul_overflow(part, -unit->factor, &part) || __builtin_add_overflow(sum, part, &sum))
            return -ERANGE;
    } while (*text);
    *ret_sum = sum;
    return 0;
}

int text_parse_duration_ms(const char *text, int64_t *ret_ms)
{
    static const struct text_unit units[] = {{"ms", 1},          {"s", 1000},       {"min", 60000},
                                             {"h", 3600 * 1000}, {"d", 86400000LL}, {"w", 604800000LL}};
    return text_parse_units(text, units, sizeof units / sizeof units[0], ret_ms);
}

int text_parse_size_bytes(const char *text, int64_t *ret_bytes)
{
    static const struct text_unit units[] = {{"B", 1},           {"kB", 1000},       {"MB", 1000000},
                                             {"GB", 1000000000}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20},
                                             {"GiB", 1LL << 30}};
    int64_t value;
    int rc = parse_negated(&text, &value);
    if (rc)
        return rc;
    const struct text_unit *unit = parse_unit(&text, units, sizeof units / sizeof units[0]);
    if (!unit || *text)
        return -EINVAL;
    if (__builtin_mul_overflow(value, -unit->factor, &value))
        return -ERANGE;
    *ret_bytes = value;
    return 0;
}

int text_parse_amount_minor(const char *text, int64_t *ret_minor)
{
    bool is_negative = *text == '-';
    int64_t negated;
    text += is_negative;
    int rc = parse_negated(&text, &negated);
    if (rc)
        return rc;
    int decimals[2] = {0, 0};
    if (*text == '.') {
        text++;
        if (!is_digit(*text))
            return -EINVAL;
        for (int i = 0; i < 2 && is_digit(*text); i++)
            decimals[i] = *text++ - '0';
    }
    if (*text)
        return -EINVAL;
    if (__builtin_mul_overflow(negated, 100, &negated) ||
        __builtin_sub_overflow(negated, 10 * decimals[0] + decimals[1], &negated))
        return -ERANGE;
    if (!is_negative && __builtin_sub_overflow(0, negated, &negated))
        return -ERANGE;
    *ret_minor = negated;
    return 0;
}

bool text_is_utf8(const void *data, size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        size_t character = text_character_size(at, size);
        if (character == 0)
            return false;
        at += character;
        size -= character;
    }
    return true;
}

bool text_is_printable(const void *data, size_t size)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < size; i++) {
        bool is_c1 = at[i] == 0xc2 && i + 1 < size && at[i + 1] < 0xa0;
        if (at[i] < 0x20 || at[i] == 0x7f || is_c1)
            return false;
    }
    return text_is_utf8(data, size);
}

bool text_is_name(const void *data, size_t size, size_t most)
{
    static const bool may_stand[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['.'] = true, ['_'] = true,
        [':'] = true,         ['/'] = true,         ['@'] = true,         ['+'] = true, ['~'] = true,
        ['#'] = true,         ['='] = true,         ['-'] = true,
    };
    const uint8_t *at = data;
    for (size_t i = 0; i < size; i++)
        if (!may_stand[at[i]])
            return false;
    return size >= 1 && size <= most;
}

void text_append_quoted(struct bytes *into, const char *text)
{
    static const char escapes[256] = {['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    bytes_append_u8(into, '"');
    const uint8_t *at = (const uint8_t *)(text ? text : "");
    for (size_t left = strlen((const char *)at); left > 0;) {
        size_t size = text_character_size(at, left);
        if (escapes[*at])
            bytes_append_format(into, "\\%c", escapes[*at]);
        else if (size == 0)
            bytes_append_text(into, "\\ufffd");
        else if (*at < 0x20 || *at == 0x7f)
            bytes_append_format(into, "\\u%04x", *at);
        else
            bytes_append(into, at, size);
        at += size ? size : 1;
        left -= size ? size : 1;
    }
    bytes_append_u8(into, '"');
}

void text_format_hex(const void *data, size_t size, char *into)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < size; i++) {
        *into++ = "0123456789abcdef"[at[i] >> 4];
        *into++ = "0123456789abcdef"[at[i] & 15];
    }
    *into = 0;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int text_parse_hex(const char *text, void *ret_data, size_t size)
{
    if (strlen(text) != 2 * size)
        return -EINVAL;
    for (size_t i = 0; i < 2 * size; i++)
        if (hex_digit(text[i]) < 0)
            return -EINVAL;
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)ret_data)[i] = (uint8_t)(16 * hex_digit(text[2 * i]) + hex_digit(text[2 * i + 1]));
    return 0;
}
