/* table: rows of text in aligned columns, for people. */
#ifndef BELLHOP_CLI_TERMINAL_TABLE_H
#define BELLHOP_CLI_TERMINAL_TABLE_H

#include "common/base/auto.h"

#include <stddef.h>
#include <stdio.h>

struct table;

/* `titles` ends with NULL; it is borrowed and stays where it is. */
struct table *table_new(const char *const *titles);
void table_free(struct table *table);
AUTO_FREE(table)

/* One row, a text for each title; copied. NULL is shown as nothing. */
void table_add(struct table *table, const char *const *cells);

size_t table_rows(const struct table *table);

/* Titles and rows, each column as wide as its widest text, the last one not padded. */
void table_print(const struct table *table, FILE *out);

/* How many characters a text takes: the code points of its UTF-8. */
size_t table_text_width(const char *text);

#endif
