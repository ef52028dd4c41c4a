/* checker_call: operators, functions and methods: the generic ones here, the others by the table of
 * operations. */

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/checker.h"
#include "common/policy/cel/operation.h"
#include "common/policy/cel/type.h"

#include <stdio.h>
#include <string.h>

/* Well-known names that the language leaves out. */
static const char *const outside[] = {"uint", "bytes", "dyn",       "type",    "matches",
                                      "list", "map",   "null_type", "optional"};

static bool is_named(const struct syntax *syntax, const char *name)
{
    return text_equal(syntax->name, name);
}

/* What the operator looks like: "_+_" is "+". */
static const char *operator_sign(struct checker *checker, const struct syntax *syntax)
{
    char *sign = pool_allocate(checker->compilation->pool, strlen(syntax->name) + 1);
    char *out = sign;
    for (const char *c = syntax->name; *c; c++)
        if (*c != '_')
            *out++ = *c;
    return sign;
}

static const char *types_of_items(struct checker *checker, const struct syntax *syntax, size_t from)
{
    const char *types = "";
    for (size_t i = from; i < syntax->count; i++)
        types = pool_print(checker->compilation->pool, "%s%s%s", types, i > from ? ", " : "",
                           checker_type_name(checker, syntax->items[i]->type));
    return types;
}

static bool has_messages(const struct cel_type *type)
{
    while (type->kind == CEL_LIST)
        type = type->element;
    return type->kind == CEL_MESSAGE;
}

/* == and != between two types; `joined` is NULL when nothing fits both. */
static bool check_comparable(struct checker *checker, const struct syntax *syntax, const struct cel_type *a,
                             const struct cel_type *b)
{
    const struct cel_type *joined = type_join(checker->compilation->pool, a, b);
    if (joined && !has_messages(joined))
        return true;
    if (joined)
        return compilation_refuse(checker->compilation, syntax->place,
                                  "messages are compared field by field");
    if (a->kind == CEL_NULL || b->kind == CEL_NULL)
        return compilation_refuse(checker->compilation, syntax->place,
                                  "only null is null; ask has() whether a field is there");
    return compilation_refuse(checker->compilation, syntax->place,
                              "%s and %s are never the same; convert one of them",
                              checker_type_name(checker, a), checker_type_name(checker, b));
}

static bool check_equality(struct checker *checker, struct syntax *syntax)
{
    syntax->type = &cel_type_bool;
    return check_comparable(checker, syntax, syntax->items[0]->type, syntax->items[1]->type);
}

static bool check_in(struct checker *checker, struct syntax *syntax)
{
    const struct cel_type *list = syntax->items[1]->type;
    syntax->type = &cel_type_bool;
    if (list->kind == CEL_NEVER)
        return true;
    if (list->kind != CEL_LIST)
        return compilation_refuse(checker->compilation, syntax->items[1]->place,
                                  "\"in\" looks into a list, not %s", checker_type_name(checker, list));
    return check_comparable(checker, syntax, syntax->items[0]->type, list->element);
}

/* An item of a path is a path when its index is a number. */
static void index_path(struct checker *checker, struct syntax *syntax)
{
    const struct syntax *list = syntax->items[0], *index = syntax->items[1];
    if (list->fact)
        syntax->fact = pool_print(checker->compilation->pool, "%s[]", list->fact);
    if (list->path && index->kind == SYNTAX_LITERAL)
        syntax->path =
            pool_print(checker->compilation->pool, "%s[%lld]", list->path, (long long)index->datum.integer);
}

static bool check_index(struct checker *checker, struct syntax *syntax)
{
    const struct cel_type *list = syntax->items[0]->type, *index = syntax->items[1]->type;
    if (list->kind != CEL_LIST && list->kind != CEL_NEVER)
        return compilation_refuse(checker->compilation, syntax->items[0]->place,
                                  "[…] takes an item of a list, not of %s", checker_type_name(checker, list));
    if (!type_fits(index, &cel_type_int))
        return compilation_refuse(checker->compilation, syntax->items[1]->place, "an index is an int, not %s",
                                  checker_type_name(checker, index));
    syntax->type = list->kind == CEL_LIST ? list->element : &cel_type_never;
    index_path(checker, syntax);
    return true;
}

static bool check_list_concat(struct checker *checker, struct syntax *syntax)
{
    const struct cel_type *a = syntax->items[0]->type, *b = syntax->items[1]->type;
    syntax->type = type_join(checker->compilation->pool, a, b);
    if (syntax->type)
        return true;
    return compilation_refuse(checker->compilation, syntax->place, "\"+\" cannot join %s and %s",
                              checker_type_name(checker, a), checker_type_name(checker, b));
}

static bool refuse_call(struct checker *checker, const struct syntax *syntax)
{
    struct compilation *compilation = checker->compilation;
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        if (syntax->kind != SYNTAX_OPERATOR && is_named(syntax, outside[i]))
            return compilation_refuse(compilation, syntax->name_place, "%s() is outside the language",
                                      syntax->name);
    if (syntax->kind == SYNTAX_OPERATOR)
        return compilation_refuse(compilation, syntax->place, "\"%s\" does not take %s",
                                  operator_sign(checker, syntax), types_of_items(checker, syntax, 0));
    if (!operation_exists(syntax->kind, syntax->name)) {
        bool is_other =
            operation_exists(syntax->kind == SYNTAX_METHOD ? SYNTAX_FUNCTION : SYNTAX_METHOD, syntax->name);
        const char *hint = !is_other                       ? "is not known here"
                           : syntax->kind == SYNTAX_METHOD ? "is called as a function, not on a value"
                                                           : "is called on a value, as in x.f()";
        return compilation_refuse(compilation, syntax->name_place, "%s() %s", syntax->name, hint);
    }
    if (syntax->kind == SYNTAX_FUNCTION)
        return compilation_refuse(compilation, syntax->place, "%s() does not take (%s)", syntax->name,
                                  types_of_items(checker, syntax, 0));
    return compilation_refuse(compilation, syntax->place, "%s() on %s does not take (%s)", syntax->name,
                              checker_type_name(checker, syntax->items[0]->type),
                              types_of_items(checker, syntax, 1));
}

/* A zone that is written out can be looked up now. */
static bool check_zone(struct checker *checker, const struct syntax *syntax)
{
    const struct cel_environment *environment = checker->compilation->environment;
    bool is_zoned = syntax->kind == SYNTAX_METHOD && syntax->count == 2 &&
                    syntax->operation->arguments[0] == CEL_TIMESTAMP;
    if (!is_zoned || syntax->items[1]->kind != SYNTAX_LITERAL || names_lenient(environment))
        return true;
    struct zones zones = names_zones(environment);
    int32_t offset_s;
    if (!zone_offset_named(&zones, syntax->items[1]->datum.text, 0, &offset_s))
        return true;
    return compilation_refuse(checker->compilation, syntax->items[1]->place, "%s is no time zone known here",
                              compilation_quote(checker->compilation, syntax->items[1]->place));
}

static bool check_operation(struct checker *checker, struct syntax *syntax)
{
    enum cel_kind result = CEL_NEVER;
    syntax->operation = operation_find(syntax->kind, syntax->name, syntax->items, syntax->count, &result);
    if (!syntax->operation)
        return refuse_call(checker, syntax);
    syntax->type = type_scalar(result);
    return check_zone(checker, syntax);
}

static bool check_host(struct checker *checker, struct syntax *syntax, const struct host_function *host)
{
    const struct cel_function *function = &host->function;
    bool is_good = syntax->count == host->count;
    for (size_t i = 0; is_good && i < host->count; i++)
        is_good = type_fits(syntax->items[i]->type, function->arguments[i]);
    if (!is_good)
        return compilation_refuse(checker->compilation, syntax->place, "%s() does not take (%s)",
                                  syntax->name, types_of_items(checker, syntax, 0));
    struct host_function *kept = POOL_NEW(checker->compilation->pool, struct host_function);
    *kept = *host;
    kept->function.name = syntax->name;
    for (size_t i = 0; i < host->count; i++)
        kept->function.arguments[i] = type_copy(checker->compilation->pool, function->arguments[i]);
    syntax->host = kept;
    syntax->type = kept->function.result = type_copy(checker->compilation->pool, function->result);
    return true;
}

bool checker_call(struct checker *checker, struct syntax *syntax)
{
    if (syntax->kind == SYNTAX_FUNCTION) {
        const struct host_function *host = names_function(checker->compilation->environment, syntax->name);
        if (host)
            return check_host(checker, syntax, host);
    }
    enum cel_kind first = syntax->count ? syntax->items[0]->type->kind : CEL_NULL;
    if (syntax->kind != SYNTAX_OPERATOR) {
        if (!is_named(syntax, "size") || syntax->count != 1 || first != CEL_LIST)
            return check_operation(checker, syntax);
        syntax->type = &cel_type_int;
        return true;
    }
    if (is_named(syntax, "_==_") || is_named(syntax, "_!=_"))
        return check_equality(checker, syntax);
    if (is_named(syntax, "_in_"))
        return check_in(checker, syntax);
    if (is_named(syntax, "_[_]"))
        return check_index(checker, syntax);
    if (is_named(syntax, "_+_") && (first == CEL_LIST || syntax->items[1]->type->kind == CEL_LIST))
        return check_list_concat(checker, syntax);
    return check_operation(checker, syntax);
}
