/* shapes: what our messages look like, written down for SQL's bellhop.decode(). For the store floor's own use. */
#ifndef BELLHOP_STORE_SCHEMA_SHAPES_H
#define BELLHOP_STORE_SCHEMA_SHAPES_H

#include "common/base/bytes.h"

/* Append the statements, of a block of PL/pgSQL, that fill bellhop_log.message_field and enum_value. */
void shapes_write(struct bytes *sql);

#endif
