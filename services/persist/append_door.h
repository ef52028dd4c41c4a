/* append_door: the ROUTER at which the other services append: requests in, replies out. */
#ifndef BELLHOP_PERSIST_APPEND_DOOR_H
#define BELLHOP_PERSIST_APPEND_DOOR_H

#include "common/link/router.h"

#include "proto/bellhop/v1/append.pb-c.h"

struct append_door;

/* The arguments live until the call returns. */
struct append_door_calls {
    void (*on_hello)(void *owner, const struct link_peer *peer, const WireHello *hello);
    void (*on_append)(void *owner, const struct link_peer *peer, const WireAppendBatch *batch);
    void (*on_decisions)(void *owner, const struct link_peer *peer, const WireDecisionBatch *batch);
    void (*on_verdict_read)(void *owner, const struct link_peer *peer, const WireVerdictRead *read);
    void (*on_lease)(void *owner, const struct link_peer *peer, const WireLeaseRequest *request);
    void (*on_stream)(void *owner, const struct link_peer *peer, const WireStreamWrite *write);
    void *owner;
};

struct append_door *append_door_open(struct link_context *context, struct loop *loop, const char *endpoint,
                                     const struct append_door_calls *calls, char *why, size_t why_size);
void append_door_close(struct append_door *door);

/* A reply that cannot be delivered is dropped and counted; the peer asks again. False if the peer is gone. */
bool append_door_reply(struct append_door *door, const struct link_peer *peer, const WireAppendReply *reply);

/* Take no requests for now, or take them again; meanwhile their senders wait. */
void append_door_pause(struct append_door *door, bool is_paused);

const char *append_door_endpoint(const struct append_door *door);

AUTO_CLOSE(append_door)

#endif
