/* literal: numbers and strings, with the escapes of the CEL grammar. */

#include "common/policy/cel/literal.h"

#include "common/policy/cel/conversion.h"
#include "common/policy/cel/utf8.h"

#include <math.h>
#include <string.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool literal_int(struct compilation *compilation, struct token token, bool is_negative, int64_t *ret_value)
{
    const char *digits = compilation->text + token.place.offset;
    size_t size = token.place.size;
    bool is_hex = size > 2 && digits[1] == 'x';
    int64_t value = 0;
    bool is_too_large = false;
    for (size_t i = is_hex ? 2 : 0; i < size; i++) {
        int64_t digit = digit_value(digits[i]);
        is_too_large |= __builtin_mul_overflow(value, is_hex ? 16 : 10, &value);
        is_too_large |= __builtin_add_overflow(value, is_negative ? -digit : digit, &value);
    }
    if (is_too_large)
        return compilation_refuse(compilation, token.place, "%s does not fit an int (64 bits)",
                                  compilation_quote(compilation, token.place));
    *ret_value = value;
    return true;
}

bool literal_double(struct compilation *compilation, struct token token, bool is_negative, double *ret_value)
{
    double value = 0;
    struct cel_text text = {compilation->text + token.place.offset, token.place.size};
    if (!conversion_read_double(text, &value) || isinf(value))
        return compilation_refuse(compilation, token.place, "%s does not fit a double",
                                  compilation_quote(compilation, token.place));
    *ret_value = is_negative ? -value : value;
    return true;
}

struct unescape {
    struct compilation *compilation;
    const char *in, *end;
    char *out;
};

static bool escape_refuse(struct unescape *u, const char *begin, size_t size, const char *why)
{
    struct span place = {(size_t)(begin - u->compilation->text), size};
    return compilation_refuse(u->compilation, place, "%s %s", compilation_quote(u->compilation, place), why);
}

/* `count` digits of a base after the escape that began at `begin`; they name a character. */
static bool escape_number(struct unescape *u, const char *begin, int count, int base)
{
    uint32_t point = 0;
    for (int i = 0; i < count; i++, u->in++) {
        int digit = u->in < u->end ? digit_value(*u->in) : -1;
        if (digit < 0 || digit >= base)
            return escape_refuse(u, begin, (size_t)(u->in - begin), "is too short for an escape");
        point = point * (uint32_t)base + (uint32_t)digit;
    }
    if (!utf8_is_scalar(point))
        return escape_refuse(u, begin, (size_t)(u->in - begin), "is not a character of Unicode");
    u->out += utf8_write(point, u->out);
    return true;
}

static bool escape_read(struct unescape *u)
{
    static const char names[] = "abfnrtv\\?\"'`";
    static const char meanings[] = "\a\b\f\n\r\t\v\\?\"'`";
    const char *begin = u->in++;
    char c = u->in < u->end ? *u->in : '\0';
    const char *name = c ? strchr(names, c) : NULL;
    if (name) {
        u->in++;
        *u->out++ = meanings[name - names];
        return true;
    }
    if (c >= '0' && c <= '3')
        return escape_number(u, begin, 3, 8);
    u->in++;
    if (c == 'x' || c == 'X')
        return escape_number(u, begin, 2, 16);
    if (c == 'u')
        return escape_number(u, begin, 4, 16);
    if (c == 'U')
        return escape_number(u, begin, 8, 16);
    return escape_refuse(u, begin, 2, "is no escape");
}

bool literal_string(struct compilation *compilation, struct token token, struct cel_text *ret_value)
{
    const char *begin = compilation->text + token.place.offset;
    const char *end = begin + token.place.size;
    bool is_raw = *begin == 'r' || *begin == 'R';
    begin += is_raw;
    size_t quotes = end - begin >= 6 && begin[1] == begin[0] && begin[2] == begin[0] ? 3 : 1;
    struct unescape u = {.compilation = compilation, .in = begin + quotes, .end = end - quotes};
    char *bytes = u.out = pool_allocate(compilation->pool, token.place.size);
    while (u.in < u.end) {
        if (*u.in != '\\' || is_raw)
            *u.out++ = *u.in++;
        else if (!escape_read(&u))
            return false;
    }
    *ret_value = (struct cel_text){bytes, (size_t)(u.out - bytes)};
    return true;
}
