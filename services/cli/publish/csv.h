/* csv: rows of comma-separated values (RFC 4180), and where exactly they are not.
 *
 * Lines end with LF or CRLF, the last one may end with the file; a byte order mark and empty lines are passed
 * over. A field in quotes may hold commas, line ends and doubled quotes. Text is UTF-8 without NUL. */
#ifndef BELLHOP_CLI_PUBLISH_CSV_H
#define BELLHOP_CLI_PUBLISH_CSV_H

#include "common/base/bytes.h"

#include <stddef.h>

enum { CSV_MOST_FIELDS = 64, CSV_MOST_ROW_BYTES = 64 * 1024 };

struct csv {
    struct slice input; /* borrowed: what is not read yet */
    size_t line;        /* of its first byte, from 1 */
    size_t column;      /* likewise, in bytes from 1 */
    struct bytes texts; /* the row's fields, each ended by NUL */
};

struct csv_row {
    size_t line; /* where it begins */
    size_t count;
    const char *fields[CSV_MOST_FIELDS]; /* valid until the next csv_next() */
    size_t columns[CSV_MOST_FIELDS];     /* where each begins in its line */
};

void csv_init(struct csv *csv, struct slice input);
void csv_clear(struct csv *csv);

/* 1: a row; 0: the end; -EINVAL: "line 3, column 17: …" is in `why`, nothing more can be read. */
int csv_next(struct csv *csv, struct csv_row *row, char *why, size_t why_size);

#endif
