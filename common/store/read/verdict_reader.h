/* verdict_reader: what was concluded for one event, with the answers that came since. Rules for all
 * questions: database.h. */
#ifndef BELLHOP_STORE_READ_VERDICT_READER_H
#define BELLHOP_STORE_READ_VERDICT_READER_H

#include "common/store/read/log_reader.h"

struct verdict_page {
    const char *fault;
    struct log_head at;
    bool is_known; /* the log has this event */
    uint64_t seq;  /* of a known one */
    WireVerdict
        *verdict; /* of a known one: PENDING while it is beyond the cursor, NOTHING when nothing was said */
};
typedef void verdict_read_done(void *owner, const struct verdict_page *page);

void verdict_read(struct database *database, const uint8_t event_id[16], verdict_read_done *read,
                  void *owner);

#endif
