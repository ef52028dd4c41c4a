/* text: formatting into bounded buffers, reading numbers with their units, and what text is allowed.
 *
 * Nothing here knows a locale. Parsers read the whole text and refuse it when blanks or anything else is
 * left over. They return 0, -EINVAL (another form) or -ERANGE (does not fit), and leave the result untouched
 * on failure. */
#ifndef BELLHOP_BASE_TEXT_H
#define BELLHOP_BASE_TEXT_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the reason of a fault: char why[WHY_SIZE]. */
enum { WHY_SIZE = 256 };

/* As snprintf into `into`, always ended by NUL; a cut never splits a UTF-8 character. False when it was cut.
 */
bool text_format(char *into, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool text_copy(char *into, size_t size, const char *text);

bool text_equal(const char *left, const char *right);
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *ending);

/* NULL is "". */
static inline const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* Decimal, an optional minus, within [least, most]. */
int text_parse_int64(const char *text, int64_t least, int64_t most, int64_t *ret_value);

/* "yes", "true", "on", "1" or their opposites. */
int text_parse_bool(const char *text, bool *ret_value);

/* Whole numbers with units, largest first: "250ms", "5min", "1h30min", "2d", "2w". Units are ms s min h d w;
 * a number without one is refused, so is a negative one. */
int text_parse_duration_ms(const char *text, int64_t *ret_ms);

struct text_unit {
    const char *name;
    int64_t factor;
};

/* The same with units of the caller's own: the sum of the numbers, each times its unit's factor. */
int text_parse_units(const char *text, const struct text_unit *units, size_t count, int64_t *ret_sum);

/* A whole number with B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024). */
int text_parse_size_bytes(const char *text, int64_t *ret_bytes);

/* A decimal amount of money to minor units of 1/100: "12", "12.5", "-12.50". More than two decimals are
 * refused. */
int text_parse_amount_minor(const char *text, int64_t *ret_minor);

/* Well-formed UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool text_is_utf8(const void *data, size_t size);

/* Of the well-formed UTF-8 character that `data` begins with, in bytes; 0 when it begins with none. `left` is not 0. */
size_t text_character_size(const void *data, size_t left);

/* UTF-8 without control characters (C0, DEL, C1): may be printed. */
bool text_is_printable(const void *data, size_t size);

/* A name: 1 to `most` characters of A-Z a-z 0-9 and . _ : / @ + ~ # = - */
bool text_is_name(const void *data, size_t size, size_t most);

/* Append `text` as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD. NULL is "". */
void text_append_quoted(struct bytes *into, const char *text);

/* Lower-case hexadecimal; `into` has room for 2 * size + 1. */
void text_format_hex(const void *data, size_t size, char *into);

/* Exactly 2 * size digits of either case. */
int text_parse_hex(const char *text, void *ret_data, size_t size);

#endif
