/* copy_rows: rows in PostgreSQL's binary COPY format. For the store floor's own use.
 *
 * https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format": a header, rows of a 16-bit field count
 * and fields of a 32-bit length (-1: NULL) with their bytes, and the count -1 for the end. */
#ifndef BELLHOP_STORE_WRITE_COPY_ROWS_H
#define BELLHOP_STORE_WRITE_COPY_ROWS_H

#include "common/base/bytes.h"
#include "common/store/session/result.h"

#include <stdbool.h>
#include <stdint.h>

enum { COPY_HEADER_SIZE = 19 };

static inline void copy_begin(struct bytes *rows)
{
    static const uint8_t header[COPY_HEADER_SIZE] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    bytes_append(rows, header, sizeof header);
}

static inline void copy_row(struct bytes *rows, unsigned field_count)
{
    bytes_append_u16(rows, (uint16_t)field_count);
}

static inline void copy_end(struct bytes *rows)
{
    bytes_append_u16(rows, UINT16_MAX);
}

static inline void copy_null(struct bytes *rows)
{
    bytes_append_u32(rows, UINT32_MAX);
}

static inline void copy_bytes(struct bytes *rows, struct slice value)
{
    bytes_append_u32(rows, (uint32_t)value.size);
    bytes_append_slice(rows, value);
}

/* NULL is NULL. */
static inline void copy_text(struct bytes *rows, const char *value)
{
    if (value)
        copy_bytes(rows, slice_of_text(value));
    else
        copy_null(rows);
}

static inline void copy_bigint(struct bytes *rows, int64_t value)
{
    uint8_t *into = bytes_reserve(rows, 12);
    bytes_put_u32(into, 8);
    bytes_put_u64(into + 4, (uint64_t)value);
    bytes_grew(rows, 12);
}

static inline void copy_integer(struct bytes *rows, int32_t value)
{
    uint8_t *into = bytes_reserve(rows, 8);
    bytes_put_u32(into, 4);
    bytes_put_u32(into + 4, (uint32_t)value);
    bytes_grew(rows, 8);
}

static inline void copy_smallint(struct bytes *rows, int16_t value)
{
    bytes_append_u32(rows, 2);
    bytes_append_u16(rows, (uint16_t)value);
}

/* UTC microseconds since 1970. */
static inline void copy_time(struct bytes *rows, int64_t at)
{
    copy_bigint(rows, at - STORE_TIME_ZERO);
}

static inline void copy_bigint_if(struct bytes *rows, bool is_there, int64_t value)
{
    if (is_there)
        copy_bigint(rows, value);
    else
        copy_null(rows);
}

#endif
