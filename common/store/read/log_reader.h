/* log_reader: reads the log in order of its positions. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_LOG_READER_H
#define BELLHOP_STORE_READ_LOG_READER_H

#include "common/store/read/database.h"
#include "proto/bellhop/v1/decision.pb-c.h"

/* Where the log is, all read at one moment. */
struct log_head {
    uint32_t epoch;
    uint64_t head;       /* last committed seq; 0: the log is empty */
    uint64_t cursor;     /* last decided seq */
    int64_t recorded_at; /* of the last event; 0 when there is none */
};

struct log_page {
    const char *fault; /* NULL: what follows is valid */
    struct log_head at;
    WireLoggedEvent *const *events; /* seqs follow one another */
    size_t count;
};
typedef void log_page_read(void *owner, const struct log_page *page);

/* Only `at`, no events. */
void log_read_head(struct database *database, log_page_read *read, void *owner);

/* The events after `after`, at most `most` of them and about 16 MiB. */
void log_read_events(struct database *database, uint64_t after, uint32_t most, log_page_read *read,
                     void *owner);

struct text_page {
    const char *fault;
    uint64_t seq;      /* of its event */
    const char *field; /* "complaint.text" */
    const char *text;  /* NULL: there was none, or it was erased */
};
typedef void text_read(void *owner, const struct text_page *page);

/* The free text of one event, which is stored apart from it. An event has at most one such field. */
void log_read_text(struct database *database, const uint8_t event_id[16], text_read *read, void *owner);

#endif
