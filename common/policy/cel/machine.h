/* machine: a program as a tree of nodes that evaluate themselves, and what one evaluation needs.
 *
 * The types were checked, so data carry none. A node's function returns false after an error, having told the
 * machine. */
#ifndef BELLHOP_POLICY_CEL_MACHINE_H
#define BELLHOP_POLICY_CEL_MACHINE_H

#include "common/policy/cel/names.h"
#include "common/policy/cel/syntax.h"

struct machine {
    const struct cel_value *bindings;
    struct cel_scratch *scratch;
    void *host;
    struct zones zones;
    uint64_t steps;      /* left */
    bool is_exhausted;   /* out of steps: no operator absorbs that */
    const char *message; /* of the last error */
    const struct syntax *failed;
    cel_observe *observe; /* of an explanation */
    void *observer;
    bool *is_reported;                /* by node number */
    union cel_datum items[CEL_LOOPS]; /* of the macros under way */
};

enum relation {
    RELATION_EQUAL,
    RELATION_UNEQUAL,
    RELATION_LESS,
    RELATION_LESS_EQUAL,
    RELATION_MORE,
    RELATION_MORE_EQUAL
};

/* What a condition comes to. */
enum truth { TRUTH_NO, TRUTH_YES, TRUTH_FAILED };

struct node;
typedef bool node_evaluate(const struct node *node, struct machine *machine, union cel_datum *ret_datum);
typedef enum truth node_test(const struct node *node, struct machine *machine);

struct node {
    node_evaluate *evaluate;
    node_test *test; /* of a bool; one of both is made of the other */
    const struct syntax *syntax;
    struct node **items;
    uint32_t count;
    uint32_t slot;               /* of a variable, or of a macro's item */
    enum relation relation;      /* of a fused comparison */
    uint32_t body_steps;         /* of a macro, for each item */
    union cel_datum constant;    /* also the right side of a fused comparison */
    const struct field *hops;    /* of a fused path: `count` messages, then the field itself */
    const struct cel_type *type; /* of compared data */
};

static inline bool node_run(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return node->evaluate(node, machine, ret_datum);
}

static inline enum truth node_ask(const struct node *node, struct machine *machine)
{
    return node->test(node, machine);
}

/* Record an error; always false. */
bool machine_fail(struct machine *machine, const struct node *node, const char *message);

/* Memory of the scratch, aligned to 16 bytes; NULL when there is not enough left. */
void *machine_allocate(struct machine *machine, size_t size);
/* A copy of a text in the scratch; NULL, or why there is none. */
const char *machine_text(struct machine *machine, const char *bytes, size_t size, union cel_datum *ret_datum);
/* Use up steps; false when there are not enough left. */
bool machine_charge(struct machine *machine, uint64_t steps);

extern const char machine_out_of_memory[], machine_out_of_steps[];

/* The node functions, by what they do. */
node_evaluate evaluate_constant, evaluate_variable, evaluate_item, evaluate_field, evaluate_path;
node_test test_has, test_path_has, test_path_compare, test_and, test_or, test_not;
node_evaluate evaluate_condition, evaluate_equal, evaluate_unequal;
node_evaluate evaluate_operation, evaluate_host;
node_evaluate evaluate_list, evaluate_index, evaluate_in, evaluate_concat, evaluate_size;
node_evaluate evaluate_all, evaluate_exists, evaluate_exists_one, evaluate_filter, evaluate_map;
node_evaluate evaluate_folded, evaluate_observed;

/* evaluate() of nodes that test, and test() of nodes that evaluate. */
node_evaluate evaluate_by_test;
node_test test_by_evaluate;

#endif
