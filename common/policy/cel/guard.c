/* guard: the facts that follow from a condition's being true or false. Each node's sets are made once, from
 * those of its parts, or nested conditions would take exponential time. */

#include "common/policy/cel/guard.h"

#include "common/base/text.h"
#include "common/policy/cel/syntax.h"

bool guards_hold(const struct guards *guards, const char *path)
{
    if (guards->is_all)
        return true;
    for (const struct guard *guard = guards->first; guard; guard = guard->next)
        if (text_equal(guard->path, path))
            return true;
    return false;
}

static void guards_add(struct pool *pool, struct guards *guards, const char *path)
{
    if (!path || guards->count == GUARDS_MOST || guards_hold(guards, path))
        return;
    struct guard *guard = POOL_NEW(pool, struct guard);
    *guard = (struct guard){path, guards->first};
    guards->first = guard;
    guards->count++;
}

struct guards guards_union(struct pool *pool, const struct guards *a, const struct guards *b)
{
    if (a->is_all || b->is_all)
        return (struct guards){.is_all = true};
    struct guards both = *a;
    for (const struct guard *guard = b->first; guard; guard = guard->next)
        guards_add(pool, &both, guard->path);
    return both;
}

static struct guards guards_common(struct pool *pool, const struct guards *a, const struct guards *b)
{
    if (a->is_all || b->is_all)
        return a->is_all ? *b : *a;
    struct guards common = {0};
    for (const struct guard *guard = a->first; guard; guard = guard->next)
        if (guards_hold(b, guard->path))
            guards_add(pool, &common, guard->path);
    return common;
}

/* has(a.b.c) answers for a.b and a as well. */
static void complete_has(struct pool *pool, struct syntax *has)
{
    guards_add(pool, &has->when[true], has->path);
    for (const struct syntax *part = has->items[0]; part; part = part->count ? part->items[0] : NULL)
        guards_add(pool, &has->when[true], part->path);
}

/* When && is true all its terms are, when it is false some term is; || the other way round. */
static void complete_terms(struct pool *pool, struct syntax *terms)
{
    bool of_all = terms->kind == SYNTAX_AND;
    struct guards all = {0}, some = {.is_all = true};
    for (size_t i = 0; i < terms->count; i++) {
        all = guards_union(pool, &all, &terms->items[i]->when[of_all]);
        some = guards_common(pool, &some, &terms->items[i]->when[!of_all]);
    }
    terms->when[of_all] = all;
    terms->when[!of_all] = some;
}

/* One of the branches was taken and has that outcome. */
static void complete_condition(struct pool *pool, struct syntax *condition)
{
    const struct syntax *test = condition->items[0];
    for (int outcome = false; outcome <= true; outcome++) {
        struct guards yes = guards_union(pool, &test->when[true], &condition->items[1]->when[outcome]);
        struct guards no = guards_union(pool, &test->when[false], &condition->items[2]->when[outcome]);
        condition->when[outcome] = guards_common(pool, &yes, &no);
    }
}

void guards_complete(struct pool *pool, struct syntax *syntax)
{
    switch (syntax->kind) {
    case SYNTAX_HAS:
        complete_has(pool, syntax);
        break;
    case SYNTAX_LITERAL:
        if (syntax->type->kind == CEL_BOOL)
            syntax->when[!syntax->datum.truth].is_all = true;
        break;
    case SYNTAX_OPERATOR:
        if (text_equal(syntax->name, "!_")) {
            syntax->when[true] = syntax->items[0]->when[false];
            syntax->when[false] = syntax->items[0]->when[true];
        }
        break;
    case SYNTAX_AND:
    case SYNTAX_OR:
        complete_terms(pool, syntax);
        break;
    case SYNTAX_CONDITION:
        complete_condition(pool, syntax);
        break;
    case SYNTAX_NAME:
    case SYNTAX_SELECT:
    case SYNTAX_FUNCTION:
    case SYNTAX_METHOD:
    case SYNTAX_LIST:
    case SYNTAX_MACRO:
    case SYNTAX_VARIABLE:
    case SYNTAX_ITEM:
        break;
    }
}
