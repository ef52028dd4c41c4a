/* event_rows: events on their way into the log, as rows that lack only their positions. Pure.
 *
 * A row is built when its event arrives, while the previous transaction is under way. Positions, the writer's epoch
 * and recorded_at are filled in when the transaction begins, and again if it must be repeated. */
#ifndef BELLHOP_STORE_WRITE_EVENT_ROWS_H
#define BELLHOP_STORE_WRITE_EVENT_ROWS_H

#include "common/base/bytes.h"
#include "common/base/uuid.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/event.pb-c.h"

#include <stdbool.h>

/* The bits of column flags. */
enum { EVENT_IS_DRILL = 1, EVENT_HAS_TEXT = 2 };

struct event_row {
    struct uuid id;
    uint64_t seq;        /* once positions are given */
    int64_t occurred_at; /* corrected */
    int64_t sent_at;     /* 0: none */
    int64_t skew_ms;     /* 0: none */
    uint64_t sequence;   /* of its source; 0: none */
    size_t offset;       /* of the row */
    uint32_t size;
    uint32_t canonical_size; /* of the event, which ends the row */
    uint32_t source_at;      /* in the row: column source, and incarnation behind it */
    int32_t month;           /* of the id: year * 12 + month - 1 */
    uint32_t first_text;     /* its texts, in `texts` */
    uint32_t text_count;
    bool is_awaited; /* a sender waits for its verdict */
    bool is_dropped; /* will not be stored after all */
};

struct event_months {
    int32_t month;
    uint64_t lowest_seq;
    uint64_t highest_seq;
};

struct event_rows {
    struct bytes copy; /* rows in binary COPY form, header and end included once positions are given */
    struct event_row *rows;
    size_t count;
    size_t capacity;
    size_t dropped;
    struct bytes
        texts; /* binary COPY rows of event_text without header; struct event_text_row in text_rows */
    struct event_text_row {
        uint32_t offset;
        uint32_t size;
    } * text_rows;
    size_t text_count;
    size_t text_capacity;
    struct bytes text_copy; /* those of events that are stored, complete */
    struct event_months *months;
    size_t month_count;
    size_t month_capacity;
};

/* All zero is empty. */
void event_rows_clear(struct event_rows *rows);

/* Empty it, keep its memory. */
void event_rows_reset(struct event_rows *rows);

/* `event` is the decoded append->event. Returns the row's index. */
size_t event_rows_add(struct event_rows *rows, const WireAppendEvent *append, const WireEvent *event);

/* Row `index` will not be stored. */
void event_rows_drop(struct event_rows *rows, size_t index);

/* How many will be stored. */
static inline size_t event_rows_count(const struct event_rows *rows)
{
    return rows->count - rows->dropped;
}

/* Give positions from `first_seq` on to all rows that will be stored; `copy`, now without dropped rows, and `text_copy`
 * are then complete. May be called again after more rows were dropped. */
void event_rows_position(struct event_rows *rows, uint32_t epoch, uint64_t first_seq, int64_t recorded_at);

/* The canonical event of row `index`, which was not dropped. */
struct slice event_rows_canonical(const struct event_rows *rows, size_t index);

/* Its source, borrowed from the row, which was not dropped; the incarnation may be empty. */
struct event_origin {
    struct slice source;
    struct slice incarnation;
};
struct event_origin event_rows_origin(const struct event_rows *rows, size_t index);

/* The columns of tables event and event_text, in the order of the rows. */
extern const char event_rows_columns[];
extern const char event_rows_text_columns[];

#endif
