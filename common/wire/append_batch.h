/* append_batch: what is to be appended to the log, encoded event by event.
 *
 * Encoded messages put one after the other are one message with all their repeated fields, so the batch is an
 * AppendBatch at any time. service/persist_link puts the id behind it. */
#ifndef BELLHOP_WIRE_APPEND_BATCH_H
#define BELLHOP_WIRE_APPEND_BATCH_H

#include "common/base/bytes.h"

#include "proto/bellhop/v1/append.pb-c.h"

void append_batch_add(struct bytes *batch, WireAppendEvent *event);
void append_batch_add_rejected(struct bytes *batch, WireRejectedEvent *rejected);

/* The updates of this source are to come to the sender. */
void append_batch_want_updates(struct bytes *batch, const char *source);

/* An event of one of our services, complete, without free text; see wire_event_mint(). */
void append_batch_add_own(struct bytes *batch, const WireEvent *event);

#endif
