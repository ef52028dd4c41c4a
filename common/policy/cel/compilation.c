/* compilation: refusals with line and column. */

#include "common/policy/cel/compilation.h"

#include <stdarg.h>
#include <stdio.h>

static void error_place(struct cel_error *error, const char *text, size_t offset)
{
    error->offset = offset;
    error->line = 1;
    error->column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            error->line++;
            error->column = 1;
        } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
            error->column++;
        }
    }
}

bool compilation_refuse(struct compilation *compilation, struct span place, const char *format, ...)
{
    if (compilation->is_refused)
        return false;
    compilation->is_refused = true;
    error_place(compilation->error, compilation->text, place.offset);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(compilation->error->message, sizeof compilation->error->message, format, arguments);
    va_end(arguments);
    return false;
}

const char *compilation_quote(struct compilation *compilation, struct span place)
{
    enum { LONGEST = 48 };
    size_t size = place.size;
    const char *bytes = compilation->text + place.offset;
    if (size > LONGEST) {
        for (size = LONGEST; size > 0 && ((unsigned char)bytes[size] & 0xc0) == 0x80; size--)
            ;
    }
    char *quoted =
        pool_print(compilation->pool, "\"%.*s%s\"", (int)size, bytes, size < place.size ? "…" : "");
    for (char *c = quoted; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return quoted;
}
