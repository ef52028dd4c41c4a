/* persist_link: a service's conversation with bellhop-persist over its append door.
 *
 * The first message on every connection says who asks. A request is kept until its answer has come. Whenever a
 * connection is made, or persist was too busy, it is sent again with all that follow it, in their order. So a
 * request may be answered twice: ids and compare-and-set make that harmless. Answers to what is no longer kept
 * are dropped. */
#ifndef BELLHOP_SERVICE_PERSIST_LINK_H
#define BELLHOP_SERVICE_PERSIST_LINK_H

#include "common/link/dealer.h"
#include "common/service/metrics.h"
#include "proto/bellhop/v1/append.pb-c.h"

struct persist_link;

/* Replies live until the call returns. Each may be NULL. */
struct persist_link_calls {
    /* A connection is made; nothing has been sent again yet. */
    void (*on_welcome)(void *owner, const WireWelcome *welcome);
    void (*on_lost)(void *owner);

    /* Persist was too busy to append, and took nothing. NULL: it is asked again until it is not busy. */
    void (*on_busy)(void *owner, const WireAppendResult *result);

    /* The answer to what was asked, exactly one for each; never busy. */
    void (*on_appended)(void *owner, const WireAppendResult *result);
    void (*on_decided)(void *owner, const WireDecisionResult *result);
    void (*on_stream)(void *owner, const WireStreamResult *result);

    void (*on_lease)(void *owner, const WireLeaseResult *result);
    void (*on_verdict)(void *owner, const WireVerdictResult *result);

    /* Whoever has this call hears of every case that is answered. */
    void (*on_update)(void *owner, const WireVerdictUpdate *update);
    void *owner;
};

struct persist_link_numbers {
    uint64_t sent; /* requests that are kept, every time they were sent */
    uint64_t sent_again;
    uint64_t unknown;          /* answers to no request that is kept, or unreadable */
    uint64_t refused;          /* requests that persist could not read */
    struct histogram answered; /* from sending a request to its answer */
};

/* `peer` is the service and its instance, "relay-4711". */
struct persist_link *persist_link_open(struct link_context *context, struct loop *loop, const char *endpoint,
                                       const char *peer, const struct persist_link_calls *calls, char *why,
                                       size_t why_size);
void persist_link_close(struct persist_link *link);

/* Ask, and keep until answered. The request's id is set, and returned: from 1, never used twice. A batch is
 * encoded already: see wire/append_batch. An event of ours is complete. */
uint64_t persist_link_append(struct persist_link *link, struct bytes *batch);
uint64_t persist_link_append_event(struct persist_link *link, const WireEvent *event);
uint64_t persist_link_decide(struct persist_link *link, WireDecisionBatch *batch);
uint64_t persist_link_write_stream(struct persist_link *link, WireStreamWrite *write);

/* Not kept: whoever holds a lease asks in time for the next, and a verdict may be asked for again. False when
 * there is no connection. */
bool persist_link_lease(struct persist_link *link, WireLeaseRequest *request);
bool persist_link_read_verdict(struct persist_link *link, WireVerdictRead *read);

/* Forget the decisions that are to be stored; their answers are dropped. */
void persist_link_forget_decisions(struct persist_link *link);

/* Connected and welcomed. */
bool persist_link_is_connected(const struct persist_link *link);

/* Without an answer yet. */
size_t persist_link_open_count(const struct persist_link *link);

/* For a table of metrics; they stay where they are until the link is closed. */
const struct persist_link_numbers *persist_link_numbers(const struct persist_link *link);

AUTO_CLOSE(persist_link)

#endif
