/* body_rows: what decisions are about (cases, follow-ups, experiences …) as rows, by reflection.
 *
 * One table for each message of which rows are kept, one column for each of its fields: see
 * migrations/002_decision.sql. A field added to such a message needs a migration that adds its column, and
 * nothing here. Tables with a key hold the latest state, the others one row a decision. */
#ifndef BELLHOP_STORE_WRITE_BODY_ROWS_H
#define BELLHOP_STORE_WRITE_BODY_ROWS_H

#include "common/base/bytes.h"
#include "common/base/map.h"

#include "proto/decision.pb-c.h"

#include <stdbool.h>

struct body_table {
    const char *name; /* in schema bellhop_log */
    const ProtobufCMessageDescriptor *message;
    const char *key; /* columns that tell the rows apart; NULL: rows are only ever added */
};

/* The tables, in the order of body_rows.tables. */
enum { BODY_TABLE_COUNT = 9 };
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

/* The row of the decision's body, where its kind has one. */
void body_rows_add(struct body_rows *rows, const WireDecision *decision);

/* Append the statements that store all rows; those that are COPYs append their data to `copies`, which has
 * room for BODY_TABLE_COUNT more. Returns how many did. */
size_t body_rows_write(struct body_rows *rows, struct bytes *sql, struct slice *copies);

/* The table's columns as in its rows, "seq, ordinal, epoch, escalation_id, …". */
void body_table_write_columns(const struct body_table *table, struct bytes *into);

#endif
