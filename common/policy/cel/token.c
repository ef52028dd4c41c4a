/* token: the lexer of the CEL grammar. */

#include "common/policy/cel/token.h"

#include "common/policy/cel/utf8.h"

#include <string.h>

struct spelling {
    const char *text;
    enum token_kind kind;
};

/* Longer ones before their prefixes. */
static const struct spelling symbols[] = {
    {"==", TOKEN_EQUAL},
    {"!=", TOKEN_UNEQUAL},
    {"<=", TOKEN_LESS_EQUAL},
    {">=", TOKEN_MORE_EQUAL},
    {"&&", TOKEN_AND},
    {"||", TOKEN_OR},
    {"<", TOKEN_LESS},
    {">", TOKEN_MORE},
    {"+", TOKEN_PLUS},
    {"-", TOKEN_MINUS},
    {"*", TOKEN_TIMES},
    {"/", TOKEN_DIVIDE},
    {"%", TOKEN_REMAINDER},
    {"!", TOKEN_NOT},
    {"?", TOKEN_QUESTION},
    {":", TOKEN_COLON},
    {",", TOKEN_COMMA},
    {".", TOKEN_DOT},
    {"(", TOKEN_OPEN_PARENTHESIS},
    {")", TOKEN_CLOSE_PARENTHESIS},
    {"[", TOKEN_OPEN_BRACKET},
    {"]", TOKEN_CLOSE_BRACKET},
    {"{", TOKEN_OPEN_BRACE},
    {"}", TOKEN_CLOSE_BRACE},
};

static const struct spelling words[] = {
    {"true", TOKEN_TRUE},          {"false", TOKEN_FALSE},
    {"null", TOKEN_NULL},          {"in", TOKEN_IN},
    {"as", TOKEN_RESERVED},        {"break", TOKEN_RESERVED},
    {"const", TOKEN_RESERVED},     {"continue", TOKEN_RESERVED},
    {"else", TOKEN_RESERVED},      {"for", TOKEN_RESERVED},
    {"function", TOKEN_RESERVED},  {"if", TOKEN_RESERVED},
    {"import", TOKEN_RESERVED},    {"let", TOKEN_RESERVED},
    {"loop", TOKEN_RESERVED},      {"package", TOKEN_RESERVED},
    {"namespace", TOKEN_RESERVED}, {"return", TOKEN_RESERVED},
    {"var", TOKEN_RESERVED},       {"void", TOKEN_RESERVED},
    {"while", TOKEN_RESERVED},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The byte at an offset; NUL stands for everything behind the end, and begins no token. */
static char byte_at(const struct compilation *compilation, size_t offset)
{
    return offset < compilation->end ? compilation->text[offset] : '\0';
}

static size_t skip_digits(const struct compilation *compilation, size_t at)
{
    while (is_digit(byte_at(compilation, at)))
        at++;
    return at;
}

static size_t skip_blank(const struct compilation *compilation, size_t at)
{
    for (;; at++) {
        char c = byte_at(compilation, at);
        if (c == '/' && byte_at(compilation, at + 1) == '/') {
            while (at < compilation->end && compilation->text[at] != '\n' && compilation->text[at] != '\r')
                at++;
            at--;
        } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
            return at;
        }
    }
}

/* An exponent's end, or `at` when there is none. */
static size_t skip_exponent(const struct compilation *compilation, size_t at)
{
    char c = byte_at(compilation, at);
    if (c != 'e' && c != 'E')
        return at;
    size_t digits = at + 1;
    char sign = byte_at(compilation, digits);
    if (sign == '+' || sign == '-')
        digits++;
    return is_digit(byte_at(compilation, digits)) ? skip_digits(compilation, digits) : at;
}

static size_t number_end(const struct compilation *compilation, size_t at, enum token_kind *ret_kind)
{
    *ret_kind = TOKEN_INT;
    if (byte_at(compilation, at) == '0' && byte_at(compilation, at + 1) == 'x' &&
        is_hex_digit(byte_at(compilation, at + 2))) {
        for (at += 2; is_hex_digit(byte_at(compilation, at)); at++)
            ;
    } else {
        at = skip_digits(compilation, at);
        if (byte_at(compilation, at) == '.' && is_digit(byte_at(compilation, at + 1))) {
            *ret_kind = TOKEN_DOUBLE;
            at = skip_digits(compilation, at + 1);
        }
        size_t end = skip_exponent(compilation, at);
        if (end > at)
            *ret_kind = TOKEN_DOUBLE;
        at = end;
    }
    char suffix = byte_at(compilation, at);
    if (*ret_kind == TOKEN_INT && (suffix == 'u' || suffix == 'U')) {
        *ret_kind = TOKEN_UINT;
        at++;
    }
    return at;
}

static bool number_read(struct compilation *compilation, size_t *at, struct token *token)
{
    size_t begin = *at;
    *at = number_end(compilation, begin, &token->kind);
    token->place = (struct span){begin, *at - begin};
    if (!is_letter(byte_at(compilation, *at)))
        return true;
    return compilation_refuse(compilation, (struct span){*at, 1}, "a number ends before \"%c\"",
                              byte_at(compilation, *at));
}

/* The length of a string's prefix (r, b and both), when a quote follows it at once; else 0 with
 * *ret_is_string false. */
static size_t string_prefix(const struct compilation *compilation, size_t at, bool *ret_is_raw,
                            bool *ret_is_bytes, bool *ret_is_string)
{
    size_t size = 0;
    *ret_is_raw = *ret_is_bytes = false;
    for (; size < 2; size++) {
        char c = byte_at(compilation, at + size);
        if ((c == 'r' || c == 'R') && !*ret_is_raw)
            *ret_is_raw = true;
        else if ((c == 'b' || c == 'B') && !*ret_is_bytes)
            *ret_is_bytes = true;
        else
            break;
    }
    char quote = byte_at(compilation, at + size);
    *ret_is_string = quote == '"' || quote == '\'';
    return size;
}

static bool string_end(struct compilation *compilation, size_t *at, bool is_raw, struct span begin)
{
    const char *text = compilation->text;
    char quote = text[*at];
    bool is_long = byte_at(compilation, *at + 1) == quote && byte_at(compilation, *at + 2) == quote;
    *at += is_long ? 3 : 1;
    while (*at < compilation->end) {
        char c = text[*at];
        if (c == quote && (!is_long || (byte_at(compilation, *at + 1) == quote &&
                                        byte_at(compilation, *at + 2) == quote))) {
            *at += is_long ? 3 : 1;
            return true;
        }
        if (!is_long && (c == '\n' || c == '\r'))
            return compilation_refuse(compilation, begin,
                                      "a string ends with its line; only ''' and \"\"\" go beyond");
        if (c == '\\' && !is_raw && *at + 1 < compilation->end)
            (*at)++;
        size_t length = utf8_length(text + *at, compilation->end - *at);
        if (!length)
            return compilation_refuse(compilation, (struct span){*at, 1}, "a byte that is not UTF-8");
        *at += length;
    }
    return compilation_refuse(compilation, begin, "a string without its closing quote");
}

static bool string_read(struct compilation *compilation, size_t *at, struct token *token, bool is_raw,
                        bool is_bytes)
{
    size_t begin = token->place.offset;
    token->kind = is_bytes ? TOKEN_BYTES : TOKEN_STRING;
    if (!string_end(compilation, at, is_raw, (struct span){begin, 1}))
        return false;
    token->place.size = *at - begin;
    return true;
}

static void word_read(const struct compilation *compilation, size_t *at, struct token *token)
{
    size_t begin = *at;
    while (is_letter(byte_at(compilation, *at)) || is_digit(byte_at(compilation, *at)))
        (*at)++;
    token->kind = TOKEN_NAME;
    token->place = (struct span){begin, *at - begin};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].text) == token->place.size &&
            memcmp(words[i].text, compilation->text + begin, token->place.size) == 0)
            token->kind = words[i].kind;
}

static bool symbol_read(struct compilation *compilation, size_t *at, struct token *token)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t size = strlen(symbols[i].text);
        if (compilation->end - *at < size || memcmp(symbols[i].text, compilation->text + *at, size) != 0)
            continue;
        *token = (struct token){symbols[i].kind, {*at, size}};
        *at += size;
        return true;
    }
    size_t length = utf8_length(compilation->text + *at, compilation->end - *at);
    struct span place = {*at, length ? length : 1};
    if (!length)
        return compilation_refuse(compilation, place, "a byte that is not UTF-8");
    return compilation_refuse(compilation, place, "%s is no part of the language",
                              compilation_quote(compilation, place));
}

bool token_read(struct compilation *compilation, size_t *at, struct token *ret_token)
{
    *at = skip_blank(compilation, *at);
    *ret_token = (struct token){TOKEN_END, {*at, 0}};
    if (*at >= compilation->end)
        return true;
    bool is_raw, is_bytes, is_string;
    size_t prefix = string_prefix(compilation, *at, &is_raw, &is_bytes, &is_string);
    if (is_string) {
        *at += prefix;
        return string_read(compilation, at, ret_token, is_raw, is_bytes);
    }
    char c = compilation->text[*at];
    if (is_digit(c) || (c == '.' && is_digit(byte_at(compilation, *at + 1))))
        return number_read(compilation, at, ret_token);
    if (is_letter(c)) {
        word_read(compilation, at, ret_token);
        return true;
    }
    return symbol_read(compilation, at, ret_token);
}
