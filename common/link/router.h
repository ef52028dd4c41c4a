/* router: the serving side: requests from many peers, replies to each. */
#ifndef BELLHOP_LINK_ROUTER_H
#define BELLHOP_LINK_ROUTER_H

#include "common/link/link.h"
#include "common/link/peer.h"

struct link_router;

struct link_router_calls {
    /* Copy what is to be kept. */
    void (*on_message)(void *owner, const struct link_peer *peer, struct slice message);

    /* A message was dropped unread because of its frames; only its connection is known. May be NULL. */
    void (*on_refused)(void *owner, const struct link_peer *connection);

    void *owner;
};

struct link_router *link_router_bind(struct link_context *context, struct loop *loop, const char *endpoint,
                                     const struct link_options *options,
                                     const struct link_router_calls *calls, char *why, size_t why_size);
void link_router_close(struct link_router *router);

/* While a message is handed over: the address it came from, "" where there is none (ipc). For logs. */
const char *link_router_sender(const struct link_router *router);

enum link_sent link_router_send(struct link_router *router, const struct link_peer *peer,
                                struct slice message);

/* Read no more messages for now, or read them again; a full queue then holds the peers back. */
void link_router_pause(struct link_router *router, bool is_paused);

/* As bound, with the port that was found for a `*`; borrowed. */
const char *link_router_endpoint(const struct link_router *router);

const struct link_numbers *link_router_numbers(const struct link_router *router);

AUTO_CLOSE(link_router)

#endif
