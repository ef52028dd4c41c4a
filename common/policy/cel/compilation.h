/* compilation: what the stages of one compile share: the text, the memory of the program to be, and the first
 * refusal. */
#ifndef BELLHOP_POLICY_CEL_COMPILATION_H
#define BELLHOP_POLICY_CEL_COMPILATION_H

#include "common/policy/cel/cel.h"
#include "common/policy/cel/pool.h"

enum {
    CEL_TEXT_BYTES = 16 * 1024, /* longest text */
    CEL_DEPTH = 200,            /* deepest nesting, of brackets as of trees */
    CEL_LOOPS = 8,              /* macros within macros */
};

struct span {
    size_t offset, size;
};

struct compilation {
    const struct cel_environment *environment;
    struct pool *pool;
    const char *text;
    size_t begin, end; /* the part of the text that is compiled */
    bool is_refused;
    struct cel_error *error;
    unsigned loops; /* macro variables so far, to tell them apart */
};

/* Record the first refusal; later ones are consequences. Always false, so that callers can return it. */
bool compilation_refuse(struct compilation *compilation, struct span place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The part of the text, quoted for a message: cut when long, so that it can be printed with %s. */
const char *compilation_quote(struct compilation *compilation, struct span place);

#endif
