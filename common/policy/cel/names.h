/* names: what an environment knows, as the compiler asks for it. */
#ifndef BELLHOP_POLICY_CEL_NAMES_H
#define BELLHOP_POLICY_CEL_NAMES_H

#include "common/policy/cel/environment.h"
#include "common/policy/cel/pool.h"

enum symbol_kind { SYMBOL_VARIABLE, SYMBOL_CONSTANT };

struct symbol {
    enum symbol_kind kind;
    const char *name;
    const struct cel_type *type;
    unsigned slot;         /* of a variable */
    bool may_be_absent;    /* of a variable: it must be guarded */
    union cel_datum datum; /* of a constant */
};

struct host_function {
    struct cel_function function;
    size_t count; /* of arguments */
};

struct zones {
    cel_zone_find *find; /* NULL: none are known */
    void *owner;
};

/* What a compile refuses for: the steps of one evaluation, when every list field holds so many items. */
struct limits {
    uint64_t cost;
    uint32_t list_items;
};

static const struct limits names_limits = {.cost = 100000, .list_items = 64};

/* Each finds the name as it would be in the container, then in the packages around it, then as it is; a
 * rooted name only as it is. NULL is none. */
const struct symbol *names_symbol(const struct cel_environment *environment, const char *name,
                                  bool is_rooted);
const ProtobufCEnumDescriptor *names_enum(const struct cel_environment *environment, const char *name,
                                          bool is_rooted);

const struct host_function *names_function(const struct cel_environment *environment, const char *name);
bool names_present(const struct cel_environment *environment, const char *path);

struct zones names_zones(const struct cel_environment *environment);
bool names_lenient(const struct cel_environment *environment);

#endif
