/* charset: which bytes a text may be made of. */
#ifndef BELLHOP_WIRE_CHARSET_H
#define BELLHOP_WIRE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a word or an id. */
enum { WIRE_ID_MOST_BYTES = 64 };

enum wire_charset {
    WIRE_ANY_BYTES,   /* a bytes field */
    WIRE_WORD,        /* A-Z a-z 0-9 _ - : becomes a word of a topic */
    WIRE_WORD_OR_ANY, /* a word, or a lone * */
    WIRE_ID,          /* A-Z a-z 0-9 . _ : / @ - */
    WIRE_SOURCE,      /* two words and a slash */
    WIRE_CURRENCY,    /* three of A-Z */
    WIRE_PRINTABLE,   /* UTF-8 without control characters */
    WIRE_FREE_TEXT,   /* UTF-8, control characters but tab and line ends refused */
};

/* "A-Z a-z 0-9 _ -": for explanations and documents. */
const char *wire_charset_text(enum wire_charset charset);

/* Every character of `text` is of the charset; the size is not checked. */
bool wire_charset_allows(enum wire_charset charset, const char *text, size_t size);

/* 1 to 64 characters of A-Z a-z 0-9 _ - */
bool wire_charset_is_word(const char *text);

#endif
