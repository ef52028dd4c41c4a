/* head_columns: where the log is, as the first columns of what readers ask. For the store floor's own use. */
#ifndef BELLHOP_STORE_READ_HEAD_COLUMNS_H
#define BELLHOP_STORE_READ_HEAD_COLUMNS_H

#include "common/store/read/log_reader.h"
#include "common/store/session/result.h"

/* Of table head AS h. */
#define HEAD_COLUMNS "h.epoch, h.head, h.cursor, h.recorded_at"
enum { HEAD_COLUMN_COUNT = 4 };

/* From the first row. */
static inline struct log_head head_columns_read(const PGresult *result)
{
    return (struct log_head){
        .epoch = (uint32_t)result_number(result, 0, 0),
        .head = (uint64_t)result_number(result, 0, 1),
        .cursor = (uint64_t)result_number(result, 0, 2),
        .recorded_at = result_number(result, 0, 1) ? result_time(result, 0, 3) : 0,
    };
}

#endif
