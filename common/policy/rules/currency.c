/* currency: amounts in the units their currency has. */
#include "common/policy/rules/currency.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* ISO 4217, those that have not two decimals. */
static const struct {
    char code[4];
    unsigned decimals;
} unusual[] = {
    {"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"IQD", 3},
    {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3},
    {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3}, {"UGX", 0}, {"UYI", 0}, {"UYW", 4},
    {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
};

unsigned currency_decimals(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(unusual); i++)
        if (text_equal(unusual[i].code, code))
            return unusual[i].decimals;
    return 2;
}

static bool append_digit(char digit, int64_t *minor)
{
    return digit >= '0' && digit <= '9' && !__builtin_mul_overflow(*minor, 10, minor) &&
           !__builtin_add_overflow(*minor, digit - '0', minor);
}

bool currency_parse(const char *text, const char *code, int64_t *ret_minor)
{
    unsigned decimals = currency_decimals(code), given = 0;
    int64_t minor = 0;
    if (*text < '0' || *text > '9')
        return false;
    while (*text && *text != '.')
        if (!append_digit(*text++, &minor))
            return false;
    if (*text == '.') {
        text++;
        if (!*text || !decimals)
            return false;
    }
    for (; *text; given++)
        if (given == decimals || !append_digit(*text++, &minor))
            return false;
    for (; given < decimals; given++)
        if (!append_digit('0', &minor))
            return false;
    *ret_minor = minor;
    return true;
}

size_t currency_format(int64_t minor, const char *code, char into[static CURRENCY_TEXT_SIZE])
{
    unsigned decimals = currency_decimals(code);
    uint64_t magnitude = minor < 0 ? -(uint64_t)minor : (uint64_t)minor, unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    int length =
        decimals
            ? snprintf(into, CURRENCY_TEXT_SIZE, "%s%" PRIu64 ".%0*" PRIu64 " %.3s", minor < 0 ? "-" : "",
                       magnitude / unit, (int)decimals, magnitude % unit, code)
            : snprintf(into, CURRENCY_TEXT_SIZE, "%s%" PRIu64 " %.3s", minor < 0 ? "-" : "", magnitude, code);
    return (size_t)length;
}
