/* report_reader: what the report views say of one store, for `bellhop report`. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_REPORT_READER_H
#define BELLHOP_STORE_READ_REPORT_READER_H

#include "common/store/read/database.h"

struct report_store {
    const char *fault;
    bool is_known;      /* there are decisions about it */
    const char *others; /* the ids of some known stores: "harbour, station"; "": none */
};
typedef void report_store_read(void *owner, const struct report_store *store);

/* `store_id` has at most 64 bytes. */
void report_read_store(struct database *database, const char *store_id, report_store_read *read, void *owner);

struct report_page {
    const char *fault;
    /* A JSON object with an array for each view; its rows are objects named as the columns. D4 and G4 are summed over
     * the days by employee, A8 by currency, G3 to one row. A7 has a row for each day, and `empowerment` is their sum. */
    const char *json;
};
typedef void report_page_read(void *owner, const struct report_page *page);

/* Days are counted from 1970-01-01; `last_day` is included. */
void report_read(struct database *database, const char *store_id, int64_t first_day, int64_t last_day,
                 report_page_read *read, void *owner);

#endif
