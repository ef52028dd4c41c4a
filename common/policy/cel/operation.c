/* operation: the table. What works on any type (==, !=, in, lists, ?:, macros) is the checker's. */

#include "common/policy/cel/operation.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#define UNARY(name, argument, result, call)                                                                  \
    {                                                                                                        \
        SYNTAX_OPERATOR, name, {CEL_##argument}, 1, CEL_##result, call                                       \
    }
#define BINARY(name, left, right, result, call)                                                              \
    {                                                                                                        \
        SYNTAX_OPERATOR, name, {CEL_##left, CEL_##right}, 2, CEL_##result, call                              \
    }
#define ORDER(left, right, kind)                                                                             \
    BINARY("_<_", left, right, BOOL, kind##_less), BINARY("_<=_", left, right, BOOL, kind##_less_equal),     \
        BINARY("_>_", left, right, BOOL, kind##_more), BINARY("_>=_", left, right, BOOL, kind##_more_equal)
#define CONVERSION(name, argument, result, call)                                                             \
    {                                                                                                        \
        SYNTAX_FUNCTION, name, {CEL_##argument}, 1, CEL_##result, call                                       \
    }
#define METHOD(name, target, result, call)                                                                   \
    {                                                                                                        \
        SYNTAX_METHOD, name, {CEL_##target}, 1, CEL_##result, call                                           \
    }
#define METHOD_OF(name, target, argument, result, call)                                                      \
    {                                                                                                        \
        SYNTAX_METHOD, name, {CEL_##target, CEL_##argument}, 2, CEL_##result, call                           \
    }
#define SELECTOR(name, call)                                                                                 \
    METHOD(name, TIMESTAMP, INT, time_##call), METHOD_OF(name, TIMESTAMP, STRING, INT, time_##call##_zoned)

static const struct operation operations[] = {
    UNARY("!_", BOOL, BOOL, bool_not),
    UNARY("-_", INT, INT, int_negate),
    UNARY("-_", DOUBLE, DOUBLE, double_negate),
    BINARY("_+_", INT, INT, INT, int_add),
    BINARY("_+_", DOUBLE, DOUBLE, DOUBLE, double_add),
    BINARY("_+_", STRING, STRING, STRING, string_concat),
    BINARY("_+_", TIMESTAMP, DURATION, TIMESTAMP, timestamp_add),
    BINARY("_+_", DURATION, TIMESTAMP, TIMESTAMP, duration_add_timestamp),
    BINARY("_+_", DURATION, DURATION, DURATION, duration_add),
    BINARY("_-_", INT, INT, INT, int_subtract),
    BINARY("_-_", DOUBLE, DOUBLE, DOUBLE, double_subtract),
    BINARY("_-_", TIMESTAMP, TIMESTAMP, DURATION, timestamp_difference),
    BINARY("_-_", TIMESTAMP, DURATION, TIMESTAMP, timestamp_subtract),
    BINARY("_-_", DURATION, DURATION, DURATION, duration_subtract),
    BINARY("_*_", INT, INT, INT, int_multiply),
    BINARY("_*_", DOUBLE, DOUBLE, DOUBLE, double_multiply),
    BINARY("_/_", INT, INT, INT, int_divide),
    BINARY("_/_", DURATION, INT, DURATION, duration_divide),
    BINARY("_/_", DOUBLE, DOUBLE, DOUBLE, double_divide),
    BINARY("_%_", INT, INT, INT, int_remainder),
    ORDER(BOOL, BOOL, bool),
    ORDER(INT, INT, int),
    ORDER(DOUBLE, DOUBLE, double),
    ORDER(INT, DOUBLE, int_double),
    ORDER(DOUBLE, INT, double_int),
    ORDER(STRING, STRING, string),
    ORDER(TIMESTAMP, TIMESTAMP, timestamp),
    ORDER(DURATION, DURATION, duration),
    CONVERSION("int", INT, INT, datum_same),
    CONVERSION("int", DOUBLE, INT, int_from_double),
    CONVERSION("int", STRING, INT, int_from_string),
    CONVERSION("int", ENUM, INT, datum_same),
    CONVERSION("int", TIMESTAMP, INT, int_from_timestamp),
    CONVERSION("double", DOUBLE, DOUBLE, datum_same),
    CONVERSION("double", INT, DOUBLE, double_from_int),
    CONVERSION("double", STRING, DOUBLE, double_from_string),
    CONVERSION("bool", BOOL, BOOL, datum_same),
    CONVERSION("bool", STRING, BOOL, bool_from_string),
    CONVERSION("string", STRING, STRING, datum_same),
    CONVERSION("string", INT, STRING, string_from_int),
    CONVERSION("string", DOUBLE, STRING, string_from_double),
    CONVERSION("string", BOOL, STRING, string_from_bool),
    CONVERSION("string", TIMESTAMP, STRING, string_from_timestamp),
    CONVERSION("string", DURATION, STRING, string_from_duration),
    CONVERSION("timestamp", TIMESTAMP, TIMESTAMP, datum_same),
    CONVERSION("timestamp", STRING, TIMESTAMP, timestamp_from_string),
    CONVERSION("timestamp", INT, TIMESTAMP, timestamp_from_int),
    CONVERSION("duration", DURATION, DURATION, datum_same),
    CONVERSION("duration", STRING, DURATION, duration_from_string),
    CONVERSION("size", STRING, INT, string_size),
    METHOD("size", STRING, INT, string_size),
    METHOD_OF("contains", STRING, STRING, BOOL, string_contains),
    METHOD_OF("startsWith", STRING, STRING, BOOL, string_starts_with),
    METHOD_OF("endsWith", STRING, STRING, BOOL, string_ends_with),
    SELECTOR("getDate", date),
    SELECTOR("getDayOfMonth", day_of_month),
    SELECTOR("getDayOfWeek", day_of_week),
    SELECTOR("getDayOfYear", day_of_year),
    SELECTOR("getFullYear", full_year),
    SELECTOR("getHours", hours),
    SELECTOR("getMilliseconds", milliseconds),
    SELECTOR("getMinutes", minutes),
    SELECTOR("getMonth", month),
    SELECTOR("getSeconds", seconds),
    METHOD("getHours", DURATION, INT, duration_hours),
    METHOD("getMilliseconds", DURATION, INT, duration_milliseconds),
    METHOD("getMinutes", DURATION, INT, duration_minutes),
    METHOD("getSeconds", DURATION, INT, duration_seconds),
};

static bool fits(const struct operation *operation, struct syntax *const *arguments, size_t count)
{
    if (operation->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (arguments[i]->type->kind != CEL_NEVER && arguments[i]->type->kind != operation->arguments[i])
            return false;
    return true;
}

const struct operation *operation_find(enum syntax_kind style, const char *name,
                                       struct syntax *const *arguments, size_t count,
                                       enum cel_kind *ret_result)
{
    const struct operation *found = NULL;
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        const struct operation *operation = &operations[i];
        if (operation->style != style || !text_equal(operation->name, name) ||
            !fits(operation, arguments, count))
            continue;
        *ret_result = !found || *ret_result == operation->result ? operation->result : CEL_NEVER;
        found = operation;
    }
    return found;
}

bool operation_exists(enum syntax_kind style, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (operations[i].style == style && text_equal(operations[i].name, name))
            return true;
    return false;
}
