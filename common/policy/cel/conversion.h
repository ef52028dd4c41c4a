/* conversion: numbers and truth as text, and back. The C library's locale has no part in it. */
#ifndef BELLHOP_POLICY_CEL_CONVERSION_H
#define BELLHOP_POLICY_CEL_CONVERSION_H

#include "common/policy/cel/value.h"

/* Long enough for every number, time and duration, with its NUL. */
enum { CONVERSION_BYTES = 40 };

/* Each is false when the text is no such value; surrounding blanks are not allowed. */
bool conversion_read_int(struct cel_text text, int64_t *ret_value);
bool conversion_read_double(struct cel_text text,
                            double *ret_value); /* overflow gives an infinity, and true */
bool conversion_read_bool(struct cel_text text, bool *ret_value);

/* The shortest decimal that reads back as the same double; "+Inf", "-Inf" and "NaN". Returns its length. */
size_t conversion_print_double(double value, char buffer[static CONVERSION_BYTES]);

/* Towards zero; false for NaN and what does not lie strictly between the ends of int64. */
bool conversion_truncate(double value, int64_t *ret_value);

/* Below zero, zero, above, by an exact comparison; NaN when `b` is, for it has no order. */
double conversion_compare(int64_t a, double b);

#endif
