/* terminal: what other people wrote cannot steer the reader's terminal, nor display itself in another order.
 *
 * Standard output is guarded as a whole, so that no command has to think of it. Control characters (but tab and
 * line feed), marks that turn the direction of writing, and line separators become \uXXXX; bytes that are not
 * UTF-8 become U+FFFD. None of these can occur in our JSON but inside its strings, where \uXXXX is the same
 * character: whoever reads the JSON gets the exact text. */
#ifndef BELLHOP_CLI_TERMINAL_TERMINAL_H
#define BELLHOP_CLI_TERMINAL_TERMINAL_H

#include "common/base/bytes.h"

/* Appends `text` made harmless. Returns how much was taken: all, but for the beginning of a character at the
 * end when more `follows`. */
size_t terminal_escape(struct slice text, bool follows, struct bytes *into);

/* From here on all that is written to stdout passes terminal_escape. Before anything is written. */
void terminal_guard(void);

#endif
