/* row: the values of a report's rows, as people read them. */
#ifndef BELLHOP_CLI_LOOK_ROW_H
#define BELLHOP_CLI_LOOK_ROW_H

#include "common/base/bytes.h"
#include "common/policy/rules/currency.h"

#include <jansson.h>

struct row_cell {
    char text[2 * CURRENCY_TEXT_SIZE];
};

/* The rows of a view in the report, and the first of them, which of sums is the only one; NULL where there is none. */
const json_t *row_all(const json_t *report, const char *view);
const json_t *row_first(const json_t *report, const char *view);

const char *row_text(const json_t *row, const char *name);
/* Sums may come as numbers with a point. */
long long row_number(const json_t *row, const char *name);

struct row_cell row_number_cell(const json_t *row, const char *name);
struct row_cell row_percent_cell(const json_t *row, const char *name);
struct row_cell row_money_cell(const json_t *row, const char *name, const char *currency);

/* A length of time in words, in `into`, which it replaces. */
const char *row_length_text(long long ms, struct bytes *into);
const char *row_seconds_text(const json_t *row, const char *name, struct bytes *into);

/* What a noun ends in after that count. */
const char *row_plural(long long count);

#endif
