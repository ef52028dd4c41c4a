/* parser: the state that the parts of the parser share. */
#ifndef BELLHOP_POLICY_CEL_PARSER_H
#define BELLHOP_POLICY_CEL_PARSER_H

#include "common/policy/cel/syntax.h"
#include "common/policy/cel/token.h"

struct parser {
    struct compilation *compilation;
    size_t at;          /* behind the token */
    struct token token; /* the next one, not yet used */
    size_t used_end;    /* where the last used one ended */
    unsigned depth;
};

/* Nodes while they are collected; the memory is the pool's. */
struct syntax_row {
    struct syntax **items;
    size_t count, capacity;
};

void syntax_row_add(struct pool *pool, struct syntax_row *row, struct syntax *item);

/* Step to the next token; false when refused. */
bool parser_step(struct parser *parser);
/* Step over a token of that kind; refused when it is another. `what` names it. */
bool parser_expect(struct parser *parser, enum token_kind kind, const char *what);
/* Refuse the next token, saying what was wanted. Always NULL. */
struct syntax *parser_refuse(struct parser *parser, const char *wanted);

struct syntax *parser_expression(struct parser *parser);
/* A name, literal, list or bracket with all that is appended by dots, calls and indices. A number takes in
 * the minus before it, if one is given. */
struct syntax *parser_member(struct parser *parser, const struct span *minus);

/* Make a macro of a call if it is one; the call itself if not; NULL when refused. */
struct syntax *macro_expand(struct compilation *compilation, struct syntax *call);

#endif
