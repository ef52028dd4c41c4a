/* sql_text: quoting. */
#include "common/store/session/sql_text.h"

#include "common/base/clock.h"
#include "common/base/text.h"

#include <string.h>

/* The bytes that are not well-formed UTF-8 as question marks: the server would refuse the whole transaction.
 */
static void append_mended(struct bytes *sql, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t size = 1;
        while (size <= 4 && size <= left && !text_is_utf8(text, size))
            size++;
        bool is_whole = size <= 4 && size <= left;
        if (!is_whole)
            size = 1;
        bytes_append(sql, is_whole ? text : "?", size);
        if (is_whole && *text == '\'')
            bytes_append_u8(sql, '\'');
        text += size;
        left -= size;
    }
}

void sql_text(struct bytes *sql, const char *text)
{
    if (!text) {
        bytes_append_text(sql, "NULL");
        return;
    }
    bytes_append_u8(sql, '\'');
    if (!text_is_utf8(text, strlen(text))) {
        append_mended(sql, text);
        bytes_append_u8(sql, '\'');
        return;
    }
    for (const char *rest = text, *quote;; rest = quote + 1) {
        quote = strchr(rest, '\'');
        if (!quote) {
            bytes_append_text(sql, rest);
            break;
        }
        bytes_append(sql, rest, (size_t)(quote - rest));
        bytes_append_text(sql, "''");
    }
    bytes_append_u8(sql, '\'');
}

static void append_hex(struct bytes *sql, struct slice bytes)
{
    char *into = (char *)bytes_reserve(sql, 2 * bytes.size + 1);
    hex_format(bytes.data, bytes.size, into);
    bytes_grew(sql, 2 * bytes.size);
}

void sql_bytes(struct bytes *sql, struct slice bytes)
{
    bytes_append_text(sql, "'\\x");
    append_hex(sql, bytes);
    bytes_append_text(sql, "'::bytea");
}

void sql_time(struct bytes *sql, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    bytes_append_text(sql, text);
}
