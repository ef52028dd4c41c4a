/* storable: what PostgreSQL would refuse is refused before it, alone: in a transaction it would take everybody
 * with it, again and again. Peers of the append door have looked at what they send; this is not validation. */
#ifndef BELLHOP_PERSIST_STORABLE_H
#define BELLHOP_PERSIST_STORABLE_H

#include "common/wire/refusal.h"

#include "proto/append.pb-c.h"

/* `event` is the one in `append`, decoded. WIRE_FINE, or why not. */
enum wire_reason storable_check_event(const WireAppendEvent *append, const WireEvent *event);

/* The same of a write to a durable stream. */
enum wire_reason storable_check_stream(const WireStreamWrite *write);

#endif
