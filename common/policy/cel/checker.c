/* checker: the types of everything but names and calls, and the way through the tree. */

#include "common/policy/cel/checker.h"

#include "common/policy/cel/names.h"
#include "common/policy/cel/type.h"

const char *checker_type_name(struct checker *checker, const struct cel_type *type)
{
    size_t size = cel_type_name(type, NULL, 0) + 1;
    char *name = pool_allocate(checker->compilation->pool, size);
    cel_type_name(type, name, size);
    return name;
}

static bool check_items(struct checker *checker, struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->count; i++)
        if (!checker_node(checker, syntax->items[i]))
            return false;
    return true;
}

static bool check_is_bool(struct checker *checker, const struct syntax *syntax, const char *what)
{
    if (type_fits(syntax->type, &cel_type_bool))
        return true;
    return compilation_refuse(checker->compilation, syntax->place, "%s is a bool, not %s", what,
                              checker_type_name(checker, syntax->type));
}

/* Check an item under what is known when `condition` has that outcome. */
static bool check_under(struct checker *checker, const struct syntax *condition, bool outcome,
                        struct syntax *item)
{
    struct guards before = checker->held;
    checker->held = guards_union(checker->compilation->pool, &before, &condition->when[outcome]);
    bool is_good = checker_node(checker, item);
    checker->held = before;
    return is_good;
}

static bool check_terms(struct checker *checker, struct syntax *syntax)
{
    const char *what = syntax->kind == SYNTAX_AND ? "a term of &&" : "a term of ||";
    struct guards before = checker->held;
    for (size_t i = 0; i < syntax->count; i++) {
        struct syntax *term = syntax->items[i];
        if (!checker_node(checker, term) || !check_is_bool(checker, term, what))
            return false;
        checker->held =
            guards_union(checker->compilation->pool, &checker->held, &term->when[syntax->kind == SYNTAX_AND]);
    }
    checker->held = before;
    syntax->type = &cel_type_bool;
    return true;
}

static bool check_condition(struct checker *checker, struct syntax *syntax)
{
    struct syntax *test = syntax->items[0], *yes = syntax->items[1], *no = syntax->items[2];
    if (!checker_node(checker, test) || !check_is_bool(checker, test, "what stands before \"?\"") ||
        !check_under(checker, test, true, yes) || !check_under(checker, test, false, no))
        return false;
    syntax->type = type_join(checker->compilation->pool, yes->type, no->type);
    if (syntax->type)
        return true;
    return compilation_refuse(checker->compilation, syntax->place,
                              "\"?:\" gives %s or %s; both must be of one type",
                              checker_type_name(checker, yes->type), checker_type_name(checker, no->type));
}

static bool check_list(struct checker *checker, struct syntax *syntax)
{
    if (!check_items(checker, syntax))
        return false;
    const struct cel_type *element = &cel_type_never;
    for (size_t i = 0; i < syntax->count; i++) {
        const struct cel_type *joined =
            type_join(checker->compilation->pool, element, syntax->items[i]->type);
        if (!joined)
            return compilation_refuse(checker->compilation, syntax->items[i]->place,
                                      "a list of mixed types has no static type: %s among %s",
                                      checker_type_name(checker, syntax->items[i]->type),
                                      checker_type_name(checker, element));
        element = joined;
    }
    syntax->type = type_list(checker->compilation->pool, element);
    return true;
}

/* The macro's expressions, in which its variable is known. In map(x, p, t) the last stands under p. */
static bool check_body(struct checker *checker, struct syntax *macro)
{
    struct syntax *body = macro->items[macro->count - 1];
    bool needs_bool = macro->macro != MACRO_MAP || macro->count == 3;
    if (!checker_node(checker, macro->items[1]) ||
        (needs_bool && !check_is_bool(checker, macro->items[1], "a macro's condition")))
        return false;
    return macro->count == 2 || check_under(checker, macro->items[1], true, body);
}

static const struct cel_type *macro_type(struct checker *checker, const struct syntax *macro)
{
    switch (macro->macro) {
    case MACRO_ALL:
    case MACRO_EXISTS:
    case MACRO_EXISTS_ONE:
        return &cel_type_bool;
    case MACRO_FILTER:
        return macro->items[0]->type->kind == CEL_LIST
                   ? macro->items[0]->type
                   : type_list(checker->compilation->pool, &cel_type_never);
    case MACRO_MAP:
        return type_list(checker->compilation->pool, macro->items[macro->count - 1]->type);
    }
    return NULL;
}

static bool check_macro(struct checker *checker, struct syntax *macro)
{
    struct compilation *compilation = checker->compilation;
    struct syntax *range = macro->items[0];
    if (!checker_node(checker, range))
        return false;
    if (range->type->kind != CEL_LIST && range->type->kind != CEL_NEVER)
        return compilation_refuse(compilation, range->place, "%s() goes over a list, not %s", macro->name,
                                  checker_type_name(checker, range->type));
    if (checker->loops == CEL_LOOPS)
        return compilation_refuse(compilation, macro->place, "macros are nested more than %d deep",
                                  CEL_LOOPS);
    macro->slot = checker->loops++;
    struct scope scope = {
        .name = macro->variable,
        .slot = macro->slot,
        .type = range->type->kind == CEL_LIST ? range->type->element : &cel_type_never,
        .path = pool_print(compilation->pool, "@%u", compilation->loops++),
        .fact = range->fact ? pool_print(compilation->pool, "%s[]", range->fact) : NULL,
        .outer = checker->scope,
    };
    checker->scope = &scope;
    bool is_good = check_body(checker, macro);
    checker->scope = scope.outer;
    checker->loops--;
    if (is_good)
        macro->type = macro_type(checker, macro);
    return is_good;
}

/* figures.hearer_worth(x): a function of a namespace, where the environment has one of that name. */
static void turn_to_function(struct checker *checker, struct syntax *syntax)
{
    const struct syntax *space = syntax->items[0];
    if (space->kind != SYNTAX_NAME || space->is_rooted || space->is_bracketed)
        return;
    const char *name = pool_print(checker->compilation->pool, "%s.%s", space->name, syntax->name);
    if (!names_function(checker->compilation->environment, name))
        return;
    syntax->kind = SYNTAX_FUNCTION;
    syntax->name = name;
    syntax->items++;
    syntax->count--;
}

static bool check_by_kind(struct checker *checker, struct syntax *syntax)
{
    switch (syntax->kind) {
    case SYNTAX_LITERAL:
        return true;
    case SYNTAX_NAME:
        return checker_name(checker, syntax);
    case SYNTAX_SELECT:
        return checker_select(checker, syntax);
    case SYNTAX_HAS:
        return checker_has(checker, syntax);
    case SYNTAX_METHOD:
        turn_to_function(checker, syntax);
        return check_items(checker, syntax) && checker_call(checker, syntax);
    case SYNTAX_OPERATOR:
    case SYNTAX_FUNCTION:
        return check_items(checker, syntax) && checker_call(checker, syntax);
    case SYNTAX_LIST:
        return check_list(checker, syntax);
    case SYNTAX_AND:
    case SYNTAX_OR:
        return check_terms(checker, syntax);
    case SYNTAX_CONDITION:
        return check_condition(checker, syntax);
    case SYNTAX_MACRO:
        return check_macro(checker, syntax);
    case SYNTAX_VARIABLE:
    case SYNTAX_ITEM:
        break;
    }
    return true;
}

bool checker_node(struct checker *checker, struct syntax *syntax)
{
    bool was_probing = checker->is_probing;
    if (syntax->kind != SYNTAX_NAME && syntax->kind != SYNTAX_SELECT)
        checker->is_probing = false;
    bool is_good = check_by_kind(checker, syntax);
    checker->is_probing = was_probing;
    if (is_good)
        guards_complete(checker->compilation->pool, syntax);
    return is_good;
}

bool checker_check(struct compilation *compilation, struct syntax *syntax, const struct guards *given)
{
    struct checker checker = {.compilation = compilation};
    if (given)
        checker.held = *given;
    return checker_node(&checker, syntax);
}
