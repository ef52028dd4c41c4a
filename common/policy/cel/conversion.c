/* conversion: numbers and truth as text. strtod() only sees digits and an exponent, so the locale's decimal
 * point cannot matter. */

#include "common/policy/cel/conversion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool conversion_read_int(struct cel_text text, int64_t *ret_value)
{
    bool is_negative = text.size && text.bytes[0] == '-';
    size_t i = text.size && (text.bytes[0] == '-' || text.bytes[0] == '+');
    if (i == text.size)
        return false;
    int64_t value = 0;
    for (; i < text.size; i++) {
        if (!is_digit(text.bytes[i]))
            return false;
        int64_t digit = text.bytes[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, is_negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

static bool text_is_word(struct cel_text text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.bytes, word, text.size) == 0;
}

static bool word_to_double(struct cel_text text, double *ret_value)
{
    bool is_negative = text.size && text.bytes[0] == '-';
    if (text.size && (text.bytes[0] == '-' || text.bytes[0] == '+'))
        text = (struct cel_text){text.bytes + 1, text.size - 1};
    if (text_is_word(text, "inf") || text_is_word(text, "infinity"))
        *ret_value = is_negative ? -INFINITY : INFINITY;
    else if (text_is_word(text, "nan"))
        *ret_value = NAN;
    else
        return false;
    return true;
}

struct decimal {
    char digits[800]; /* a midpoint between two doubles has at most 767 */
    size_t count;
    long exponent;
    bool has_digits;
};

/* A digit of the mantissa. Leading zeros are dropped; of the digits behind the longest midpoint it only
 * matters whether any is not zero, which a single 1 at the end tells as well. */
static void decimal_digit(struct decimal *d, char digit, bool is_fraction)
{
    d->has_digits = true;
    if (is_fraction)
        d->exponent--;
    if (d->count == 0 && digit == '0')
        return;
    if (d->count < sizeof d->digits - 1)
        d->digits[d->count++] = digit;
    else if (d->count < sizeof d->digits && digit != '0')
        d->digits[d->count++] = '1';
    else
        d->exponent++;
}

static size_t decimal_mantissa(struct decimal *d, struct cel_text text, size_t i)
{
    bool is_fraction = false;
    for (; i < text.size; i++) {
        if (is_digit(text.bytes[i]))
            decimal_digit(d, text.bytes[i], is_fraction);
        else if (text.bytes[i] == '.' && !is_fraction)
            is_fraction = true;
        else
            break;
    }
    return i;
}

static bool decimal_exponent(struct decimal *d, struct cel_text text, size_t i)
{
    if (i == text.size)
        return true;
    if (text.bytes[i] != 'e' && text.bytes[i] != 'E')
        return false;
    i++;
    bool is_negative = i < text.size && text.bytes[i] == '-';
    if (i < text.size && (text.bytes[i] == '-' || text.bytes[i] == '+'))
        i++;
    if (i == text.size)
        return false;
    long exponent = 0;
    for (; i < text.size; i++) {
        if (!is_digit(text.bytes[i]))
            return false;
        if (exponent < 100000000)
            exponent = exponent * 10 + (text.bytes[i] - '0');
    }
    d->exponent += is_negative ? -exponent : exponent;
    return true;
}

bool conversion_read_double(struct cel_text text, double *ret_value)
{
    if (word_to_double(text, ret_value))
        return true;
    struct decimal d = {.count = 0};
    bool is_negative = text.size && text.bytes[0] == '-';
    size_t i = text.size && (text.bytes[0] == '-' || text.bytes[0] == '+');
    i = decimal_mantissa(&d, text, i);
    if (!d.has_digits || !decimal_exponent(&d, text, i))
        return false;
    char plain[sizeof d.digits + 32];
    snprintf(plain, sizeof plain, "%.*se%ld", (int)d.count, d.digits, d.exponent);
    double value = d.count ? strtod(plain, NULL) : 0.0;
    *ret_value = is_negative ? -value : value;
    return true;
}

bool conversion_read_bool(struct cel_text text, bool *ret_value)
{
    static const char *const truths[] = {"1", "t", "T", "true", "TRUE", "True"};
    static const char *const lies[] = {"0", "f", "F", "false", "FALSE", "False"};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        bool is_true = text.size == strlen(truths[i]) && memcmp(text.bytes, truths[i], text.size) == 0;
        bool is_false = text.size == strlen(lies[i]) && memcmp(text.bytes, lies[i], text.size) == 0;
        if (is_true || is_false) {
            *ret_value = is_true;
            return true;
        }
    }
    return false;
}

static const double two_to_63 = 9223372036854775808.0;

/* The fewest significant digits that read back; *ret_exponent is that of the first digit. */
static size_t shortest_digits(double value, char digits[static 20], int *ret_exponent)
{
    char text[CONVERSION_BYTES];
    size_t count = 0;
    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        count = 0;
        char *c = text;
        for (; *c != 'e'; c++)
            if (is_digit(*c))
                digits[count++] = *c;
        *ret_exponent = atoi(c + 1);
        char plain[CONVERSION_BYTES];
        snprintf(plain, sizeof plain, "%.*se%d", (int)count, digits, *ret_exponent - (int)count + 1);
        if (strtod(plain, NULL) == value)
            break;
    }
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

static size_t digits_scientific(const char *digits, size_t count, int exponent, char *out)
{
    char sign = exponent < 0 ? '-' : '+';
    return (size_t)sprintf(out, "%c%s%.*se%c%02d", digits[0], count > 1 ? "." : "", (int)count - 1,
                           digits + 1, sign, abs(exponent));
}

static size_t digits_plain(const char *digits, int count, int exponent, char *out)
{
    char *begin = out;
    if (exponent < 0)
        return (size_t)sprintf(out, "0.%.*s%.*s", -exponent - 1, "000", count, digits);
    for (int i = 0; i <= exponent || i < count; i++) {
        if (i == exponent + 1)
            *out++ = '.';
        *out++ = i < count ? digits[i] : '0';
    }
    *out = '\0';
    return (size_t)(out - begin);
}

size_t conversion_print_double(double value, char buffer[static CONVERSION_BYTES])
{
    if (isnan(value))
        return (size_t)sprintf(buffer, "NaN");
    if (isinf(value))
        return (size_t)sprintf(buffer, "%s", value > 0 ? "+Inf" : "-Inf");
    char digits[20] = {0};
    int exponent = 0;
    size_t sign = signbit(value) ? 1 : 0;
    buffer[0] = '-';
    size_t count = shortest_digits(fabs(value), digits, &exponent);
    if (exponent < -4 || exponent >= 6) /* as the reference implementation and C's %g choose */
        return sign + digits_scientific(digits, count, exponent, buffer + sign);
    return sign + digits_plain(digits, (int)count, exponent, buffer + sign);
}

bool conversion_truncate(double value, int64_t *ret_value)
{
    if (!(value > -two_to_63 && value < two_to_63))
        return false;
    *ret_value = (int64_t)value;
    return true;
}

double conversion_compare(int64_t a, double b)
{
    if (isnan(b))
        return NAN;
    if (b >= two_to_63)
        return -1;
    if (b < -two_to_63)
        return 1;
    int64_t whole = (int64_t)b; /* towards zero, exact */
    if (a != whole)
        return a < whole ? -1 : 1;
    double rest = b - (double)whole;
    return rest > 0 ? -1 : rest < 0;
}
