/* evaluate_logic: && and || with their errors, ?:, equality, and calls. */

#include "common/policy/cel/operation.h"
#include "common/policy/cel/type.h"

bool evaluate_by_test(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    enum truth truth = node->test(node, machine);
    ret_datum->truth = truth == TRUTH_YES;
    return truth != TRUTH_FAILED;
}

enum truth test_by_evaluate(const struct node *node, struct machine *machine)
{
    union cel_datum datum;
    if (!node->evaluate(node, machine, &datum))
        return TRUTH_FAILED;
    return datum.truth ? TRUTH_YES : TRUTH_NO;
}

enum truth test_not(const struct node *node, struct machine *machine)
{
    enum truth truth = node_ask(node->items[0], machine);
    return truth == TRUTH_FAILED ? truth : truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

/* Some term failed: the first one that has the value `decisive` behind it decides all the same; without one,
 * the first error is the answer. */
static enum truth test_after_error(const struct node *node, struct machine *machine, enum truth decisive,
                                   uint32_t next)
{
    const char *message = machine->message;
    const struct syntax *failed = machine->failed;
    for (uint32_t i = next; i < node->count && !machine->is_exhausted; i++)
        if (node_ask(node->items[i], machine) == decisive)
            return decisive;
    if (!machine->is_exhausted) {
        machine->message = message;
        machine->failed = failed;
    }
    return TRUTH_FAILED;
}

static inline enum truth test_terms(const struct node *node, struct machine *machine, enum truth decisive)
{
    for (uint32_t i = 0; i < node->count; i++) {
        enum truth truth = node_ask(node->items[i], machine);
        if (truth == decisive)
            return truth;
        if (truth == TRUTH_FAILED)
            return test_after_error(node, machine, decisive, i + 1);
    }
    return decisive == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

enum truth test_and(const struct node *node, struct machine *machine)
{
    return test_terms(node, machine, TRUTH_NO);
}

enum truth test_or(const struct node *node, struct machine *machine)
{
    return test_terms(node, machine, TRUTH_YES);
}

bool evaluate_condition(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    enum truth truth = node_ask(node->items[0], machine);
    return truth != TRUTH_FAILED && node_run(node->items[truth == TRUTH_YES ? 1 : 2], machine, ret_datum);
}

static bool evaluate_equality(const struct node *node, struct machine *machine, union cel_datum *ret_datum,
                              bool wanted)
{
    union cel_datum left, right;
    if (!node_run(node->items[0], machine, &left) || !node_run(node->items[1], machine, &right))
        return false;
    if (node->type->kind == CEL_LIST && !machine_charge(machine, left.list.count))
        return machine_fail(machine, node, machine_out_of_steps);
    ret_datum->truth = datum_equal(node->type, &left, &right) == wanted;
    return true;
}

bool evaluate_equal(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_equality(node, machine, ret_datum, true);
}

bool evaluate_unequal(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_equality(node, machine, ret_datum, false);
}

bool evaluate_operation(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum arguments[OPERATION_ARGUMENTS];
    for (uint32_t i = 0; i < node->count; i++)
        if (!node_run(node->items[i], machine, &arguments[i]))
            return false;
    const char *why = node->syntax->operation->call(machine, arguments, ret_datum);
    return why ? machine_fail(machine, node, why) : true;
}

bool evaluate_host(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    struct cel_value arguments[CEL_ARGUMENTS];
    for (uint32_t i = 0; i < node->count; i++) {
        arguments[i].type = node->items[i]->syntax->type;
        if (!node_run(node->items[i], machine, &arguments[i].as))
            return false;
    }
    const struct cel_function *function = &node->syntax->host->function;
    const char *why = function->call(function->owner, machine->host, arguments, ret_datum);
    return why ? machine_fail(machine, node, why) : true;
}

/* In an explanation, a part that was evaluated when compiled: its items are run to be reported, and cost
 * nothing, as they do not in the fast form. */
bool evaluate_folded(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    for (uint32_t i = 0; i < node->count; i++)
        if (!node_run(node->items[i], machine, ret_datum))
            return false;
    *ret_datum = node->constant;
    return true;
}

/* Around each node of an explanation. */
bool evaluate_observed(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    const struct syntax *syntax = node->syntax;
    bool is_good = node_run(node->items[0], machine, ret_datum);
    struct cel_report report = {
        .node = syntax->number,
        .parent = syntax->parent,
        .offset = syntax->place.offset,
        .size = syntax->place.size,
        .type = syntax->type,
        .outcome = is_good ? CEL_HAS_VALUE : CEL_HAS_FAILED,
    };
    if (is_good)
        report.value = (struct cel_value){syntax->type, *ret_datum};
    else
        report.message = machine->message;
    machine->is_reported[syntax->number] = true;
    machine->observe(machine->observer, &report);
    return is_good;
}
