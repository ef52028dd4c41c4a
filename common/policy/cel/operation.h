/* operation: the operators, functions and methods on scalars, as one table. */
#ifndef BELLHOP_POLICY_CEL_OPERATION_H
#define BELLHOP_POLICY_CEL_OPERATION_H

#include "common/policy/cel/machine.h"

enum { OPERATION_ARGUMENTS = 2 };

/* NULL, or a lasting sentence that says why there is no result. */
typedef const char *operation_call(struct machine *machine, const union cel_datum *arguments,
                                   union cel_datum *ret_result);

struct operation {
    enum syntax_kind style; /* SYNTAX_OPERATOR, SYNTAX_FUNCTION or SYNTAX_METHOD */
    const char *name;
    enum cel_kind arguments[OPERATION_ARGUMENTS];
    size_t count;
    enum cel_kind result;
    operation_call *call;
};

/* The one for these arguments; NULL is none. An argument of CEL_NEVER fits all; when that leaves several with
 * different results, *ret_result is CEL_NEVER, for none will ever be called. */
const struct operation *operation_find(enum syntax_kind style, const char *name,
                                       struct syntax *const *arguments, size_t count,
                                       enum cel_kind *ret_result);
/* Whether any has that style and name. */
bool operation_exists(enum syntax_kind style, const char *name);

operation_call int_add, int_subtract, int_multiply, int_divide, int_remainder, int_negate;
operation_call double_add, double_subtract, double_multiply, double_divide, double_negate;
operation_call bool_not, datum_same;
operation_call int_from_double, int_from_string, int_from_timestamp;
operation_call double_from_int, double_from_string, bool_from_string;
operation_call string_from_int, string_from_double, string_from_bool, string_from_timestamp,
    string_from_duration;

#define RELATIONS_OF(kind) operation_call kind##_less, kind##_less_equal, kind##_more, kind##_more_equal
RELATIONS_OF(bool);
RELATIONS_OF(int);
RELATIONS_OF(double);
RELATIONS_OF(string);
RELATIONS_OF(timestamp);
RELATIONS_OF(duration);
RELATIONS_OF(int_double);
RELATIONS_OF(double_int);

operation_call string_concat, string_size, string_contains, string_starts_with, string_ends_with;

operation_call timestamp_from_string, timestamp_from_int, duration_from_string;
operation_call timestamp_add, duration_add_timestamp, timestamp_subtract, timestamp_difference;
operation_call duration_add, duration_subtract, duration_divide;
operation_call duration_hours, duration_minutes, duration_seconds, duration_milliseconds;

#define SELECTOR_OF(name) operation_call time_##name, time_##name##_zoned
SELECTOR_OF(date);
SELECTOR_OF(day_of_month);
SELECTOR_OF(day_of_week);
SELECTOR_OF(day_of_year);
SELECTOR_OF(full_year);
SELECTOR_OF(hours);
SELECTOR_OF(milliseconds);
SELECTOR_OF(minutes);
SELECTOR_OF(month);
SELECTOR_OF(seconds);

/* The offset of a named zone at a moment; NULL, or why there is none. */
const char *zone_offset_named(const struct zones *zones, struct cel_text name, int64_t at_s,
                              int32_t *ret_offset_s);

#endif
