/* dealer: a ZMQ_DEALER that knows whether it is connected. */
#include "common/link/dealer.h"

#include "common/base/memory.h"
#include "common/link/socket.h"

struct link_dealer {
    struct link_socket socket;
    struct link_dealer_calls calls;
};

static void changed(void *owner, bool is_connected)
{
    struct link_dealer *dealer = owner;
    void (*call)(void *) = is_connected ? dealer->calls.on_connected : dealer->calls.on_disconnected;
    if (call)
        call(dealer->calls.owner);
}

static bool receive(struct link_dealer *dealer)
{
    zmq_msg_t frame;
    bool is_there = link_socket_take(&dealer->socket, &frame);
    if (is_there && zmq_msg_more(&frame)) {
        link_socket_skip(&dealer->socket);
        dealer->socket.numbers.refused_frames++;
    } else if (is_there) {
        dealer->calls.on_message(dealer->calls.owner, link_frame_slice(&frame));
    }
    zmq_msg_close(&frame);
    return is_there;
}

static void ready(void *owner, unsigned events)
{
    (void)events;
    struct link_dealer *dealer = owner;
    for (int i = 0; i < dealer->socket.options.messages_a_turn; i++)
        if (!receive(dealer))
            return;
}

struct link_dealer *link_dealer_connect(struct link_context *context, struct loop *loop, const char *endpoint,
                                        const struct link_options *options,
                                        const struct link_dealer_calls *calls, char *why, size_t why_size)
{
    AUTO(link_dealer) *dealer = NEW(link_dealer);
    dealer->calls = *calls;
    dealer->socket.on_change = changed;
    dealer->socket.owner = dealer;
    if (!link_socket_open(&dealer->socket, context, loop, ZMQ_DEALER, options, why, why_size) ||
        !link_socket_connect(&dealer->socket, endpoint, why, why_size))
        return NULL;
    link_socket_watch(&dealer->socket, ready, dealer);
    return TAKE(dealer);
}

void link_dealer_close(struct link_dealer *dealer)
{
    if (!dealer)
        return;
    link_socket_close(&dealer->socket);
    free(dealer);
}

enum link_sent link_dealer_send(struct link_dealer *dealer, struct slice message)
{
    if (dealer->socket.is_connected)
        return link_socket_send(&dealer->socket, &message, 1);
    return LINK_UNREACHABLE;
}

bool link_dealer_is_connected(const struct link_dealer *dealer)
{
    return dealer->socket.is_connected;
}
