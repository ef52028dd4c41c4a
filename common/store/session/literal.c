/* literal: quoting. */
#include "common/store/session/literal.h"

#include "common/base/time.h"
#include "common/base/text.h"

#include <string.h>

/* The server would refuse the whole transaction for bytes that are not UTF-8. */
static void write_mended(struct bytes *sql, const char *text)
{
    for (size_t left = strlen(text), size; left > 0; text += size, left -= size) {
        bool is_whole = (size = text_character_size(text, left)) != 0;
        size = is_whole ? size : 1;
        bytes_append(sql, is_whole ? text : "?", size);
        if (*text == '\'')
            bytes_append_u8(sql, '\'');
    }
}

static void write_quoted(struct bytes *sql, const char *text)
{
    for (const char *quote; (quote = strchr(text, '\'')); text = quote + 1) {
        bytes_append(sql, text, (size_t)(quote - text));
        bytes_append_text(sql, "''");
    }
    bytes_append_text(sql, text);
}

void literal_write_text(struct bytes *sql, const char *text)
{
    if (!text) {
        bytes_append_text(sql, "NULL");
        return;
    }
    bytes_append_u8(sql, '\'');
    if (text_is_utf8(text, strlen(text)))
        write_quoted(sql, text);
    else
        write_mended(sql, text);
    bytes_append_u8(sql, '\'');
}

void literal_write_hex(struct bytes *sql, struct slice bytes)
{
    text_format_hex(bytes.data, bytes.size, (char *)bytes_reserve(sql, 2 * bytes.size + 1));
    bytes_grew(sql, 2 * bytes.size);
}

void literal_write_bytes(struct bytes *sql, struct slice bytes)
{
    bytes_append_text(sql, "'\\x");
    literal_write_hex(sql, bytes);
    bytes_append_text(sql, "'::bytea");
}

void literal_write_time(struct bytes *sql, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    bytes_append_format(sql, "'%s'", text);
}
