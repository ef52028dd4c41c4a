/* compiler: one node for each part of the tree, or for several where they make a path or a comparison with a
 * constant. Both forms use the same node functions, so their answers are the same. */

#include "common/policy/cel/compiler.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/cost.h"
#include "common/policy/cel/operation.h"
#include "common/policy/cel/type.h"

#include <stdlib.h>

struct compiler {
    struct compilation *compilation;
    struct pool *pool;
    struct cel_scratch *scratch; /* to evaluate constant parts; NULL in the observed form */
    bool is_observed;
};

static struct node *compile(struct compiler *compiler, struct syntax *syntax);

static struct node *node_new(struct compiler *compiler, const struct syntax *syntax, node_evaluate *evaluate)
{
    struct node *node = POOL_NEW(compiler->pool, struct node);
    *node = (struct node){
        .evaluate = evaluate,
        .test = test_by_evaluate,
        .syntax = syntax,
        .slot = syntax->slot,
        .type = syntax->type,
    };
    return node;
}

/* Make it a node that tests. */
static struct node *node_testing(struct node *node, node_test *test)
{
    if (node) {
        node->evaluate = evaluate_by_test;
        node->test = test;
    }
    return node;
}

/* A node with a node for each item; NULL when refused. */
static struct node *node_over_items(struct compiler *compiler, struct syntax *syntax, node_evaluate *evaluate)
{
    struct node *node = node_new(compiler, syntax, evaluate);
    node->count = (uint32_t)syntax->count;
    node->items = POOL_ARRAY(compiler->pool, struct node *, syntax->count);
    for (size_t i = 0; i < syntax->count; i++)
        if (!(node->items[i] = compile(compiler, syntax->items[i])))
            return NULL;
    return node;
}

/* How many selections lie between a field and the variable they start from; SIZE_MAX when they start
 * elsewhere. */
static size_t path_length(const struct syntax *syntax)
{
    size_t length = 0;
    for (const struct syntax *part = syntax->items[0]; part->kind != SYNTAX_VARIABLE;
         part = part->items[0], length++)
        if (part->kind != SYNTAX_SELECT)
            return SIZE_MAX;
    return length;
}

static struct node *compile_path(struct compiler *compiler, struct syntax *syntax, size_t length)
{
    struct node *node = node_new(compiler, syntax, evaluate_path);
    struct field *hops = POOL_ARRAY(compiler->pool, struct field, length + 1);
    const struct syntax *part = syntax;
    for (size_t i = length + 1; i > 0; i--, part = part->items[0])
        hops[i - 1] = part->field;
    node->slot = part->slot;
    node->count = (uint32_t)length;
    node->hops = hops;
    return node;
}

/* A field or has(). What is selected of something without any value fails as that does. */
static struct node *compile_field(struct compiler *compiler, struct syntax *syntax)
{
    if (!syntax->field.descriptor)
        return compile(compiler, syntax->items[0]);
    bool is_has = syntax->kind == SYNTAX_HAS;
    size_t length = compiler->is_observed ? SIZE_MAX : path_length(syntax);
    if (length != SIZE_MAX) {
        struct node *path = compile_path(compiler, syntax, length);
        return is_has ? node_testing(path, test_path_has) : path;
    }
    if (!is_has)
        return node_over_items(compiler, syntax, evaluate_field);
    struct compiler unobserved = *compiler; /* has() is explained as a whole */
    unobserved.is_observed = false;
    return node_testing(node_over_items(&unobserved, syntax, NULL), test_has);
}

struct relation_row {
    const char *name;
    enum relation relation, flipped;
};

static const struct relation_row relations[] = {
    {"_==_", RELATION_EQUAL, RELATION_EQUAL}, {"_!=_", RELATION_UNEQUAL, RELATION_UNEQUAL},
    {"_<_", RELATION_LESS, RELATION_MORE},    {"_<=_", RELATION_LESS_EQUAL, RELATION_MORE_EQUAL},
    {"_>_", RELATION_MORE, RELATION_LESS},    {"_>=_", RELATION_MORE_EQUAL, RELATION_LESS_EQUAL},
};

static bool type_is_one_int(const struct cel_type *type)
{
    return type->kind == CEL_INT || type->kind == CEL_ENUM || type->kind == CEL_DURATION;
}

/* A path compared with a constant becomes one node; any other stays as it is. */
static struct node *fuse_comparison(struct compiler *compiler, struct node *node)
{
    if (compiler->is_observed || node->count != 2)
        return node;
    bool is_flipped = node->items[0]->evaluate == evaluate_constant;
    struct node *path = node->items[is_flipped], *constant = node->items[!is_flipped];
    if (path->evaluate != evaluate_path || constant->evaluate != evaluate_constant ||
        !type_is_one_int(path->type) || path->type->kind != constant->type->kind)
        return node;
    for (size_t i = 0; i < COUNT_OF(relations); i++) {
        if (!text_equal(node->syntax->name, relations[i].name))
            continue;
        struct node *fused = node_testing(node_new(compiler, node->syntax, NULL), test_path_compare);
        fused->slot = path->slot;
        fused->count = path->count;
        fused->hops = path->hops;
        fused->relation = is_flipped ? relations[i].flipped : relations[i].relation;
        fused->constant = constant->constant;
        fused->items = POOL_ARRAY(compiler->pool, struct node *, 1);
        fused->items[0] = path; /* whose place errors have */
        return fused;
    }
    return node;
}

static const struct cel_type *compared_type(struct compiler *compiler, const struct syntax *syntax)
{
    const struct cel_type *left = syntax->items[0]->type, *right = syntax->items[1]->type;
    if (text_equal(syntax->name, "_in_"))
        right = right->kind == CEL_LIST ? right->element : right;
    return type_join(compiler->pool, left, right);
}

struct generic_row {
    const char *name;
    node_evaluate *evaluate;
};

static const struct generic_row generic[] = {
    {"_==_", evaluate_equal}, {"_!=_", evaluate_unequal}, {"_in_", evaluate_in},
    {"_[_]", evaluate_index}, {"_+_", evaluate_concat},   {"size", evaluate_size},
};

static struct node *compile_call(struct compiler *compiler, struct syntax *syntax)
{
    if (syntax->host)
        return node_over_items(compiler, syntax, evaluate_host);
    if (syntax->operation) {
        struct node *node = node_over_items(compiler, syntax, evaluate_operation);
        if (text_equal(syntax->name, "!_"))
            return node_testing(node, test_not);
        return node ? fuse_comparison(compiler, node) : NULL;
    }
    for (size_t i = 0; i < COUNT_OF(generic); i++) {
        if (!text_equal(syntax->name, generic[i].name))
            continue;
        struct node *node = node_over_items(compiler, syntax, generic[i].evaluate);
        bool is_comparison = i < 3;
        if (!node || !is_comparison)
            return node;
        node->type = compared_type(compiler, syntax);
        return fuse_comparison(compiler, node);
    }
    return NULL;
}

static struct node *compile_macro(struct compiler *compiler, struct syntax *macro)
{
    static node_evaluate *const evaluates[] = {
        [MACRO_ALL] = evaluate_all,
        [MACRO_EXISTS] = evaluate_exists,
        [MACRO_EXISTS_ONE] = evaluate_exists_one,
        [MACRO_FILTER] = evaluate_filter,
        [MACRO_MAP] = evaluate_map,
    };
    static const struct limits nothing_inside = {.list_items = 0}; /* macros inside pay for themselves */
    struct node *node = node_over_items(compiler, macro, evaluates[macro->macro]);
    for (size_t i = 1; node && i < macro->count; i++)
        node->body_steps += (uint32_t)cost_of(macro->items[i], &nothing_inside).steps;
    return node;
}

static bool is_constant_over_items(const struct node *node)
{
    const struct syntax *syntax = node->syntax;
    bool is_made_of_items = syntax->kind == SYNTAX_OPERATOR || syntax->kind == SYNTAX_FUNCTION ||
                            syntax->kind == SYNTAX_METHOD || syntax->kind == SYNTAX_LIST;
    if (!is_made_of_items || syntax->host || node->test == test_path_compare)
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (node->items[i]->evaluate != evaluate_constant)
            return false;
    return true;
}

/* Evaluate a constant part now. One that fails is refused, or left to fail later in a lenient environment. */
static struct node *fold(struct compiler *compiler, struct node *node, struct syntax *syntax)
{
    if (!is_constant_over_items(node))
        return node;
    const struct cel_environment *environment = compiler->compilation->environment;
    struct machine machine = {
        .scratch = compiler->scratch,
        .zones = names_zones(environment),
        .steps = names_limits.cost,
    };
    cel_scratch_reset(compiler->scratch);
    union cel_datum datum;
    if (node_run(node, &machine, &datum)) {
        syntax->is_folded = true;
        syntax->datum = datum_copy(compiler->pool, syntax->type, &datum);
        struct node *constant = node_new(compiler, syntax, evaluate_constant);
        constant->constant = syntax->datum;
        return constant;
    }
    if (names_lenient(environment))
        return node;
    compilation_refuse(compiler->compilation, node->syntax->place, "%s always fails: %s",
                       compilation_quote(compiler->compilation, node->syntax->place), machine.message);
    return NULL;
}

static struct node *compile_by_kind(struct compiler *compiler, struct syntax *syntax)
{
    switch (syntax->kind) {
    case SYNTAX_LITERAL: {
        struct node *node = node_new(compiler, syntax, evaluate_constant);
        node->constant = syntax->datum;
        return node;
    }
    case SYNTAX_VARIABLE:
        return node_new(compiler, syntax, evaluate_variable);
    case SYNTAX_ITEM:
        return node_new(compiler, syntax, evaluate_item);
    case SYNTAX_SELECT:
    case SYNTAX_HAS:
        return compile_field(compiler, syntax);
    case SYNTAX_OPERATOR:
    case SYNTAX_FUNCTION:
    case SYNTAX_METHOD:
        return compile_call(compiler, syntax);
    case SYNTAX_LIST:
        return node_over_items(compiler, syntax, evaluate_list);
    case SYNTAX_AND:
        return node_testing(node_over_items(compiler, syntax, NULL), test_and);
    case SYNTAX_OR:
        return node_testing(node_over_items(compiler, syntax, NULL), test_or);
    case SYNTAX_CONDITION:
        return node_over_items(compiler, syntax, evaluate_condition);
    case SYNTAX_MACRO:
        return compile_macro(compiler, syntax);
    case SYNTAX_NAME: /* became something else when checked */
        break;
    }
    return NULL;
}

static struct node *compile(struct compiler *compiler, struct syntax *syntax)
{
    struct node *inner = compile_by_kind(compiler, syntax);
    if (inner && compiler->scratch)
        inner = fold(compiler, inner, syntax);
    if (!inner || !compiler->is_observed)
        return inner;
    if (syntax->is_folded) {
        inner->evaluate = evaluate_folded;
        inner->test = test_by_evaluate;
        inner->constant = syntax->datum;
    }
    struct node *observed = node_new(compiler, syntax, evaluate_observed);
    observed->items = POOL_ARRAY(compiler->pool, struct node *, 1);
    observed->items[0] = inner;
    return observed;
}

struct node *compile_fast(struct compilation *compilation, struct syntax *syntax)
{
    struct cel_scratch *scratch = memory_allocate(sizeof *scratch);
    struct compiler compiler = {.compilation = compilation, .pool = compilation->pool, .scratch = scratch};
    struct node *node = compile(&compiler, syntax);
    free(scratch);
    return node;
}

struct node *compile_observed(struct compilation *compilation, struct syntax *syntax)
{
    struct compiler compiler = {.compilation = compilation, .pool = compilation->pool, .is_observed = true};
    return compile(&compiler, syntax);
}
