/* batch: what one transaction of the writer stores: events, decisions and the rows they make, the cursor's
 * move, rejected events, durable streams, what is known of sources.
 *
 * It is filled while the batch before is being stored; nothing in it is borrowed from who filled it. */
#ifndef BELLHOP_STORE_WRITE_BATCH_H
#define BELLHOP_STORE_WRITE_BATCH_H

#include "common/base/auto.h"
#include "common/store/session/source_record.h"
#include "common/store/write/body_rows.h"
#include "common/store/write/event_rows.h"
#include "common/store/write/months.h"

#include "proto/append.pb-c.h"

enum { BATCH_COPIES_MOST = 3 + BODY_TABLE_COUNT };

struct batch {
    struct event_rows events;
    struct bytes decisions; /* binary COPY rows */
    size_t decision_count;
    struct body_rows bodies;
    struct bytes statements; /* of all else, complete */
    uint64_t after;          /* the cursor moves from here … */
    uint64_t upto;           /* … to here; both 0: it stays */

    /* as it is stored */
    int64_t recorded_at;
    struct bytes sql;
    struct slice copies[BATCH_COPIES_MOST];
    size_t copy_count;
};

struct batch *batch_new(void);
void batch_free(struct batch *batch);
AUTO_FREE(batch)

/* Forget what it held, keep the memory. */
void batch_reset(struct batch *batch);

bool batch_is_empty(const struct batch *batch);

/* A decoded decision, and the bytes it was decoded from, which are what is stored. */
void batch_add_decision(struct batch *batch, const WireDecision *decision, struct slice packed);

/* Kept once for each key and hash. */
void batch_add_rejected(struct batch *batch, const WireRejectedEvent *rejected);

void batch_add_stream(struct batch *batch, const WireStreamWrite *write);

/* What is known of a source, its gaps included. */
void batch_add_source(struct batch *batch, const struct source_record *source);

/* What batch_add_source() was given is true of the log up to `seq`. */
void batch_set_sources_seq(struct batch *batch, uint64_t seq);

/* The writer: give the events their positions and put the transaction together, in sql and copies. */
struct batch_place {
    uint32_t epoch;
    uint64_t first_seq;
    int64_t recorded_at;
    const struct months *months; /* known to be in the database */
};
void batch_compose(struct batch *batch, const struct batch_place *place);

#endif
