/* storable: refuses what PostgreSQL would refuse, one item at a time: in a transaction it would fail everybody's, again
 * and again. This is not validation; the senders have done that. Pure. */
#ifndef BELLHOP_PERSIST_STORABLE_H
#define BELLHOP_PERSIST_STORABLE_H

#include "common/wire/refusal.h"

#include "proto/bellhop/v1/append.pb-c.h"

/* `event` is the decoded append->event. Returns WIRE_FINE, or why not. */
enum wire_reason storable_check_event(const WireAppendEvent *append, const WireEvent *event);

/* May the deadlines of a batch of decisions be stored? */
bool storable_deadlines(const WireDecisionBatch *batch);

/* The same for a write to a durable stream. */
enum wire_reason storable_check_stream(const WireStreamWrite *write);

#endif
