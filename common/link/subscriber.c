/* subscriber: a ZMQ_SUB. */
#include "common/link/subscriber.h"

#include "common/base/memory.h"
#include "common/link/socket.h"

#include <assert.h>

struct link_subscriber {
    struct link_socket socket;
    struct link_subscriber_calls calls;
};

static void changed(void *owner, bool is_connected)
{
    struct link_subscriber *subscriber = owner;
    void (*call)(void *) = is_connected ? subscriber->calls.on_connected : subscriber->calls.on_disconnected;
    if (call)
        call(subscriber->calls.owner);
}

/* Two frames; anything else is not from one of our publishers. */
static void receive_rest(struct link_subscriber *subscriber, zmq_msg_t *topic)
{
    zmq_msg_t body;
    if (!zmq_msg_more(topic) || !link_socket_take(&subscriber->socket, &body)) {
        subscriber->socket.numbers.refused_frames++;
        return;
    }
    if (zmq_msg_more(&body)) {
        link_socket_skip(&subscriber->socket);
        subscriber->socket.numbers.refused_frames++;
    } else {
        subscriber->calls.on_message(subscriber->calls.owner, link_frame_slice(topic),
                                     link_frame_slice(&body));
    }
    zmq_msg_close(&body);
}

static void ready(void *owner, unsigned events)
{
    (void)events;
    struct link_subscriber *subscriber = owner;
    bool is_there = true;
    for (int i = 0; i < subscriber->socket.options.messages_a_turn && is_there; i++) {
        zmq_msg_t topic;
        is_there = link_socket_take(&subscriber->socket, &topic);
        if (is_there)
            receive_rest(subscriber, &topic);
        zmq_msg_close(&topic);
    }
}

struct link_subscriber *link_subscriber_connect(struct link_context *context, struct loop *loop,
                                                const char *endpoint, const struct link_options *options,
                                                const struct link_subscriber_calls *calls, char *why,
                                                size_t why_size)
{
    AUTO(link_subscriber) *subscriber = NEW(link_subscriber);
    subscriber->calls = *calls;
    subscriber->socket.on_change = changed;
    subscriber->socket.owner = subscriber;
    if (!link_socket_open(&subscriber->socket, context, loop, ZMQ_SUB, options, why, why_size) ||
        !link_socket_connect(&subscriber->socket, endpoint, why, why_size))
        return NULL;
    link_socket_watch(&subscriber->socket, ready, subscriber);
    return TAKE(subscriber);
}

void link_subscriber_close(struct link_subscriber *subscriber)
{
    if (!subscriber)
        return;
    link_socket_close(&subscriber->socket);
    free(subscriber);
}

void link_subscriber_add(struct link_subscriber *subscriber, const char *prefix)
{
    assert(strlen(prefix) <= LINK_TOPIC_MOST_BYTES);
    int rc = zmq_setsockopt(subscriber->socket.zmq, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    assert(rc == 0);
}
