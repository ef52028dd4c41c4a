/* batch: what one transaction of the writer stores: events, decisions and their rows, the cursor's move, rejected
 * events, durable streams, sources. Pure.
 *
 * It is filled while the previous batch is being stored, and borrows nothing from whoever fills it. */
#ifndef BELLHOP_STORE_WRITE_BATCH_H
#define BELLHOP_STORE_WRITE_BATCH_H

#include "common/base/auto.h"
#include "common/store/session/source_record.h"
#include "common/store/write/body_rows.h"
#include "common/store/write/event_rows.h"
#include "common/store/write/months.h"

#include "proto/bellhop/v1/append.pb-c.h"

enum { BATCH_COPIES_MOST = 3 + BODY_TABLE_COUNT };

struct batch {
    struct event_rows events;
    struct bytes decisions; /* binary COPY rows */
    size_t decision_count;
    struct body_rows bodies;
    struct bytes statements; /* complete, for everything else */
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

/* Empty it, keep its memory. */
void batch_reset(struct batch *batch);

bool batch_is_empty(const struct batch *batch);

/* A decision, and the bytes it was decoded from; the bytes are stored. */
void batch_add_decision(struct batch *batch, const WireDecision *decision, struct slice packed);

/* Which deadlines are open now, and no more. */
void batch_add_deadlines(struct batch *batch, const WireDecisionBatch *decided);

/* Stored once for each key and hash. */
void batch_add_rejected(struct batch *batch, const WireRejectedEvent *rejected);

void batch_add_stream(struct batch *batch, const WireStreamWrite *write);

/* What is known of a source, with its gaps. */
void batch_add_source(struct batch *batch, const struct source_record *source);

/* What batch_add_source() was given holds for the log up to `seq`. */
void batch_set_sources_seq(struct batch *batch, uint64_t seq);

/* For the writer: give the events their positions and compose the transaction in `sql` and `copies`. */
struct batch_place {
    uint32_t epoch;
    uint64_t first_seq;
    int64_t recorded_at;
    const struct months *months; /* known to be in the database */
};
void batch_compose(struct batch *batch, const struct batch_place *place);

#endif
