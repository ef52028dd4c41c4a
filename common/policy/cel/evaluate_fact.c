/* evaluate_fact: constants, variables and the fields of messages; the paths and comparisons that conditions
 * are made of are one node each. */

#include "common/policy/cel/machine.h"

bool evaluate_constant(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    (void)machine;
    *ret_datum = node->constant;
    return true;
}

bool evaluate_variable(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    *ret_datum = machine->bindings[node->slot].as;
    return true;
}

bool evaluate_item(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    *ret_datum = machine->items[node->slot];
    return true;
}

bool evaluate_field(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    union cel_datum part;
    if (!node_run(node->items[0], machine, &part))
        return false;
    const char *why = field_load(&node->syntax->field, part.message, ret_datum);
    return why ? machine_fail(machine, node, why) : true;
}

enum truth test_has(const struct node *node, struct machine *machine)
{
    union cel_datum part;
    if (!node_run(node->items[0], machine, &part))
        return TRUTH_FAILED;
    return field_is_set(&node->syntax->field, part.message) ? TRUTH_YES : TRUTH_NO;
}

/* The message that holds the last field of a path. */
static const ProtobufCMessage *path_message(const struct node *node, const struct machine *machine)
{
    const ProtobufCMessage *message = machine->bindings[node->slot].as.message;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct field *hop = &node->hops[i];
        if (!message || (hop->presence == PRESENCE_CASE && !field_is_set(hop, message)))
            return NULL;
        message = *(const ProtobufCMessage *const *)field_at(message, hop->offset);
    }
    return message;
}

bool evaluate_path(const struct node *node, struct machine *machine, union cel_datum *ret_datum)
{
    const char *why = field_load(&node->hops[node->count], path_message(node, machine), ret_datum);
    return why ? machine_fail(machine, node, why) : true;
}

enum truth test_path_has(const struct node *node, struct machine *machine)
{
    return field_is_set(&node->hops[node->count], path_message(node, machine)) ? TRUTH_YES : TRUTH_NO;
}

static bool relation_holds(enum relation relation, int64_t left, int64_t right)
{
    switch (relation) {
    case RELATION_EQUAL:
        return left == right;
    case RELATION_UNEQUAL:
        return left != right;
    case RELATION_LESS:
        return left < right;
    case RELATION_LESS_EQUAL:
        return left <= right;
    case RELATION_MORE:
        return left > right;
    case RELATION_MORE_EQUAL:
        return left >= right;
    }
    return false;
}

/* Ints, enums, durations: what one int64 holds. The storage most facts have is read here, the rest by
 * field_load(). */
enum truth test_path_compare(const struct node *node, struct machine *machine)
{
    const struct field *field = &node->hops[node->count];
    const ProtobufCMessage *message = path_message(node, machine);
    union cel_datum left;
    if (field->storage == STORAGE_INT64 && field_is_set(field, message)) {
        left.integer = *(const int64_t *)field_at(message, field->offset);
    } else if (field->storage == STORAGE_INT32 && field_is_set(field, message)) {
        left.integer = *(const int32_t *)field_at(message, field->offset);
    } else {
        const char *why = field_load(field, message, &left);
        if (why) {
            machine_fail(machine, node->items[0], why);
            return TRUTH_FAILED;
        }
    }
    return relation_holds(node->relation, left.integer, node->constant.integer) ? TRUTH_YES : TRUTH_NO;
}
