/* member: the parser's part for names, literals, lists and brackets, and what is appended to them. */

#include "common/base/memory.h"
#include "common/policy/cel/literal.h"
#include "common/policy/cel/parser.h"

#include <string.h>

static struct span place_to_here(const struct parser *parser, size_t begin)
{
    return (struct span){begin, parser->used_end - begin};
}

static struct syntax *refuse_outside(struct parser *parser, struct span place, const char *what)
{
    compilation_refuse(parser->compilation, place, "%s are outside the language", what);
    return NULL;
}

static struct syntax *literal_node(struct parser *parser, struct span place, const struct cel_type *type)
{
    struct syntax *literal = syntax_new(parser->compilation, SYNTAX_LITERAL, place, NULL, 0);
    literal->type = type;
    return literal;
}

static struct syntax *parser_number(struct parser *parser, const struct span *minus)
{
    struct token token = parser->token;
    struct span place = token.place;
    if (minus)
        place = (struct span){minus->offset, place.offset + place.size - minus->offset};
    bool is_int = token.kind == TOKEN_INT;
    struct syntax *literal = literal_node(parser, place, is_int ? &cel_type_int : &cel_type_double);
    bool is_good = is_int ? literal_int(parser->compilation, token, minus, &literal->datum.integer)
                          : literal_double(parser->compilation, token, minus, &literal->datum.number);
    return is_good && parser_step(parser) ? literal : NULL;
}

static struct syntax *parser_literal(struct parser *parser)
{
    struct token token = parser->token;
    struct syntax *literal = literal_node(parser, token.place, &cel_type_null);
    if (token.kind == TOKEN_STRING) {
        literal->type = &cel_type_string;
        if (!literal_string(parser->compilation, token, &literal->datum.text))
            return NULL;
    } else if (token.kind != TOKEN_NULL) {
        literal->type = &cel_type_bool;
        literal->datum.truth = token.kind == TOKEN_TRUE;
    }
    return parser_step(parser) ? literal : NULL;
}

/* Expressions up to the closing token, which is stepped over. A comma may follow the last. */
static bool parser_row(struct parser *parser, enum token_kind close, const char *close_name,
                       struct syntax_row *row)
{
    while (parser->token.kind != close) {
        struct syntax *item = parser_expression(parser);
        if (!item)
            return false;
        syntax_row_add(parser->compilation->pool, row, item);
        if (parser->token.kind == close)
            break;
        if (parser->token.kind != TOKEN_COMMA) {
            parser_refuse(parser, close_name);
            return false;
        }
        if (!parser_step(parser))
            return false;
        if (parser->token.kind == close && close != TOKEN_CLOSE_BRACKET) {
            parser_refuse(parser, "an expression");
            return false;
        }
    }
    return parser_step(parser);
}

static struct syntax *parser_list(struct parser *parser)
{
    size_t begin = parser->token.place.offset;
    struct syntax_row items = {0};
    if (!parser_step(parser) || !parser_row(parser, TOKEN_CLOSE_BRACKET, "\",\" or \"]\"", &items))
        return NULL;
    return syntax_new(parser->compilation, SYNTAX_LIST, place_to_here(parser, begin), items.items,
                      items.count);
}

static struct syntax *parser_bracket(struct parser *parser)
{
    size_t begin = parser->token.place.offset;
    if (!parser_step(parser))
        return NULL;
    struct syntax *inner = parser_expression(parser);
    if (!inner || !parser_expect(parser, TOKEN_CLOSE_PARENTHESIS, "\")\""))
        return NULL;
    inner->place = place_to_here(parser, begin);
    inner->is_bracketed = true;
    return inner;
}

/* A call's arguments, behind the target if there is one. */
static struct syntax *parser_call(struct parser *parser, struct syntax *target, struct span name,
                                  size_t begin)
{
    struct syntax_row row = {0};
    if (target)
        syntax_row_add(parser->compilation->pool, &row, target);
    if (!parser_step(parser) || !parser_row(parser, TOKEN_CLOSE_PARENTHESIS, "\",\" or \")\"", &row))
        return NULL;
    struct syntax *call = syntax_new(parser->compilation, target ? SYNTAX_METHOD : SYNTAX_FUNCTION,
                                     place_to_here(parser, begin), row.items, row.count);
    if (!call)
        return NULL;
    call->name = pool_text(parser->compilation->pool, parser->compilation->text + name.offset, name.size);
    call->name_place = name;
    return macro_expand(parser->compilation, call);
}

static struct syntax *parser_name(struct parser *parser)
{
    size_t begin = parser->token.place.offset;
    bool is_rooted = parser->token.kind == TOKEN_DOT;
    if (is_rooted && !parser_step(parser))
        return NULL;
    struct span name = parser->token.place;
    if (parser->token.kind == TOKEN_RESERVED) {
        compilation_refuse(parser->compilation, name, "%s is a reserved word",
                           compilation_quote(parser->compilation, name));
        return NULL;
    }
    if (parser->token.kind != TOKEN_NAME)
        return parser_refuse(parser, is_rooted ? "a name" : "an expression");
    if (!parser_step(parser))
        return NULL;
    if (parser->token.kind == TOKEN_OPEN_PARENTHESIS)
        return parser_call(parser, NULL, name, begin);
    struct syntax *node = syntax_new(parser->compilation, SYNTAX_NAME, place_to_here(parser, begin), NULL, 0);
    node->name = pool_text(parser->compilation->pool, parser->compilation->text + name.offset, name.size);
    node->name_place = name;
    node->is_rooted = is_rooted;
    return node;
}

struct outside_row {
    enum token_kind begin;
    const char *what;
};

static const struct outside_row outside[] = {
    {TOKEN_UINT, "unsigned numbers (uint)"},
    {TOKEN_BYTES, "bytes"},
    {TOKEN_OPEN_BRACE, "maps"},
};

static struct syntax *parser_primary(struct parser *parser, const struct span *minus)
{
    enum token_kind kind = parser->token.kind;
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        if (kind == outside[i].begin)
            return refuse_outside(parser, parser->token.place, outside[i].what);
    if (kind == TOKEN_INT || kind == TOKEN_DOUBLE)
        return parser_number(parser, minus);
    if (kind == TOKEN_STRING || kind == TOKEN_TRUE || kind == TOKEN_FALSE || kind == TOKEN_NULL)
        return parser_literal(parser);
    if (kind == TOKEN_OPEN_BRACKET)
        return parser_list(parser);
    return kind == TOKEN_OPEN_PARENTHESIS ? parser_bracket(parser) : parser_name(parser);
}

static struct syntax *parser_dot(struct parser *parser, struct syntax *target, size_t begin)
{
    if (!parser_step(parser))
        return NULL;
    struct span name = parser->token.place;
    if (parser->token.kind != TOKEN_NAME && parser->token.kind != TOKEN_RESERVED)
        return parser_refuse(parser, "the name of a field");
    if (!parser_step(parser))
        return NULL;
    if (parser->token.kind == TOKEN_OPEN_PARENTHESIS)
        return parser_call(parser, target, name, begin);
    struct syntax *node =
        syntax_new(parser->compilation, SYNTAX_SELECT, place_to_here(parser, begin), &target, 1);
    if (node) {
        node->name = pool_text(parser->compilation->pool, parser->compilation->text + name.offset, name.size);
        node->name_place = name;
    }
    return node;
}

static struct syntax *parser_index(struct parser *parser, struct syntax *target, size_t begin)
{
    struct span sign = parser->token.place;
    if (!parser_step(parser))
        return NULL;
    struct syntax *index = parser_expression(parser);
    if (!index || !parser_expect(parser, TOKEN_CLOSE_BRACKET, "\"]\""))
        return NULL;
    struct syntax *node = syntax_new(parser->compilation, SYNTAX_OPERATOR, place_to_here(parser, begin),
                                     (struct syntax *[]){target, index}, 2);
    if (node) {
        node->name = "_[_]";
        node->name_place = sign;
    }
    return node;
}

struct syntax *parser_member(struct parser *parser, const struct span *minus)
{
    size_t begin = minus ? minus->offset : parser->token.place.offset;
    struct syntax *member = parser_primary(parser, minus);
    while (member) {
        if (parser->token.kind == TOKEN_DOT)
            member = parser_dot(parser, member, begin);
        else if (parser->token.kind == TOKEN_OPEN_BRACKET)
            member = parser_index(parser, member, begin);
        else if (parser->token.kind == TOKEN_OPEN_BRACE)
            return refuse_outside(parser, member->place, "messages made by expressions");
        else
            break;
    }
    return member;
}
