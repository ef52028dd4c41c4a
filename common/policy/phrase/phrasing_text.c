/* phrasing_text: texts that an expression puts together: what is always there bare, what is filled in in brackets. */
#include "common/policy/phrase/phrasing.h"

bool phrasing_is_joined(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_OPERATOR && syntax->count == 2 && text_equal(syntax->name, "_+_") &&
           syntax->type->kind == CEL_STRING && !phrasing_is_constant(syntax);
}

static bool is_text(const struct syntax *syntax)
{
    return phrasing_is_constant(syntax) && syntax->type->kind == CEL_STRING;
}

bool phrasing_is_empty(const struct syntax *syntax)
{
    return is_text(syntax) && !syntax->datum.text.size;
}

void phrasing_joined(const struct phrasing *phrasing, const struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->count; i++) {
        const struct syntax *part = syntax->items[i];
        if (phrasing_is_joined(part)) {
            phrasing_joined(phrasing, part);
        } else if (is_text(part)) {
            bytes_append(phrasing->into, part->datum.text.bytes, part->datum.text.size);
        } else {
            bytes_append_text(phrasing->into, "[");
            phrasing_operand(phrasing, part);
            bytes_append_text(phrasing->into, "]");
        }
    }
}

bool phrasing_is_sentence(const struct syntax *syntax)
{
    return is_text(syntax) && syntax->datum.text.size &&
           syntax->datum.text.bytes[syntax->datum.text.size - 1] == '.';
}

void phrasing_sentence(const struct phrasing *phrasing, const struct syntax *syntax)
{
    struct cel_text text = syntax->datum.text;
    for (; text.size && *text.bytes == ' '; text.size--)
        text.bytes++;
    bytes_append_text(phrasing->into, "'");
    bytes_append(phrasing->into, text.bytes, text.size);
    bytes_append_text(phrasing->into, "'");
}

bool phrasing_is_alike(const struct phrasing *phrasing, const struct syntax *left, const struct syntax *right)
{
    AUTO_CLEAR(bytes) one = {.size = 0};
    AUTO_CLEAR(bytes) other = {.size = 0};
    struct phrasing saying = *phrasing;
    saying.into = &one;
    phrasing_operand(&saying, left);
    saying.into = &other;
    phrasing_operand(&saying, right);
    return slice_equal(bytes_slice(&one), bytes_slice(&other));
}
