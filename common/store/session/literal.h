/* literal: values as literals of SQL, for statements that are put together. For the store floor's own use. Pure.
 *
 * Sessions keep standard_conforming_strings on, so a quote is the only character of a literal that matters. */
#ifndef BELLHOP_STORE_SESSION_LITERAL_H
#define BELLHOP_STORE_SESSION_LITERAL_H

#include "common/base/bytes.h"

#include <stdint.h>

/* 'it''s'; for NULL, NULL without quotes. Bytes that are not UTF-8 become question marks. */
void literal_write_text(struct bytes *sql, const char *text);

/* '\x0a0b'::bytea */
void literal_write_bytes(struct bytes *sql, struct slice bytes);

/* Microseconds of UTC: '2024-02-29T12:00:00Z' */
void literal_write_time(struct bytes *sql, int64_t at);

/* The digits alone, without quotes: 0a0b */
void literal_write_hex(struct bytes *sql, struct slice bytes);

#endif
