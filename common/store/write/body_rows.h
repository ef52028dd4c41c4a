/* body_rows: what decisions are about (cases, follow-ups, experiences …) as rows, by reflection. Pure.
 *
 * Each message has a table with one column for each of its fields: see schema/migrations/002_decision.sql. A new field
 * needs a migration that adds its column, and nothing here. Tables with a key hold the latest state, the others one
 * row per decision. */
#ifndef BELLHOP_STORE_WRITE_BODY_ROWS_H
#define BELLHOP_STORE_WRITE_BODY_ROWS_H

#include "common/base/bytes.h"
#include "common/base/map.h"

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>

struct body_table {
    const char *name; /* in schema bellhop_log */
    const ProtobufCMessageDescriptor *message;
    const char *key; /* columns that identify a row; NULL: rows are only ever added */
};

/* The tables, in the order of body_rows.tables. */
enum { BODY_TABLE_COUNT = 13 };
extern const struct body_table body_tables[BODY_TABLE_COUNT];

struct body_row {
    char *key;
    size_t offset;
    size_t size;
    bool is_dropped; /* a later decision of the same batch has the same key */
};

struct body_table_rows {
    struct bytes text; /* (…) of VALUES, or lines of COPY */
    struct body_row *rows;
    size_t count;
    size_t capacity;
    struct map by_key;
};

struct body_rows {
    struct body_table_rows tables[BODY_TABLE_COUNT];
};

void body_rows_init(struct body_rows *rows);
void body_rows_clear(struct body_rows *rows);
void body_rows_reset(struct body_rows *rows);

/* Add the row of the decision's body, if its kind has one. */
void body_rows_add(struct body_rows *rows, const WireDecision *decision);

/* Append the statements that store all rows to `sql`, and the data of those that are COPYs to `copies`, which has room
 * for BODY_TABLE_COUNT more. Returns the number of copies. */
size_t body_rows_write(struct body_rows *rows, struct bytes *sql, struct slice *copies);

/* Append the table's columns in the order of its rows: "seq, ordinal, epoch, escalation_id, …". */
void body_table_write_columns(const struct body_table *table, struct bytes *into);

#endif
