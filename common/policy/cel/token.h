/* token: the words of an expression. */
#ifndef BELLHOP_POLICY_CEL_TOKEN_H
#define BELLHOP_POLICY_CEL_TOKEN_H

#include "common/policy/cel/compilation.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_RESERVED, /* a reserved word: may name a field, nothing else */
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_NULL,
    TOKEN_IN,
    TOKEN_INT,
    TOKEN_UINT,
    TOKEN_DOUBLE,
    TOKEN_STRING,
    TOKEN_BYTES,
    TOKEN_EQUAL,
    TOKEN_UNEQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_MORE,
    TOKEN_MORE_EQUAL,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_TIMES,
    TOKEN_DIVIDE,
    TOKEN_REMAINDER,
    TOKEN_NOT,
    TOKEN_QUESTION,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_OPEN_PARENTHESIS,
    TOKEN_CLOSE_PARENTHESIS,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_OPEN_BRACE,
    TOKEN_CLOSE_BRACE,
};

struct token {
    enum token_kind kind;
    struct span place;
};

/* Read the token at or after *at and step behind it. False when refused: a character that begins no token, a
 * string without its end, bad UTF-8. */
bool token_read(struct compilation *compilation, size_t *at, struct token *ret_token);

#endif
