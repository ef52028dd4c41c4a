/* parser: recursive descent through the operators; chains of && and || become one node each. */

#include "common/policy/cel/parser.h"

#include "common/base/memory.h"

#include <string.h>

struct syntax *syntax_new(struct compilation *compilation, enum syntax_kind kind, struct span place,
                          struct syntax *const *items, size_t count)
{
    struct syntax *syntax = POOL_NEW(compilation->pool, struct syntax);
    *syntax = (struct syntax){.kind = kind, .place = place, .height = 1, .count = count};
    if (count) {
        syntax->items = POOL_ARRAY(compilation->pool, struct syntax *, count);
        memcpy(syntax->items, items, count * sizeof *items);
    }
    for (size_t i = 0; i < count; i++)
        if (items[i]->height >= syntax->height)
            syntax->height = items[i]->height + 1;
    if (syntax->height > CEL_DEPTH) {
        compilation_refuse(compilation, place, "nested more than %d deep", CEL_DEPTH);
        return NULL;
    }
    return syntax;
}

void syntax_row_add(struct pool *pool, struct syntax_row *row, struct syntax *item)
{
    if (row->count == row->capacity) {
        size_t capacity = row->capacity ? row->capacity * 2 : 4;
        struct syntax **items = POOL_ARRAY(pool, struct syntax *, capacity);
        if (row->count)
            memcpy(items, row->items, row->count * sizeof *items);
        row->items = items;
        row->capacity = capacity;
    }
    row->items[row->count++] = item;
}

bool parser_step(struct parser *parser)
{
    parser->used_end = parser->token.place.offset + parser->token.place.size;
    return token_read(parser->compilation, &parser->at, &parser->token);
}

struct syntax *parser_refuse(struct parser *parser, const char *wanted)
{
    if (parser->token.kind == TOKEN_END)
        compilation_refuse(parser->compilation, parser->token.place,
                           "the expression ends where %s should follow", wanted);
    else
        compilation_refuse(parser->compilation, parser->token.place, "%s stands where %s should",
                           compilation_quote(parser->compilation, parser->token.place), wanted);
    return NULL;
}

bool parser_expect(struct parser *parser, enum token_kind kind, const char *what)
{
    if (parser->token.kind == kind)
        return parser_step(parser);
    parser_refuse(parser, what);
    return false;
}

static struct syntax *refuse_depth(struct parser *parser)
{
    compilation_refuse(parser->compilation, parser->token.place, "nested more than %d deep", CEL_DEPTH);
    return NULL;
}

static struct span span_over(const struct syntax *first, const struct syntax *last)
{
    return (struct span){first->place.offset, last->place.offset + last->place.size - first->place.offset};
}

struct operator_row {
    enum token_kind token;
    int level; /* higher binds tighter */
    const char *name;
};

static const struct operator_row operators[] = {
    {TOKEN_LESS, 1, "_<_"},        {TOKEN_LESS_EQUAL, 1, "_<=_"}, {TOKEN_MORE, 1, "_>_"},
    {TOKEN_MORE_EQUAL, 1, "_>=_"}, {TOKEN_EQUAL, 1, "_==_"},      {TOKEN_UNEQUAL, 1, "_!=_"},
    {TOKEN_IN, 1, "_in_"},         {TOKEN_PLUS, 2, "_+_"},        {TOKEN_MINUS, 2, "_-_"},
    {TOKEN_TIMES, 3, "_*_"},       {TOKEN_DIVIDE, 3, "_/_"},      {TOKEN_REMAINDER, 3, "_%_"},
};

static const struct operator_row *operator_find(enum token_kind kind, int level)
{
    for (size_t i = 0; i < COUNT_OF(operators); i++)
        if (operators[i].token == kind && operators[i].level == level)
            return &operators[i];
    return NULL;
}

static struct syntax *unary(struct parser *parser);

static struct syntax *sign_operand(struct parser *parser, const struct token *sign)
{
    if (parser->depth == CEL_DEPTH)
        return refuse_depth(parser);
    parser->depth++;
    bool is_repeated = parser->token.kind == sign->kind;
    struct syntax *operand = is_repeated ? unary(parser) : parser_member(parser, NULL);
    parser->depth--;
    return operand;
}

/* "!" and "-" before their operand. A minus at a number is part of it, or the least int could not be written.
 */
static struct syntax *unary(struct parser *parser)
{
    struct token sign = parser->token;
    if (sign.kind != TOKEN_NOT && sign.kind != TOKEN_MINUS)
        return parser_member(parser, NULL);
    if (!parser_step(parser))
        return NULL;
    bool is_number = parser->token.kind == TOKEN_INT || parser->token.kind == TOKEN_DOUBLE;
    if (is_number && sign.kind == TOKEN_MINUS)
        return parser_member(parser, &sign.place);
    struct syntax *operand = sign_operand(parser, &sign);
    if (!operand)
        return NULL;
    struct span place = {sign.place.offset, operand->place.offset + operand->place.size - sign.place.offset};
    struct syntax *node = syntax_new(parser->compilation, SYNTAX_OPERATOR, place, &operand, 1);
    if (node) {
        node->name = sign.kind == TOKEN_NOT ? "!_" : "-_";
        node->name_place = sign.place;
    }
    return node;
}

static struct syntax *binary(struct parser *parser, int level)
{
    if (level > 3)
        return unary(parser);
    struct syntax *left = binary(parser, level + 1);
    const struct operator_row *row;
    while (left && (row = operator_find(parser->token.kind, level))) {
        struct span sign = parser->token.place;
        struct syntax *right = parser_step(parser) ? binary(parser, level + 1) : NULL;
        if (!right)
            return NULL;
        left = syntax_new(parser->compilation, SYNTAX_OPERATOR, span_over(left, right),
                          (struct syntax *[]){left, right}, 2);
        if (left) {
            left->name = row->name;
            left->name_place = sign;
        }
    }
    return left;
}

/* Terms joined by && (or, above them, ||). */
static struct syntax *logic(struct parser *parser, enum syntax_kind kind)
{
    enum token_kind sign = kind == SYNTAX_OR ? TOKEN_OR : TOKEN_AND;
    struct syntax_row terms = {0};
    for (;;) {
        struct syntax *term = kind == SYNTAX_OR ? logic(parser, SYNTAX_AND) : binary(parser, 1);
        if (!term)
            return NULL;
        syntax_row_add(parser->compilation->pool, &terms, term);
        if (parser->token.kind != sign)
            break;
        if (!parser_step(parser))
            return NULL;
    }
    if (terms.count == 1)
        return terms.items[0];
    struct span place = span_over(terms.items[0], terms.items[terms.count - 1]);
    return syntax_new(parser->compilation, kind, place, terms.items, terms.count);
}

static struct syntax *conditional(struct parser *parser)
{
    struct syntax *test = logic(parser, SYNTAX_OR);
    if (!test || parser->token.kind != TOKEN_QUESTION)
        return test;
    if (!parser_step(parser))
        return NULL;
    struct syntax *yes = logic(parser, SYNTAX_OR);
    if (!yes || !parser_expect(parser, TOKEN_COLON, "\":\""))
        return NULL;
    struct syntax *no = parser_expression(parser);
    if (!no)
        return NULL;
    return syntax_new(parser->compilation, SYNTAX_CONDITION, span_over(test, no),
                      (struct syntax *[]){test, yes, no}, 3);
}

struct syntax *parser_expression(struct parser *parser)
{
    if (parser->depth == CEL_DEPTH)
        return refuse_depth(parser);
    parser->depth++;
    struct syntax *expression = conditional(parser);
    parser->depth--;
    return expression;
}

struct syntax *syntax_parse(struct compilation *compilation)
{
    struct parser parser = {.compilation = compilation, .at = compilation->begin};
    if (compilation->end - compilation->begin > CEL_TEXT_BYTES) {
        compilation_refuse(compilation, (struct span){compilation->begin, 1}, "longer than %d bytes",
                           CEL_TEXT_BYTES);
        return NULL;
    }
    if (!parser_step(&parser))
        return NULL;
    struct syntax *expression = parser_expression(&parser);
    if (expression && parser.token.kind != TOKEN_END)
        return parser_refuse(&parser, "the end of the expression");
    return expression;
}
