/* cases: the lines of the conformance files, and the values in them. */
#ifndef BELLHOP_TESTS_CEL_CASES_H
#define BELLHOP_TESTS_CEL_CASES_H

#include "common/policy/cel/cel.h"

#include <jansson.h>

/* A typed value as the language has it. False when the language has no such type; `why` then says which. */
bool value_from_json(const json_t *json, struct cel_value *ret_value, char why[static 128]);

/* Whether an answer is what the case wants. */
bool value_is(const struct cel_value *value, const json_t *want);

#endif
