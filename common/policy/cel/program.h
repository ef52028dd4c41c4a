/* program: what a compile leaves, and the parts of it that templates use. */
#ifndef BELLHOP_POLICY_CEL_PROGRAM_H
#define BELLHOP_POLICY_CEL_PROGRAM_H

#include "common/policy/cel/compilation.h"
#include "common/policy/cel/machine.h"

struct cel_program {
    struct pool *pool; /* holds all of it */
    const char *text;  /* the source's, whole: places are places in it */
    const struct syntax *syntax;
    const struct node *fast, *observed;
    const struct cel_type *type;
    uint64_t steps; /* the most an evaluation may take */
    struct zones zones;
    const char **reads;
    size_t read_count;
    unsigned node_count;
};

/* Compile the part of the source's text from `begin` to `end`. */
struct cel_program *program_compile(const struct cel_environment *environment,
                                    const struct cel_source *source, size_t begin, size_t end,
                                    struct cel_error *ret_error);

#endif
