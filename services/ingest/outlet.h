/* outlet: what goes to bellhop-persist, gathered into batches, and what comes back for whom.
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

#include "proto/append.pb-c.h"

#include <stdbool.h>

struct outlet;

/* In the caller's request: its place in a batch. */
struct outlet_ticket {
    struct list_node node;
    size_t event_count; /* appended for it */
};

struct outlet_calls {
    /* The ticket's events are committed, or what else became of them: ticket->event_count receipts. */
    void (*on_receipts)(void *owner, struct outlet_ticket *ticket, WireReceipt *const *receipts);
    /* Nothing of it was taken. */
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

/* Who hears; before the loop runs. */
void outlet_listen(struct outlet *outlet, const struct outlet_calls *calls);

/* Put a request of `size_bytes` together: begin, add its events (copied), submit: it is called back once for
 * its ticket. */
void outlet_begin(struct outlet *outlet, size_t size_bytes);
void outlet_append(struct outlet *outlet, WireAppendEvent *event);
void outlet_append_rejected(struct outlet *outlet, WireRejectedEvent *rejected);
void outlet_submit(struct outlet *outlet, struct outlet_ticket *ticket);

/* Ask for a stored verdict: on_verdict with the same read_id. False when it cannot be asked now. */
bool outlet_ask(struct outlet *outlet, uint64_t read_id, const uint8_t event_id[16], int64_t wait_ms);

AUTO_CLOSE(outlet)

#endif
