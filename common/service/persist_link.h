/* persist_link: a service's conversation with bellhop-persist over its append door.
 *
 * The first message on every connection says who asks. A request that was asked is kept until its answer has
 * come, and sent again, with those after it, in their order, whenever a connection is made or persist was too
 * busy for it. So an answer may be given to a request for the second time: ids and compare-and-set make that
 * harmless. Answers to what is not kept any more are dropped. */
#ifndef BELLHOP_SERVICE_PERSIST_LINK_H
#define BELLHOP_SERVICE_PERSIST_LINK_H

#include "common/link/dealer.h"
#include "common/service/metrics.h"
#include "proto/append.pb-c.h"

struct persist_link;

/* Replies live until the call returns. Each may be NULL. */
struct persist_link_calls {
    void (*on_welcome)(void *owner,
                       const WireWelcome *welcome); /* a connection is made; before anything is sent again */
    void (*on_lost)(void *owner);

    /* The answer to what was asked, exactly one for each; never busy. */
    void (*on_appended)(void *owner, const WireAppendResult *result);
    void (*on_decided)(void *owner, const WireDecisionResult *result);
    void (*on_stream)(void *owner, const WireStreamResult *result);

    void (*on_lease)(void *owner, const WireLeaseResult *result);
    void *owner;
};

/* `peer` is the service and its instance, "relay-4711". */
struct persist_link *persist_link_open(struct link_context *context, struct loop *loop, const char *endpoint,
                                       const char *peer, const struct persist_link_calls *calls, char *why,
                                       size_t why_size);
void persist_link_close(struct persist_link *link);

/* Ask, and keep until answered. The request's id is set, and returned: from 1, never used twice. */
uint64_t persist_link_append(struct persist_link *link, WireAppendBatch *batch);
uint64_t persist_link_decide(struct persist_link *link, WireDecisionBatch *batch);
uint64_t persist_link_write_stream(struct persist_link *link, WireStreamWrite *write);

/* Not kept: who holds a lease asks in time for the next. False when there is no connection. */
bool persist_link_lease(struct persist_link *link, WireLeaseRequest *request);

/* Forget the decisions that were asked to be stored: their answers will not be told. */
void persist_link_forget_decisions(struct persist_link *link);

/* Connected, and welcomed. */
bool persist_link_is_connected(const struct persist_link *link);

/* Without an answer yet. */
size_t persist_link_open_count(const struct persist_link *link);

static inline void persist_link_free(struct persist_link *link)
{
    if (link)
        persist_link_close(link);
}
AUTO_FREE(persist_link)

#endif
