/* evaluate_list: lists and the macros over them. */

#include "common/policy/cel/machine.h"
#include "common/policy/cel/type.h"

/* A new list of `count` items to fill in; NULL after an error. */
static union cel_datum *allocate_items(const struct node *node, struct machine *machine, size_t count)
{
    union cel_datum *items = NULL;
    if (count <= CEL_SCRATCH_BYTES / sizeof *items)
        items = machine_allocate(machine, count * sizeof *items);
    if (!items)
        machine_fail(machine, node, machine_out_of_memory);
    return items;
}

static bool list_item(const struct node *node, struct machine *machine, const struct cel_list *list,
                      size_t index, union cel_datum *ret_item)
{
    const char *why = field_load_item(list, index, ret_item);
    return why ? machine_fail(machine, node, why) : true;
}

static bool charge(const struct node *node, struct machine *machine, uint64_t steps)
{
    return machine_charge(machine, steps) || machine_fail(machine, node, machine_out_of_steps);
}

bool evaluate_list(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum *items = allocate_items(node, machine, node->count);
    if (!items)
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (!node_run(node->items[i], machine, &items[i]))
            return false;
    ret_datum->list = (struct cel_list){items, node->count, STORAGE_DATUM};
    return true;
}

bool evaluate_index(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum list, index;
    if (!node_run(node->items[0], machine, &list) || !node_run(node->items[1], machine, &index))
        return false;
    if (index.integer < 0 || index.integer >= list.list.count)
        return machine_fail(machine, node, "the index is outside the list");
    return list_item(node, machine, &list.list, (size_t)index.integer, ret_datum);
}

bool evaluate_in(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum wanted, list, item;
    if (!node_run(node->items[0], machine, &wanted) || !node_run(node->items[1], machine, &list) ||
        !charge(node, machine, list.list.count))
        return false;
    bool is_found = false;
    for (uint32_t i = 0; i < list.list.count && !is_found; i++) {
        if (!list_item(node, machine, &list.list, i, &item))
            return false;
        is_found = datum_equal(node->type, &wanted, &item);
    }
    ret_datum->truth = is_found;
    return true;
}

static bool list_append(const struct node *node, struct machine *machine, const struct cel_list *list,
                        union cel_datum *items)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!list_item(node, machine, list, i, &items[i]))
            return false;
    return true;
}

bool evaluate_concat(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum left, right;
    if (!node_run(node->items[0], machine, &left) || !node_run(node->items[1], machine, &right))
        return false;
    uint64_t count = (uint64_t)left.list.count + right.list.count;
    union cel_datum *items = charge(node, machine, count) ? allocate_items(node, machine, count) : NULL;
    if (!items || !list_append(node, machine, &left.list, items) ||
        !list_append(node, machine, &right.list, items + left.list.count))
        return false;
    ret_datum->list = (struct cel_list){items, (uint32_t)count, STORAGE_DATUM};
    return true;
}

bool evaluate_size(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum list;
    if (!node_run(node->items[0], machine, &list))
        return false;
    ret_datum->integer = list.list.count;
    return true;
}

/* Make the item at `index` the macro's variable, and pay for its turn. */
static bool macro_turn(const struct node *node, struct machine *machine, const struct cel_list *range,
                       uint32_t index)
{
    return charge(node, machine, node->body_steps) &&
           list_item(node, machine, range, index, &machine->items[node->slot]);
}

/* As && (all) and || (exists) over the items: one that has the value `decisive` decides, else the first
 * error. */
static bool evaluate_quantifier(const struct node *node, struct machine *machine, union cel_datum *ret_datum,
                                enum truth decisive)
{
    union cel_datum range;
    if (!node_run(node->items[0], machine, &range))
        return false;
    const char *message = NULL;
    const struct syntax *failed = NULL;
    for (uint32_t i = 0; i < range.list.count; i++) {
        enum truth truth = TRUTH_FAILED;
        if (macro_turn(node, machine, &range.list, i))
            truth = node_ask(node->items[1], machine);
        if (machine->is_exhausted)
            return false;
        if (truth == decisive) {
            ret_datum->truth = decisive == TRUTH_YES;
            return true;
        }
        if (truth == TRUTH_FAILED && !message) {
            message = machine->message;
            failed = machine->failed;
        }
    }
    machine->message = message;
    machine->failed = failed;
    ret_datum->truth = decisive == TRUTH_NO;
    return !message;
}

bool evaluate_all(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_quantifier(node, machine, ret_datum, TRUTH_NO);
}

bool evaluate_exists(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    return evaluate_quantifier(node, machine, ret_datum, TRUTH_YES);
}

bool evaluate_exists_one(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum range, answer;
    if (!node_run(node->items[0], machine, &range))
        return false;
    uint32_t count = 0;
    for (uint32_t i = 0; i < range.list.count; i++) {
        if (!macro_turn(node, machine, &range.list, i) || !node_run(node->items[1], machine, &answer))
            return false;
        count += answer.truth;
    }
    ret_datum->truth = count == 1;
    return true;
}

bool evaluate_filter(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum range, answer;
    if (!node_run(node->items[0], machine, &range))
        return false;
    union cel_datum *items = allocate_items(node, machine, range.list.count);
    uint32_t count = 0;
    for (uint32_t i = 0; items && i < range.list.count; i++) {
        if (!macro_turn(node, machine, &range.list, i) || !node_run(node->items[1], machine, &answer))
            return false;
        if (answer.truth)
            items[count++] = machine->items[node->slot];
    }
    ret_datum->list = (struct cel_list){items, count, STORAGE_DATUM};
    return items;
}

bool evaluate_map(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum range, answer = {.truth = true};
    if (!node_run(node->items[0], machine, &range))
        return false;
    union cel_datum *items = allocate_items(node, machine, range.list.count);
    bool is_filtered = node->count == 3;
    uint32_t count = 0;
    for (uint32_t i = 0; items && i < range.list.count; i++) {
        if (!macro_turn(node, machine, &range.list, i) ||
            (is_filtered && !node_run(node->items[1], machine, &answer)))
            return false;
        if (!answer.truth)
            continue;
        if (!node_run(node->items[node->count - 1], machine, &items[count++]))
            return false;
    }
    ret_datum->list = (struct cel_list){items, count, STORAGE_DATUM};
    return items;
}
