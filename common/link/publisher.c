/* publisher: a ZMQ_XPUB, whose subscriptions must be read even when nobody wants to know of them. */
#include "common/link/publisher.h"

#include "common/base/memory.h"
#include "common/link/socket.h"

#include <assert.h>

struct link_publisher {
    struct link_socket socket;
    link_subscription *on_subscription;
    void *owner;
};

/* A subscription is one frame: 1 (subscribe) or 0 (unsubscribe), then the prefix. */
static void subscription(struct link_publisher *publisher, struct slice frame)
{
    bool is_subscription = frame.size >= 1 && frame.data[0] <= 1;
    if (is_subscription && publisher->on_subscription)
        publisher->on_subscription(publisher->owner, frame.data[0] == 1,
                                   slice_of(frame.data + 1, frame.size - 1));
    publisher->socket.numbers.received++;
}

static void publisher_ready(void *owner, unsigned events)
{
    (void)events;
    struct link_publisher *publisher = owner;
    bool is_there = true;
    for (int i = 0; i < publisher->socket.options.messages_a_turn && is_there; i++) {
        zmq_msg_t frame;
        is_there = link_socket_take(&publisher->socket, &frame);
        if (is_there)
            subscription(publisher, link_frame_slice(&frame));
        zmq_msg_close(&frame);
    }
}

struct link_publisher *link_publisher_bind(struct link_context *context, struct loop *loop,
                                           const char *endpoint, const struct link_options *options,
                                           link_subscription *on_subscription, void *owner, char *why,
                                           size_t why_size)
{
    AUTO(link_publisher) *publisher = NEW(link_publisher);
    publisher->on_subscription = on_subscription;
    publisher->owner = owner;
    if (!link_socket_open(&publisher->socket, context, loop, ZMQ_XPUB, options, why, why_size) ||
        !link_socket_bind(&publisher->socket, endpoint, why, why_size))
        return NULL;
    link_socket_watch(&publisher->socket, publisher_ready, publisher);
    return TAKE(publisher);
}

void link_publisher_close(struct link_publisher *publisher)
{
    if (!publisher)
        return;
    link_socket_close(&publisher->socket);
    free(publisher);
}

enum link_sent link_publisher_send(struct link_publisher *publisher, const char *topic, struct slice message)
{
    const struct slice frames[] = {slice_of_text(topic), message};
    assert(frames[0].size <= LINK_TOPIC_MOST_BYTES);
    return link_socket_send(&publisher->socket, frames, COUNT_OF(frames));
}

const char *link_publisher_endpoint(const struct link_publisher *publisher)
{
    return publisher->socket.endpoint;
}
