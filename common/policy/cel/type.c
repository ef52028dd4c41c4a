/* type: joining types, and what is done to data by their type. */

#include "common/policy/cel/type.h"

#include "common/policy/cel/field.h"

#include <string.h>

const struct cel_type *type_scalar(enum cel_kind kind)
{
    switch (kind) {
    case CEL_NULL:
        return &cel_type_null;
    case CEL_BOOL:
        return &cel_type_bool;
    case CEL_INT:
        return &cel_type_int;
    case CEL_DOUBLE:
        return &cel_type_double;
    case CEL_STRING:
        return &cel_type_string;
    case CEL_TIMESTAMP:
        return &cel_type_timestamp;
    case CEL_DURATION:
        return &cel_type_duration;
    case CEL_NEVER:
    case CEL_ENUM:
    case CEL_MESSAGE:
    case CEL_LIST:
        break;
    }
    return &cel_type_never;
}

const struct cel_type *type_list(struct pool *pool, const struct cel_type *element)
{
    struct cel_type *list = POOL_NEW(pool, struct cel_type);
    *list = (struct cel_type){.kind = CEL_LIST, .element = element};
    return list;
}

const struct cel_type *type_copy(struct pool *pool, const struct cel_type *type)
{
    if (type->kind == CEL_LIST)
        return type_list(pool, type_copy(pool, type->element));
    if (!type->descriptor)
        return type_scalar(type->kind);
    struct cel_type *copy = POOL_NEW(pool, struct cel_type);
    *copy = *type;
    return copy;
}

static bool type_equal(const struct cel_type *a, const struct cel_type *b)
{
    if (a->kind != b->kind || a->descriptor != b->descriptor)
        return false;
    return a->kind != CEL_LIST || type_equal(a->element, b->element);
}

const struct cel_type *type_join(struct pool *pool, const struct cel_type *a, const struct cel_type *b)
{
    if (a->kind == CEL_NEVER)
        return b;
    if (b->kind == CEL_NEVER || type_equal(a, b))
        return a;
    if (a->kind != CEL_LIST || b->kind != CEL_LIST)
        return NULL;
    const struct cel_type *element = type_join(pool, a->element, b->element);
    if (!element)
        return NULL;
    if (element == a->element || element == b->element || !pool)
        return element == a->element ? a : b;
    return type_list(pool, element);
}

bool type_fits(const struct cel_type *is, const struct cel_type *wanted)
{
    if (is->kind == CEL_NEVER)
        return true;
    if (is->kind == CEL_LIST && wanted->kind == CEL_LIST)
        return type_fits(is->element, wanted->element);
    return type_equal(is, wanted);
}

static bool list_equal(const struct cel_type *element, const struct cel_list *a, const struct cel_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        union cel_datum left, right;
        if (field_load_item(a, i, &left) || field_load_item(b, i, &right) ||
            !datum_equal(element, &left, &right))
            return false;
    }
    return true;
}

bool datum_equal(const struct cel_type *type, const union cel_datum *a, const union cel_datum *b)
{
    switch (type->kind) {
    case CEL_NEVER:
    case CEL_NULL:
        return true;
    case CEL_BOOL:
        return a->truth == b->truth;
    case CEL_INT:
    case CEL_ENUM:
        return a->integer == b->integer;
    case CEL_DURATION:
        return a->nanoseconds == b->nanoseconds;
    case CEL_DOUBLE:
        return a->number == b->number;
    case CEL_STRING:
        return a->text.size == b->text.size &&
               (a->text.size == 0 || memcmp(a->text.bytes, b->text.bytes, a->text.size) == 0);
    case CEL_TIMESTAMP:
        return a->moment.seconds == b->moment.seconds && a->moment.nanos == b->moment.nanos;
    case CEL_LIST:
        return list_equal(type->element, &a->list, &b->list);
    case CEL_MESSAGE:
        break;
    }
    return false;
}

static struct cel_list list_copy(struct pool *pool, const struct cel_type *element,
                                 const struct cel_list *list)
{
    union cel_datum *items = POOL_ARRAY(pool, union cel_datum, list->count);
    for (size_t i = 0; i < list->count; i++) {
        union cel_datum item;
        if (!field_load_item(list, i, &item))
            items[i] = datum_copy(pool, element, &item);
    }
    return (struct cel_list){items, list->count, STORAGE_DATUM};
}

union cel_datum datum_copy(struct pool *pool, const struct cel_type *type, const union cel_datum *datum)
{
    union cel_datum copy = *datum;
    if (type->kind == CEL_STRING)
        copy.text.bytes = pool_text(pool, datum->text.bytes, datum->text.size);
    else if (type->kind == CEL_LIST)
        copy.list = list_copy(pool, type->element, &datum->list);
    return copy;
}
