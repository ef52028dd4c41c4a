/* checker: gives every node its type, its meaning and its place among the facts, or refuses. */
#ifndef BELLHOP_POLICY_CEL_CHECKER_H
#define BELLHOP_POLICY_CEL_CHECKER_H

#include "common/policy/cel/syntax.h"

/* A variable of a macro around the node. */
struct scope {
    const char *name;
    unsigned slot;
    const struct cel_type *type;
    const char *path, *fact;
    const struct scope *outer;
};

struct checker {
    struct compilation *compilation;
    const struct scope *scope; /* the innermost */
    struct guards held;
    unsigned loops;  /* around the node */
    bool is_probing; /* below has(): nothing on the way needs a guard */
};

/* Check a whole expression. `given` is what a condition around it guards; NULL is nothing. */
bool checker_check(struct compilation *compilation, struct syntax *syntax, const struct guards *given);

bool checker_node(struct checker *checker, struct syntax *syntax);
bool checker_name(struct checker *checker, struct syntax *syntax);
bool checker_select(struct checker *checker, struct syntax *syntax);
bool checker_has(struct checker *checker, struct syntax *syntax);
/* Operators, functions and methods, whose items are checked. */
bool checker_call(struct checker *checker, struct syntax *syntax);

/* The name of a node's type, for messages. */
const char *checker_type_name(struct checker *checker, const struct cel_type *type);

#endif
