/* outlet: gathers requests into batches for bellhop-persist, and gives each its part of the result.
 *
 * A batch holds whole requests; service/persist_link keeps it until its result has come. What is submitted
 * within a turn goes together; while as many batches as allowed are in flight, more is gathered in the next.
 */
#ifndef BELLHOP_INGEST_OUTLET_H
#define BELLHOP_INGEST_OUTLET_H

#include "common/base/auto.h"
#include "common/base/list.h"
#include "common/link/link.h"
#include "services/ingest/config.h"

#include "proto/bellhop/v1/append.pb-c.h"

#include <stdbool.h>

struct outlet;

/* In the caller's request: its place in a batch. */
struct outlet_ticket {
    struct list_node node;
    size_t event_count; /* appended for it */
};

struct outlet_calls {
    /* What became of the ticket's events: ticket->event_count receipts. */
    void (*on_receipts)(void *owner, struct outlet_ticket *ticket, WireReceipt *const *receipts);
    /* None of its events was appended. */
    void (*on_busy)(void *owner, struct outlet_ticket *ticket, int64_t retry_after_ms, const char *reason);
    void (*on_verdict)(void *owner, const WireVerdictResult *result);
    void (*on_update)(void *owner, const WireVerdictUpdate *update);
    void (*on_connection)(void *owner, bool is_connected);
    void *owner;
};

/* Begins to connect. NULL with the reason in `why`. */
struct outlet *outlet_open(struct link_context *context, struct loop *loop,
                           const struct ingest_config *config, char *why, size_t why_size);
void outlet_close(struct outlet *outlet);

/* Before the loop runs. */
void outlet_listen(struct outlet *outlet, const struct outlet_calls *calls);

/* Begin a request of `size_bytes`, append its events (they are copied), submit it: on_receipts or on_busy
 * follows, once, with its ticket. */
void outlet_begin(struct outlet *outlet, size_t size_bytes);
void outlet_append(struct outlet *outlet, WireAppendEvent *event);
void outlet_append_rejected(struct outlet *outlet, WireRejectedEvent *rejected);

/* bellhop-persist sends the updates of this source here, and to no other door. Within a request. */
void outlet_want_updates(struct outlet *outlet, const char *source);
void outlet_submit(struct outlet *outlet, struct outlet_ticket *ticket);

/* Ask for a stored verdict: on_verdict with the same read_id. False when it cannot be asked now. */
bool outlet_ask(struct outlet *outlet, uint64_t read_id, const uint8_t event_id[16], int64_t wait_ms);

AUTO_CLOSE(outlet)

#endif
