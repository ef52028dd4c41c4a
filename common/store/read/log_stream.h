/* log_stream: a long stretch of the log in order, each event with its decisions, for programs that read all of it
 * and wait.
 *
 * Unlike the readers of database.h it blocks: not for use in services. Two sessions copy out events and decisions in
 * index order. The server runs ahead only as far as the sockets' buffers, so nothing piles up however long the
 * log is. */
#ifndef BELLHOP_STORE_READ_LOG_STREAM_H
#define BELLHOP_STORE_READ_LOG_STREAM_H

#include "common/base/text.h"
#include "common/store/read/decision_reader.h"

struct log_stream;

/* Connects when it is first used; `url` as for database_open(). */
struct log_stream *log_stream_new(const char *url);
void log_stream_free(struct log_stream *stream);
AUTO_FREE(log_stream)

struct log_range {
    uint64_t after; /* begin with the event after this one */
    uint64_t upto;  /* 0: the last decided event; without decisions, the last event */
    int type;       /* only events of this type (the number of the body's field), without decisions; 0: all */
    bool without_decisions;
};

/* Begin a stretch; one that was not read to its end is abandoned. Returns 0, or -EIO with the reason. */
int log_stream_begin(struct log_stream *stream, const struct log_range *range, struct log_head *ret_at,
                     char why[static WHY_SIZE]);

/* Everything lives until the next call. */
struct streamed_event {
    WireLoggedEvent *record;
    const struct slice *decisions; /* as they are stored, in their order */
    size_t count;
};

/* Returns 1 with an event, 0 at the end, or -EIO with the reason. */
int log_stream_next(struct log_stream *stream, struct streamed_event *ret_event, char why[static WHY_SIZE]);

#endif
