/* cost: a step for each node, times the items of the macros around it. Numbers too large to count stay at the
 * top. */

#include "common/policy/cel/cost.h"
#include "common/base/text.h"

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static struct cost items_cost(const struct syntax *syntax, const struct limits *limits)
{
    struct cost cost = {.steps = 1};
    for (size_t i = 0; i < syntax->count; i++) {
        struct cost item = cost_of(syntax->items[i], limits);
        cost.steps = add(cost.steps, item.steps);
        cost.items = larger(cost.items, item.items);
    }
    return cost;
}

/* Operators that go through lists pay for each item. */
static struct cost operator_cost(const struct syntax *syntax, const struct limits *limits)
{
    struct cost cost = {.steps = 1};
    uint64_t most = 0, sum = 0;
    for (size_t i = 0; i < syntax->count; i++) {
        struct cost item = cost_of(syntax->items[i], limits);
        cost.steps = add(cost.steps, item.steps);
        most = larger(most, item.items);
        sum = add(sum, item.items);
    }
    if (text_equal(syntax->name, "_+_")) {
        cost.items = sum;
        cost.steps = add(cost.steps, sum);
    } else if (text_equal(syntax->name, "_[_]")) {
        cost.items = limits->list_items;
    } else {
        cost.steps = add(cost.steps, most);
    }
    return cost;
}

static struct cost macro_cost(const struct syntax *macro, const struct limits *limits)
{
    struct cost range = cost_of(macro->items[0], limits);
    uint64_t body = 1;
    for (size_t i = 1; i < macro->count; i++)
        body = add(body, cost_of(macro->items[i], limits).steps);
    return (struct cost){
        .steps = add(range.steps, multiply(range.items, body)),
        .items = macro->type->kind == CEL_LIST ? range.items : 0,
    };
}

struct cost cost_of(const struct syntax *syntax, const struct limits *limits)
{
    switch (syntax->kind) {
    case SYNTAX_LITERAL:
        return (struct cost){1, syntax->type->kind == CEL_LIST ? syntax->datum.list.count : 0};
    case SYNTAX_NAME:
    case SYNTAX_VARIABLE:
    case SYNTAX_ITEM:
    case SYNTAX_SELECT:
    case SYNTAX_HAS:
    case SYNTAX_FUNCTION:
    case SYNTAX_METHOD: {
        struct cost cost = items_cost(syntax, limits);
        cost.items = syntax->type->kind == CEL_LIST ? limits->list_items : 0;
        return cost;
    }
    case SYNTAX_LIST: {
        struct cost cost = items_cost(syntax, limits);
        cost.items = syntax->count;
        return cost;
    }
    case SYNTAX_OPERATOR:
        return operator_cost(syntax, limits);
    case SYNTAX_AND:
    case SYNTAX_OR:
    case SYNTAX_CONDITION:
        return items_cost(syntax, limits);
    case SYNTAX_MACRO:
        return macro_cost(syntax, limits);
    }
    return (struct cost){1, 0};
}
