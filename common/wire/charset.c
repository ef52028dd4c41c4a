/* charset: a table of characters, and texts with a shape. */
#include "common/wire/charset.h"

#include "common/base/text.h"

#include <stdint.h>
#include <string.h>

enum { IS_WORD = 1, IS_ID = 2 };

static const uint8_t character_kinds[256] = {
    ['a' ... 'z'] = IS_WORD | IS_ID,
    ['A' ... 'Z'] = IS_WORD | IS_ID,
    ['0' ... '9'] = IS_WORD | IS_ID,
    ['_'] = IS_WORD | IS_ID,
    ['-'] = IS_WORD | IS_ID,
    ['.'] = IS_ID,
    [':'] = IS_ID,
    ['/'] = IS_ID,
    ['@'] = IS_ID,
};

static bool text_is_of(uint8_t kind, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!(character_kinds[(uint8_t)text[i]] & kind))
            return false;
    return true;
}

static bool text_is_source(const char *text, size_t size)
{
    const char *slash = memchr(text, '/', size);
    if (!slash)
        return false;
    size_t first = (size_t)(slash - text), second = size - first - 1;
    return first >= 1 && first <= WIRE_ID_MOST_BYTES && second >= 1 && second <= WIRE_ID_MOST_BYTES &&
           text_is_of(IS_WORD, text, first) && text_is_of(IS_WORD, slash + 1, second);
}

static bool text_is_currency(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    return size == 3;
}

static bool text_is_free(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)text[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f)
            return false;
    }
    return text_is_utf8(text, size);
}

bool wire_charset_allows(enum wire_charset charset, const char *text, size_t size)
{
    switch (charset) {
    case WIRE_ANY_BYTES:
        return true;
    case WIRE_WORD:
        return text_is_of(IS_WORD, text, size);
    case WIRE_WORD_OR_ANY:
        return text_is_of(IS_WORD, text, size) || (size == 1 && text[0] == '*');
    case WIRE_ID:
        return text_is_of(IS_ID, text, size);
    case WIRE_SOURCE:
        return text_is_source(text, size);
    case WIRE_CURRENCY:
        return text_is_currency(text, size);
    case WIRE_PRINTABLE:
        return text_is_printable(text, size);
    case WIRE_FREE_TEXT:
        return text_is_free(text, size);
    }
    return false;
}

const char *wire_charset_text(enum wire_charset charset)
{
    switch (charset) {
    case WIRE_ANY_BYTES:
        return "any bytes";
    case WIRE_WORD:
        return "A-Z a-z 0-9 _ -";
    case WIRE_WORD_OR_ANY:
        return "A-Z a-z 0-9 _ -, or a lone *";
    case WIRE_ID:
        return "A-Z a-z 0-9 . _ : / @ -";
    case WIRE_SOURCE:
        return "two words of 1 to 64 A-Z a-z 0-9 _ - with a / between";
    case WIRE_CURRENCY:
        return "three of A-Z";
    case WIRE_PRINTABLE:
        return "UTF-8 without control characters";
    case WIRE_FREE_TEXT:
        return "UTF-8, of the control characters only tab and line ends";
    }
    return "";
}

bool wire_charset_is_word(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    return size >= 1 && size <= WIRE_ID_MOST_BYTES && text_is_of(IS_WORD, text, size);
}
