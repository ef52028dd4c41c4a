/* operation_number: arithmetic, order and conversion of numbers, and of truth. */

#include "common/policy/cel/conversion.h"
#include "common/policy/cel/operation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OPERATION(name)                                                                                      \
    const char *name(__attribute__((unused)) struct machine *machine, const union cel_datum *a,              \
                     union cel_datum *ret)

static const char overflow[] = "the result does not fit an int (64 bits)";

OPERATION(int_add)
{
    return __builtin_add_overflow(a[0].integer, a[1].integer, &ret->integer) ? overflow : NULL;
}

OPERATION(int_subtract)
{
    return __builtin_sub_overflow(a[0].integer, a[1].integer, &ret->integer) ? overflow : NULL;
}

OPERATION(int_multiply)
{
    return __builtin_mul_overflow(a[0].integer, a[1].integer, &ret->integer) ? overflow : NULL;
}

OPERATION(int_negate)
{
    return __builtin_sub_overflow(0, a[0].integer, &ret->integer) ? overflow : NULL;
}

/* The least int divided by -1 is the one quotient that does not fit. */
OPERATION(int_divide)
{
    if (a[1].integer == 0)
        return "division by zero";
    if (a[0].integer == INT64_MIN && a[1].integer == -1)
        return overflow;
    ret->integer = a[0].integer / a[1].integer;
    return NULL;
}

OPERATION(int_remainder)
{
    if (a[1].integer == 0)
        return "remainder of a division by zero";
    if (a[0].integer == INT64_MIN && a[1].integer == -1)
        return overflow;
    ret->integer = a[0].integer % a[1].integer;
    return NULL;
}

#define DOUBLE_OPERATION(name, expression)                                                                   \
    OPERATION(name)                                                                                          \
    {                                                                                                        \
        ret->number = (expression);                                                                          \
        return NULL;                                                                                         \
    }

DOUBLE_OPERATION(double_add, a[0].number + a[1].number)
DOUBLE_OPERATION(double_subtract, a[0].number - a[1].number)
DOUBLE_OPERATION(double_multiply, a[0].number *a[1].number)
DOUBLE_OPERATION(double_divide, a[0].number / a[1].number)
DOUBLE_OPERATION(double_negate, -a[0].number)
DOUBLE_OPERATION(double_from_int, (double)a[0].integer)

OPERATION(bool_not)
{
    ret->truth = !a[0].truth;
    return NULL;
}

OPERATION(datum_same)
{
    *ret = a[0];
    return NULL;
}

#define RELATION(name, comparison)                                                                           \
    OPERATION(name)                                                                                          \
    {                                                                                                        \
        ret->truth = (comparison);                                                                           \
        return NULL;                                                                                         \
    }
#define RELATIONS(kind, left, right)                                                                         \
    RELATION(kind##_less, (left) < (right))                                                                  \
    RELATION(kind##_less_equal, (left) <= (right))                                                           \
    RELATION(kind##_more, (left) > (right))                                                                  \
    RELATION(kind##_more_equal, (left) >= (right))

RELATIONS(bool, a[0].truth, a[1].truth)
RELATIONS(int, a[0].integer, a[1].integer)
RELATIONS(double, a[0].number, a[1].number)
RELATIONS(duration, a[0].nanoseconds, a[1].nanoseconds)
RELATIONS(int_double, conversion_compare(a[0].integer, a[1].number), 0)
RELATIONS(double_int, 0, conversion_compare(a[1].integer, a[0].number))

OPERATION(int_from_double)
{
    return conversion_truncate(a[0].number, &ret->integer) ? NULL : "the double does not fit an int";
}

OPERATION(int_from_string)
{
    return conversion_read_int(a[0].text, &ret->integer) ? NULL : "the string is no int";
}

OPERATION(double_from_string)
{
    double number;
    if (!conversion_read_double(a[0].text, &number))
        return "the string is no double";
    ret->number = number;
    return NULL;
}

OPERATION(bool_from_string)
{
    bool truth;
    if (!conversion_read_bool(a[0].text, &truth))
        return "the string is neither \"true\" nor \"false\"";
    ret->truth = truth;
    return NULL;
}

OPERATION(string_from_int)
{
    char text[CONVERSION_BYTES];
    return machine_text(machine, text, (size_t)sprintf(text, "%" PRId64, a[0].integer), ret);
}

OPERATION(string_from_double)
{
    char text[CONVERSION_BYTES];
    return machine_text(machine, text, conversion_print_double(a[0].number, text), ret);
}

OPERATION(string_from_bool)
{
    ret->text = a[0].truth ? (struct cel_text){"true", 4} : (struct cel_text){"false", 5};
    return NULL;
}
