/* router: a ZMQ_ROUTER that never drops without saying so. */
#include "common/link/router.h"

#include "common/base/memory.h"
#include "common/link/socket.h"

struct link_router {
    struct link_socket socket;
    struct link_router_calls calls;
    zmq_msg_t *frame; /* of the message that is being handed over */
    bool is_paused;   /* also ends the turn that is under way */
};

static bool peer_append(struct link_peer *peer, struct slice frame)
{
    if (frame.size > UINT8_MAX || peer->size + 1 + frame.size > LINK_PEER_SIZE)
        return false;
    peer->data[peer->size] = (uint8_t)frame.size;
    if (frame.size)
        memcpy(peer->data + peer->size + 1, frame.data, frame.size);
    peer->size = (uint8_t)(peer->size + 1 + frame.size);
    peer->frame_count++;
    return true;
}

/* --- receiving --- */

/* Frames are taken into `peer` until the last one, the message, which is left in `frame`. */
static bool take_message(struct link_router *router, struct link_peer *peer, zmq_msg_t *frame)
{
    int most = router->socket.options.most_frames;
    while (zmq_msg_more(frame)) {
        if (peer->frame_count >= most || !peer_append(peer, link_frame_slice(frame)))
            return false;
        zmq_msg_close(frame);
        if (!link_socket_take(&router->socket, frame))
            return false;
    }
    return true;
}

static void refuse_message(struct link_router *router, const struct link_peer *peer)
{
    link_socket_skip(&router->socket);
    router->socket.numbers.refused_frames++;
    struct link_peer connection = {0};
    peer_append(&connection, link_peer_connection(peer));
    if (router->calls.on_refused)
        router->calls.on_refused(router->calls.owner, &connection);
}

static bool receive(struct link_router *router)
{
    zmq_msg_t frame;
    struct link_peer peer = {0};
    bool is_there = link_socket_take(&router->socket, &frame);
    router->frame = &frame;
    if (is_there && take_message(router, &peer, &frame)) {
        router->calls.on_message(router->calls.owner, &peer, link_frame_slice(&frame));
    } else if (is_there) {
        refuse_message(router, &peer);
    }
    router->frame = NULL;
    zmq_msg_close(&frame);
    return is_there;
}

static void ready(void *owner, unsigned events)
{
    (void)events;
    struct link_router *router = owner;
    for (int i = 0; i < router->socket.options.messages_a_turn && !router->is_paused; i++)
        if (!receive(router))
            return;
}

/* --- the outside --- */

struct link_router *link_router_bind(struct link_context *context, struct loop *loop, const char *endpoint,
                                     const struct link_options *options,
                                     const struct link_router_calls *calls, char *why, size_t why_size)
{
    AUTO(link_router) *router = NEW(link_router);
    router->calls = *calls;
    if (!link_socket_open(&router->socket, context, loop, ZMQ_ROUTER, options, why, why_size))
        return NULL;
    link_socket_set(&router->socket, ZMQ_ROUTER_MANDATORY, 1);
    if (!link_socket_bind(&router->socket, endpoint, why, why_size))
        return NULL;
    link_socket_watch(&router->socket, ready, router);
    return TAKE(router);
}

void link_router_close(struct link_router *router)
{
    if (!router)
        return;
    link_socket_close(&router->socket);
    free(router);
}

const char *link_router_sender(const struct link_router *router)
{
    const char *address = router->frame ? zmq_msg_gets(router->frame, "Peer-Address") : NULL;
    return address ? address : "";
}

enum link_sent link_router_send(struct link_router *router, const struct link_peer *peer,
                                struct slice message)
{
    struct slice frames[LINK_PEER_SIZE + 1];
    size_t count = 0;
    for (size_t at = 0; at < peer->size; at += 1 + (size_t)peer->data[at])
        frames[count++] = slice_of(peer->data + at + 1, peer->data[at]);
    frames[count++] = message;
    return link_socket_send(&router->socket, frames, count);
}

void link_router_pause(struct link_router *router, bool is_paused)
{
    router->is_paused = is_paused;
    link_socket_pause(&router->socket, is_paused);
}

const char *link_router_endpoint(const struct link_router *router)
{
    return router->socket.endpoint;
}

const struct link_numbers *link_router_numbers(const struct link_router *router)
{
    return &router->socket.numbers;
}
