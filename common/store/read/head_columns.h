/* head_columns: where the log is, as the first columns of what readers ask. For the store floor's own use. */
#ifndef BELLHOP_STORE_READ_HEAD_COLUMNS_H
#define BELLHOP_STORE_READ_HEAD_COLUMNS_H

#include "common/store/read/log_reader.h"

#include <libpq-fe.h>

/* Of table head AS h. */
#define HEAD_COLUMNS "h.epoch, h.head, h.cursor, h.recorded_at"
enum { HEAD_COLUMN_COUNT = 4 };

/* From the first row. */
struct log_head head_of(const PGresult *result);

#endif
