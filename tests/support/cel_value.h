/* cel_value: values that only tests make or compare. */
#ifndef BELLHOP_TESTS_SUPPORT_CEL_VALUE_H
#define BELLHOP_TESTS_SUPPORT_CEL_VALUE_H

#include "common/policy/cel/field.h"
#include "common/policy/cel/type.h"
#include "common/policy/cel/value.h"

static inline struct cel_value cel_value_bool(bool truth)
{
    return (struct cel_value){.type = &cel_type_bool, .as.truth = truth};
}

static inline struct cel_value cel_value_double(double number)
{
    return (struct cel_value){.type = &cel_type_double, .as.number = number};
}

/* Any bytes, NUL too. */
static inline struct cel_value cel_value_string(struct cel_text text)
{
    return (struct cel_value){.type = &cel_type_string, .as.text = text};
}

/* From UTC microseconds, as on the wire; any int64 is representable here, expressions refuse years outside 1
 * to 9999. */
static inline struct cel_value cel_value_timestamp(int64_t at)
{
    int64_t seconds = at / 1000000 - (at % 1000000 < 0);
    int32_t nanos = (int32_t)((at % 1000000 + 1000000) % 1000000) * 1000;
    return (struct cel_value){.type = &cel_type_timestamp, .as.moment = {seconds, nanos}};
}

/* A list over `count` data in the caller's storage, all of `type->element`. */
static inline struct cel_value cel_value_list(const struct cel_type *type, const union cel_datum *items,
                                              size_t count)
{
    return (struct cel_value){.type = type, .as.list = {items, (uint32_t)count, STORAGE_DATUM}};
}

/* Same type assumed; doubles compare by IEEE 754 (NaN is unequal to itself); messages are never equal. */
static inline bool cel_value_equal(const struct cel_value *a, const struct cel_value *b)
{
    return datum_equal(type_join(NULL, a->type, b->type), &a->as, &b->as);
}

#endif
