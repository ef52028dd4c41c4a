/* evaluate_logic: && and || with their errors, ?:, equality, and calls. */

#include "common/policy/cel/operation.h"
#include "common/policy/cel/type.h"

/* The first term that has the value `decisive` decides, whatever errors stand before it; without one, the
 * first error is the answer. */
static bool evaluate_terms(const struct node *node, struct machine *machine, union cel_datum *ret_datum,
                           bool decisive)
{
    const char *message = NULL;
    const struct syntax *failed = NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        union cel_datum term;
        if (node_run(node->items[i], machine, &term)) {
            if (term.truth != decisive)
                continue;
            ret_datum->truth = decisive;
            return true;
        }
        if (machine->is_exhausted)
            return false;
        if (!message) {
            message = machine->message;
            failed = machine->failed;
        }
    }
    machine->message = message;
    machine->failed = failed;
    ret_datum->truth = !decisive;
    return !message;
}

bool evaluate_and(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_terms(node, machine, ret_datum, false);
}

bool evaluate_or(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_terms(node, machine, ret_datum, true);
}

bool evaluate_condition(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum test;
    if (!node_run(node->items[0], machine, &test))
        return false;
    return node_run(node->items[test.truth ? 1 : 2], machine, ret_datum);
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
