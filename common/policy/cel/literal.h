/* literal: the values of literals' text. */
#ifndef BELLHOP_POLICY_CEL_LITERAL_H
#define BELLHOP_POLICY_CEL_LITERAL_H

#include "common/policy/cel/token.h"

/* Each is false when refused: a number out of range, an escape that means nothing. */
bool literal_int(struct compilation *compilation, struct token token, bool is_negative, int64_t *ret_value);
bool literal_double(struct compilation *compilation, struct token token, bool is_negative, double *ret_value);
bool literal_string(struct compilation *compilation, struct token token, struct cel_text *ret_value);

#endif
