/* macro: has(), all(), exists(), exists_one(), filter() and map(): calls that are more than calls. */

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/parser.h"

struct macro_row {
    const char *name;
    enum macro macro;
    size_t least, most; /* arguments */
};

static const struct macro_row macros[] = {
    {"all", MACRO_ALL, 2, 2},
    {"exists", MACRO_EXISTS, 2, 2},
    {"exists_one", MACRO_EXISTS_ONE, 2, 2},
    {"existsOne", MACRO_EXISTS_ONE, 2, 2},
    {"filter", MACRO_FILTER, 2, 2},
    {"map", MACRO_MAP, 2, 3},
};

static struct syntax *expand_has(struct compilation *compilation, struct syntax *call)
{
    if (call->count != 1 || call->items[0]->kind != SYNTAX_SELECT) {
        compilation_refuse(compilation, call->place, "has() asks for one field, as in has(customer.name)");
        return NULL;
    }
    struct syntax *select = call->items[0];
    struct syntax *has = syntax_new(compilation, SYNTAX_HAS, call->place, select->items, 1);
    if (has) {
        has->name = select->name;
        has->name_place = select->name_place;
    }
    return has;
}

static struct syntax *expand_over_list(struct compilation *compilation, const struct macro_row *row,
                                       struct syntax *call)
{
    size_t arguments = call->count - 1;
    if (arguments < row->least || arguments > row->most) {
        compilation_refuse(compilation, call->name_place, "%s() takes a variable and %s", row->name,
                           row->most == 3 ? "one or two expressions" : "one expression");
        return NULL;
    }
    struct syntax *variable = call->items[1];
    if (variable->kind != SYNTAX_NAME || variable->is_rooted) {
        compilation_refuse(compilation, variable->place, "%s is no simple name for the items of %s()",
                           compilation_quote(compilation, variable->place), row->name);
        return NULL;
    }
    struct syntax *parts[] = {call->items[0], call->items[2], arguments == 3 ? call->items[3] : NULL};
    struct syntax *macro = syntax_new(compilation, SYNTAX_MACRO, call->place, parts, arguments);
    if (macro) {
        macro->name = row->name;
        macro->name_place = call->name_place;
        macro->macro = row->macro;
        macro->variable = variable->name;
    }
    return macro;
}

struct syntax *macro_expand(struct compilation *compilation, struct syntax *call)
{
    if (call->kind == SYNTAX_FUNCTION)
        return text_equal(call->name, "has") ? expand_has(compilation, call) : call;
    for (size_t i = 0; i < COUNT_OF(macros); i++)
        if (text_equal(call->name, macros[i].name))
            return expand_over_list(compilation, &macros[i], call);
    return call;
}
