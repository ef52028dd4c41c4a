/* syntax: the tree of an expression, as the parser builds it and the checker completes it. */
#ifndef BELLHOP_POLICY_CEL_SYNTAX_H
#define BELLHOP_POLICY_CEL_SYNTAX_H

#include "common/policy/cel/compilation.h"
#include "common/policy/cel/field.h"
#include "common/policy/cel/guard.h"

enum syntax_kind {
    /* from the parser */
    SYNTAX_LITERAL,  /* datum */
    SYNTAX_NAME,     /* name */
    SYNTAX_SELECT,   /* items[0].name */
    SYNTAX_HAS,      /* has(items[0].name) */
    SYNTAX_OPERATOR, /* name as in "_+_", over items */
    SYNTAX_FUNCTION, /* name(items) */
    SYNTAX_METHOD,   /* items[0].name(items[1] …) */
    SYNTAX_LIST,     /* [items] */
    SYNTAX_AND,      /* items[0] && items[1] && … */
    SYNTAX_OR,
    SYNTAX_CONDITION, /* items[0] ? items[1] : items[2] */
    SYNTAX_MACRO,     /* items[0].name(variable, items[1] …) */
    /* put in the place of names and selections by the checker; these have no items */
    SYNTAX_VARIABLE, /* slot */
    SYNTAX_ITEM,     /* slot: the variable of an enclosing macro */
};

enum macro { MACRO_ALL, MACRO_EXISTS, MACRO_EXISTS_ONE, MACRO_FILTER, MACRO_MAP };

struct syntax {
    enum syntax_kind kind;
    struct span place;
    unsigned height;   /* 1 for a leaf */
    bool is_rooted;    /* a name with a leading dot */
    bool is_bracketed; /* in parentheses: no part of a dotted name */
    enum macro macro;
    const char *name;     /* of a name, field, function or operator */
    const char *variable; /* of a macro */
    struct span name_place;
    struct syntax **items;
    size_t count;
    union cel_datum datum; /* of a literal, a constant, or a part that was folded */

    /* from the checker */
    const struct cel_type *type;
    bool is_folded;                    /* a constant part, evaluated when compiled */
    unsigned number, parent;           /* for explaining */
    unsigned slot;                     /* of a variable or item; of a macro, that of its items */
    struct field field;                /* of a selection or has() */
    const struct operation *operation; /* of operators, functions and methods with one */
    const struct host_function *host;  /* of functions of the environment */
    const char *path;                  /* what has() on it guards; NULL when nothing can */
    struct guards when[2];             /* what is there when it is false, and when it is true */
    const char *fact;                  /* how it is listed as a fact; NULL when it is none */
};

/* A node over `count` items, which are copied; NULL when refused as nested too deeply. */
struct syntax *syntax_new(struct compilation *compilation, enum syntax_kind kind, struct span place,
                          struct syntax *const *items, size_t count);

/* Of a compiled program: its checked tree, and the text its places are in. */
const struct syntax *program_syntax(const struct cel_program *program);
const char *program_text(const struct cel_program *program);

/* Parse the compilation's whole part; NULL when refused. */
struct syntax *syntax_parse(struct compilation *compilation);

#endif
