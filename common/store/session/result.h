/* result: reads the values of binary rows. For the store floor's own use.
 *
 * NULL reads as 0, empty bytes or NULL text. Texts and bytes are borrowed from the result. */
#ifndef BELLHOP_STORE_SESSION_RESULT_H
#define BELLHOP_STORE_SESSION_RESULT_H

#include "common/base/bytes.h"

#include <libpq-fe.h>

#include <stdbool.h>
#include <stdint.h>

/* PostgreSQL counts microseconds from 2000-01-01. */
#define STORE_TIME_ZERO INT64_C(946684800000000)

static inline bool result_is_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

static inline struct slice result_bytes(const PGresult *result, int row, int column)
{
    return slice_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

static inline const char *result_text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

/* smallint, integer, bigint and boolean. */
static inline int64_t result_number(const PGresult *result, int row, int column)
{
    struct slice bytes = result_bytes(result, row, column);
    switch (bytes.size) {
    case 1:
        return bytes.data[0];
    case 2:
        return (int16_t)bytes_get_u16(bytes.data);
    case 4:
        return (int32_t)bytes_get_u32(bytes.data);
    case 8:
        return (int64_t)bytes_get_u64(bytes.data);
    default:
        return 0;
    }
}

/* timestamptz, as UTC microseconds since 1970. */
static inline int64_t result_time(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? 0 : result_number(result, row, column) + STORE_TIME_ZERO;
}

#endif
