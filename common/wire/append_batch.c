/* append_batch: batches of one event, or one rejected event, each. */
#include "common/wire/append_batch.h"

#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

void append_batch_add(struct bytes *batch, WireAppendEvent *event)
{
    WireAppendBatch part = WIRE_APPEND_BATCH__INIT;
    part.n_events = 1;
    part.events = &event;
    wire_pack(&part, batch);
}

void append_batch_add_rejected(struct bytes *batch, WireRejectedEvent *rejected)
{
    WireAppendBatch part = WIRE_APPEND_BATCH__INIT;
    part.n_rejected = 1;
    part.rejected = &rejected;
    wire_pack(&part, batch);
}

void append_batch_want_updates(struct bytes *batch, const char *source)
{
    WireAppendBatch part = WIRE_APPEND_BATCH__INIT;
    char *sources[] = {(char *)source};
    part.n_updates_for = 1;
    part.updates_for = sources;
    wire_pack(&part, batch);
}

void append_batch_add_own(struct bytes *batch, const WireEvent *event)
{
    AUTO_CLEAR(bytes) canonical = {0};
    wire_event_write(event, &canonical);
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    WIRE_SET(&append, event, wire_bytes(bytes_slice(&canonical)));
    WIRE_SET(&append, occurred_at, event->occurred_at);
    append_batch_add(batch, &append);
}
