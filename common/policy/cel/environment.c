/* environment: maps from names, in layers: what is not found in one is looked for in its parent. */

#include "common/policy/cel/environment.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/policy/cel/names.h"
#include "common/policy/cel/type.h"

#include <assert.h>
#include <string.h>

struct cel_environment {
    const struct cel_environment *parent;
    struct pool *pool;
    const char *container;
    struct map symbols, functions, enums, messages, present;
    struct zones zones;
    bool is_lenient;
};

static struct cel_environment *start(const char *container)
{
    struct cel_environment *environment = NEW(cel_environment);
    environment->pool = pool_new();
    environment->container = pool_text(environment->pool, container, strlen(container));
    struct map *maps[] = {&environment->symbols, &environment->functions, &environment->enums,
                          &environment->messages, &environment->present};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_init(maps[i], 0);
    return environment;
}

struct cel_environment *cel_environment_new(const char *container)
{
    return start(container);
}

struct cel_environment *cel_environment_extend(const struct cel_environment *parent)
{
    struct cel_environment *environment = start(parent->container);
    environment->parent = parent;
    environment->zones = parent->zones;
    environment->is_lenient = parent->is_lenient;
    return environment;
}

void cel_environment_free(struct cel_environment *environment)
{
    if (!environment)
        return;
    map_clear(&environment->symbols);
    map_clear(&environment->functions);
    map_clear(&environment->enums);
    map_clear(&environment->messages);
    map_clear(&environment->present);
    pool_free(environment->pool);
    free(environment);
}

static const struct symbol *symbol_find(const struct cel_environment *environment, const char *name)
{
    for (; environment; environment = environment->parent) {
        const struct symbol *symbol = map_find_text(&environment->symbols, name);
        if (symbol)
            return symbol;
    }
    return NULL;
}

static void symbol_add(struct cel_environment *environment, const char *name, struct symbol symbol)
{
    assert(!symbol_find(environment, name));
    struct symbol *kept = POOL_NEW(environment->pool, struct symbol);
    *kept = symbol;
    kept->name = pool_text(environment->pool, name, strlen(name));
    kept->type = type_copy(environment->pool, symbol.type);
    map_put_text(&environment->symbols, kept->name, kept);
}

static const ProtobufCEnumDescriptor *enum_find(const struct cel_environment *environment, const char *name)
{
    for (; environment; environment = environment->parent) {
        const ProtobufCEnumDescriptor *descriptor = map_find_text(&environment->enums, name);
        if (descriptor)
            return descriptor;
    }
    return NULL;
}

static void enum_add(struct cel_environment *environment, const ProtobufCEnumDescriptor *descriptor)
{
    map_put_text(&environment->enums, descriptor->name, (void *)descriptor);
}

/* Declare the enums of a message and of all it is made of. Messages met before are passed by, so that
 * recursive types end; a queue instead of recursion bounds the stack. */
static void enums_add(struct cel_environment *environment, const ProtobufCMessageDescriptor *message)
{
    struct map queue;
    map_init(&queue, 0);
    map_put_text(&queue, message->name, (void *)message);
    for (const ProtobufCMessageDescriptor *next = message; next;) {
        map_take_text(&queue, next->name);
        map_put_text(&environment->messages, next->name, (void *)next);
        for (unsigned i = 0; i < next->n_fields; i++) {
            const ProtobufCFieldDescriptor *field = &next->fields[i];
            const ProtobufCMessageDescriptor *inner = field->descriptor;
            if (field->type == PROTOBUF_C_TYPE_ENUM)
                enum_add(environment, field->descriptor);
            else if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                     !map_find_text(&environment->messages, inner->name))
                map_put_text(&queue, inner->name, (void *)inner);
        }
        size_t at = 0;
        next = map_next(&queue, &at);
    }
    map_clear(&queue);
}

static void variable_add(struct cel_environment *environment, const char *name, struct symbol symbol)
{
    symbol_add(environment, name, symbol);
    const struct cel_type *type = symbol.type;
    while (type->kind == CEL_LIST)
        type = type->element;
    if (type->kind == CEL_MESSAGE)
        enums_add(environment, type->descriptor);
    else if (type->kind == CEL_ENUM)
        enum_add(environment, type->descriptor);
}

void cel_environment_variable(struct cel_environment *environment, const char *name, unsigned slot,
                              const struct cel_type *type)
{
    variable_add(environment, name, (struct symbol){.kind = SYMBOL_VARIABLE, .type = type, .slot = slot});
}

void cel_environment_optional(struct cel_environment *environment, const char *name, unsigned slot,
                              const ProtobufCMessageDescriptor *descriptor)
{
    struct cel_type type = {.kind = CEL_MESSAGE, .descriptor = descriptor};
    variable_add(
        environment, name,
        (struct symbol){.kind = SYMBOL_VARIABLE, .type = &type, .slot = slot, .may_be_absent = true});
}

void cel_environment_constant(struct cel_environment *environment, const char *name,
                              const struct cel_value *value)
{
    union cel_datum datum = datum_copy(environment->pool, value->type, &value->as);
    symbol_add(environment, name,
               (struct symbol){.kind = SYMBOL_CONSTANT, .type = value->type, .datum = datum});
}

void cel_environment_present(struct cel_environment *environment, const char *path)
{
    const char *kept = pool_text(environment->pool, path, strlen(path));
    map_put_text(&environment->present, kept, (void *)kept);
}

void cel_environment_function(struct cel_environment *environment, const struct cel_function *function)
{
    assert(!names_function(environment, function->name));
    struct host_function *kept = POOL_NEW(environment->pool, struct host_function);
    kept->function = *function;
    kept->function.name = pool_text(environment->pool, function->name, strlen(function->name));
    kept->function.result = type_copy(environment->pool, function->result);
    for (; kept->count < CEL_ARGUMENTS && function->arguments[kept->count]; kept->count++)
        kept->function.arguments[kept->count] =
            type_copy(environment->pool, function->arguments[kept->count]);
    map_put(&environment->functions, kept->function.name, strlen(kept->function.name), kept);
}

void cel_environment_zones(struct cel_environment *environment, cel_zone_find *find, void *owner)
{
    environment->zones = (struct zones){find, owner};
}

void cel_environment_lenient(struct cel_environment *environment)
{
    environment->is_lenient = true;
}

enum { NAME_BYTES = 512 };

/* A name as it may be meant, one after the other: in the container, in each package around it, and as it is.
 */
struct reading {
    const char *container, *name;
    size_t prefix; /* of the container, for the next one */
    bool is_done;
    char full[NAME_BYTES];
};

static void reading_start(struct reading *reading, const struct cel_environment *environment,
                          const char *name, bool is_rooted)
{
    reading->container = environment->container;
    reading->name = name;
    reading->prefix = is_rooted ? 0 : strlen(environment->container);
    reading->is_done = false;
}

/* NULL after the last. */
static const char *reading_next(struct reading *reading)
{
    size_t size = strlen(reading->name);
    while (reading->prefix > 0) {
        size_t prefix = reading->prefix;
        while (reading->prefix > 0 && reading->container[--reading->prefix] != '.')
            ;
        if (prefix + size + 2 > NAME_BYTES)
            continue;
        memcpy(reading->full, reading->container, prefix);
        reading->full[prefix] = '.';
        memcpy(reading->full + prefix + 1, reading->name, size + 1);
        return reading->full;
    }
    if (reading->is_done)
        return NULL;
    reading->is_done = true;
    return reading->name;
}

const struct symbol *names_symbol(const struct cel_environment *environment, const char *name, bool is_rooted)
{
    struct reading reading;
    const struct symbol *found = NULL;
    reading_start(&reading, environment, name, is_rooted);
    for (const char *full; !found && (full = reading_next(&reading));)
        found = symbol_find(environment, full);
    return found;
}

const ProtobufCEnumDescriptor *names_enum(const struct cel_environment *environment, const char *name,
                                          bool is_rooted)
{
    struct reading reading;
    const ProtobufCEnumDescriptor *found = NULL;
    reading_start(&reading, environment, name, is_rooted);
    for (const char *full; !found && (full = reading_next(&reading));)
        found = enum_find(environment, full);
    return found;
}

const struct host_function *names_function(const struct cel_environment *environment, const char *name)
{
    for (; environment; environment = environment->parent) {
        const struct host_function *function = map_find_text(&environment->functions, name);
        if (function)
            return function;
    }
    return NULL;
}

bool names_present(const struct cel_environment *environment, const char *path)
{
    for (; environment; environment = environment->parent)
        if (map_find_text(&environment->present, path))
            return true;
    return false;
}

struct zones names_zones(const struct cel_environment *environment)
{
    return environment->zones;
}

bool names_lenient(const struct cel_environment *environment)
{
    return environment->is_lenient;
}
