/* status_reader: the state of the cell, for `bellhop status`. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_STATUS_READER_H
#define BELLHOP_STORE_READ_STATUS_READER_H

#include "common/store/read/log_reader.h"

struct status_page {
    const char *fault;
    struct log_head at;
    int64_t oldest_undecided_at; /* recorded_at of the first event beyond the cursor; 0: all is decided */
    uint64_t open_cases, open_follow_ups;
    int64_t next_due_at; /* the earliest deadline of an open case; 0: none */
    uint64_t overdue;    /* rows of the view overdue_deadline */
    int64_t overdue_due_at;
    const char *overdue_what; /* of the oldest, as in the view; NULL: none */
    const char *overdue_id;
    uint64_t sources, rejected_events;
    uint64_t streams, dead_letters;
};
typedef void status_page_read(void *owner, const struct status_page *page);

void status_read(struct database *database, status_page_read *read, void *owner);

/* What the view overdue_deadline says. */
struct overdue_page {
    const char *fault;
    uint64_t count;
    int64_t overdue_ms;    /* of the oldest */
    const char *what, *id; /* likewise; NULL: none */
};
typedef void overdue_page_read(void *owner, const struct overdue_page *page);

void status_read_overdue(struct database *database, overdue_page_read *read, void *owner);

/* A source whose clock is wrong, or some of whose events are missing. */
struct troubled_source {
    const char *source;
    const char *incarnation; /* NULL: it does not number */
    int64_t last_seen_at;
    int64_t skew_ms;  /* 0: its clock is right */
    uint64_t missing; /* how many events */
    uint64_t first_missing;
    bool is_silent; /* it numbers, and was heard within a week, but not for a quarter of an hour */
};

struct troubled_page {
    const char *fault;
    const struct troubled_source *sources;
    size_t count;
};
typedef void troubled_page_read(void *owner, const struct troubled_page *page);

/* The first `most`, ordered by missing events, then by skew, then the silent ones. */
void status_read_troubled(struct database *database, uint32_t most, troubled_page_read *read, void *owner);

#endif
