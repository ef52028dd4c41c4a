/* verdict_reader: the verdict on one event, with the answer that came since. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_VERDICT_READER_H
#define BELLHOP_STORE_READ_VERDICT_READER_H

#include "common/store/read/log_reader.h"

struct verdict_page {
    const char *fault;
    struct log_head at;
    bool is_known;        /* the log has this event */
    uint64_t seq;         /* if it is known, and so is */
    WireVerdict *verdict; /* PENDING while the event is beyond the cursor, NOTHING if no verdict was given */
};
typedef void verdict_read_done(void *owner, const struct verdict_page *page);

void verdict_read(struct database *database, const uint8_t event_id[16], verdict_read_done *read,
                  void *owner);

#endif
