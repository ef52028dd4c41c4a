/* sql_text: values as literals of SQL, for statements that are put together. For the store floor's own use.
 *
 * Sessions keep standard_conforming_strings on, so a quote is the only character of a literal that matters.
 */
#ifndef BELLHOP_STORE_SESSION_SQL_TEXT_H
#define BELLHOP_STORE_SESSION_SQL_TEXT_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

/* 'it''s'; of NULL, NULL without quotes. Bytes that are not UTF-8 become question marks. */
void sql_text(struct bytes *sql, const char *text);

/* '\x0a0b'::bytea */
void sql_bytes(struct bytes *sql, struct slice bytes);

/* A time in UTC microseconds, as text without quotes: 2024-02-29T12:00:00Z */
void sql_time(struct bytes *sql, int64_t at);

#endif
