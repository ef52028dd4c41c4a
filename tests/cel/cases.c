/* cases: integers come as strings, doubles as Python prints them, times as [seconds, nanos]. */
#include "common/base/text.h"
#include "tests/support/cel_value.h"
#include "tests/cel/cases.h"

#include "common/base/memory.h"
#include "common/policy/cel/moment.h"
#include "common/policy/cel/type.h"
#include "common/policy/cel/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pool *lasting(void)
{
    static struct pool *pool;
    return pool ? pool : (pool = pool_new());
}

static struct cel_text text_of(const json_t *string)
{
    return (struct cel_text){json_string_value(string), json_string_length(string)};
}

static bool time_from_json(const json_t *parts, int64_t *ret_seconds, int32_t *ret_nanos)
{
    *ret_seconds = json_integer_value(json_array_get(parts, 0));
    *ret_nanos = (int32_t)json_integer_value(json_array_get(parts, 1));
    return json_array_size(parts) == 2;
}

static bool list_from_json(const json_t *items, struct cel_value *ret_value, char why[static 128])
{
    size_t count = json_array_size(items);
    union cel_datum *data = POOL_ARRAY(lasting(), union cel_datum, count);
    const struct cel_type *element = &cel_type_never;
    for (size_t i = 0; i < count; i++) {
        struct cel_value item;
        if (!value_from_json(json_array_get(items, i), &item, why))
            return false;
        element = type_join(lasting(), element, item.type);
        if (!element) {
            snprintf(why, 128, "a bound list of mixed types has no static type");
            return false;
        }
        data[i] = item.as;
    }
    *ret_value = cel_value_list(type_list(lasting(), element), data, count);
    return true;
}

bool value_from_json(const json_t *json, struct cel_value *ret_value, char why[static 128])
{
    const char *type = json_string_value(json_object_get(json, "type"));
    const json_t *value = json_object_get(json, "value");
    if (type && text_equal(type, "null")) {
        *ret_value = (struct cel_value){.type = &cel_type_null};
    } else if (type && text_equal(type, "bool")) {
        *ret_value = cel_value_bool(json_is_true(value));
    } else if (type && text_equal(type, "int64")) {
        *ret_value = cel_int(strtoll(json_string_value(value), NULL, 10));
    } else if (type && text_equal(type, "double")) {
        *ret_value = cel_value_double(strtod(json_string_value(value), NULL));
    } else if (type && text_equal(type, "string")) {
        struct cel_text text = text_of(value);
        *ret_value = cel_value_string(text);
    } else if (type && text_equal(type, "timestamp")) {
        ret_value->type = &cel_type_timestamp;
        return time_from_json(value, &ret_value->as.moment.seconds, &ret_value->as.moment.nanos);
    } else if (type && text_equal(type, "duration")) {
        int64_t seconds;
        int32_t nanos;
        ret_value->type = &cel_type_duration;
        return time_from_json(value, &seconds, &nanos) &&
               !__builtin_mul_overflow(seconds, NANOS_PER_SECOND, &ret_value->as.nanoseconds) &&
               !__builtin_add_overflow(ret_value->as.nanoseconds, nanos, &ret_value->as.nanoseconds);
    } else if (type && text_equal(type, "list")) {
        return list_from_json(value, ret_value, why);
    } else {
        snprintf(why, 128, "a value of type %s is outside the language", type ? type : "?");
        return false;
    }
    return true;
}

/* The files come from protobuf's text format, whose \u and \U escapes the conversion left as they were; in
 * expressions CEL reads them itself, in wanted strings they are read here. */
static struct cel_text without_escapes(struct cel_text text)
{
    char *bytes = pool_allocate(lasting(), text.size + 1), *out = bytes;
    for (size_t i = 0; i < text.size;) {
        char c = i + 1 < text.size && text.bytes[i] == '\\' ? text.bytes[i + 1] : '\0';
        size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
        char number[9] = {0};
        if (digits && i + 2 + digits <= text.size)
            memcpy(number, text.bytes + i + 2, digits);
        char *end;
        unsigned long point = strtoul(number, &end, 16);
        if (digits && end == number + digits && utf8_is_scalar((uint32_t)point)) {
            out += utf8_write((uint32_t)point, out);
            i += 2 + digits;
        } else {
            *out++ = text.bytes[i++];
        }
    }
    return (struct cel_text){bytes, (size_t)(out - bytes)};
}

static bool text_equal_to(struct cel_text a, struct cel_text b)
{
    return a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0;
}

static bool list_is(const struct cel_value *value, const json_t *items)
{
    if (value->as.list.count != json_array_size(items))
        return false;
    for (size_t i = 0; i < value->as.list.count; i++) {
        struct cel_value item;
        if (!cel_list_item(value, i, &item) || !value_is(&item, json_array_get(items, i)))
            return false;
    }
    return true;
}

bool value_is(const struct cel_value *value, const json_t *want)
{
    char why[128];
    struct cel_value wanted;
    const char *type = json_string_value(json_object_get(want, "type"));
    if (type && text_equal(type, "list"))
        return value->type->kind == CEL_LIST && list_is(value, json_object_get(want, "value"));
    if (!value_from_json(want, &wanted, why))
        return false;
    if (value->type->kind == CEL_ENUM && wanted.type->kind == CEL_INT)
        return value->as.integer == wanted.as.integer;
    if (value->type->kind != wanted.type->kind)
        return false;
    if (wanted.type->kind == CEL_STRING)
        return text_equal_to(value->as.text, wanted.as.text) ||
               text_equal_to(value->as.text, without_escapes(wanted.as.text));
    if (wanted.type->kind == CEL_DOUBLE)
        return (isnan(value->as.number) && isnan(wanted.as.number)) ||
               (value->as.number == wanted.as.number &&
                signbit(value->as.number) == signbit(wanted.as.number));
    return cel_value_equal(value, &wanted);
}
