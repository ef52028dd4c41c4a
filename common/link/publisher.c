/* publisher: a ZMQ_XPUB, whose subscriptions must be read even when nobody wants to know of them. */
#include "common/link/publisher.h"

#include "common/base/backoff.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/link/socket.h"

#include <assert.h>
#include <malloc.h>

enum {
    SUBSCRIPTION_MOST_BYTES = 1024, /* also of the frames of a handshake, with keys and names */
    UNREAD_SUBSCRIPTIONS =
        2, /* libzmq takes in all that a peer has ready before it returns: it must run dry */
    PREFIX_OVERHEAD_BYTES = 32, /* of the shortest */
    CALM_MS = 10 * 60 * 1000,   /* without an overflow: the next one is a first one again */
};

static const struct backoff rest = {.first_ms = 1000, .most_ms = 60 * 1000};

struct link_publisher {
    struct link_context *context;
    struct loop *loop;
    struct link_socket socket;
    struct link_options options;
    char endpoint[LINK_ENDPOINT_SIZE]; /* as bound */
    struct link_publisher_calls calls;
    size_t prefix_bytes;
    unsigned overflows; /* since the last calm */
    int64_t overflow_ms;
    bool is_open;            /* not while it rests */
    struct loop_timer again; /* closes what overflows, opens what rests */
};

static void ready(void *owner, unsigned events);

/* A subscription is one frame: 1 (subscribe) or 0 (unsubscribe), then the prefix. */
static void hear_subscription(struct link_publisher *publisher, struct slice frame)
{
    if (frame.size == 0 || frame.data[0] > 1)
        return;
    bool is_subscribed = frame.data[0] == 1;
    size_t bytes = frame.size + PREFIX_OVERHEAD_BYTES;
    publisher->prefix_bytes += is_subscribed ? bytes : -bytes;
    if (publisher->calls.on_subscription)
        publisher->calls.on_subscription(publisher->calls.owner, is_subscribed,
                                         slice_of(frame.data + 1, frame.size - 1));
}

static bool open_socket(struct link_publisher *publisher, const char *endpoint, char *why, size_t why_size)
{
    publisher->is_open = link_socket_open(&publisher->socket, publisher->context, publisher->loop, ZMQ_XPUB,
                                          &publisher->options, why, why_size) &&
                         link_socket_bind(&publisher->socket, endpoint, why, why_size);
    if (publisher->is_open)
        link_socket_watch(&publisher->socket, ready, publisher);
    return publisher->is_open;
}

static void close_socket(struct link_publisher *publisher)
{
    link_socket_close(&publisher->socket);
    publisher->socket = (struct link_socket){.numbers = publisher->socket.numbers};
    publisher->socket.numbers.connections = 0;
    publisher->is_open = false;
}

/* --- too many prefixes --- */

static void overflow(struct link_publisher *publisher)
{
    int64_t now_ms = loop_now_ms(publisher->loop);
    if (publisher->overflows && now_ms - publisher->overflow_ms > CALM_MS)
        publisher->overflows = 0;
    publisher->overflow_ms = now_ms;
    publisher->prefix_bytes = 0;
    close_socket(publisher);
    int64_t rest_ms = backoff_delay_ms(&rest, ++publisher->overflows, random_u64());
    loop_timer_set(publisher->loop, &publisher->again, rest_ms);
    if (publisher->calls.on_overflow)
        publisher->calls.on_overflow(publisher->calls.owner, rest_ms);
}

/* The turn after the overflow, and the end of its rest. A port that is not free yet will be. */
static void open_or_close(void *owner)
{
    struct link_publisher *publisher = owner;
    char why[LINK_WHY_SIZE];
    if (publisher->is_open) {
        overflow(publisher);
        return;
    }
    malloc_trim(0); /* what the prefixes took goes back to the system */
    if (!open_socket(publisher, publisher->endpoint, why, sizeof why)) {
        close_socket(publisher);
        loop_timer_set(publisher->loop, &publisher->again, rest.first_ms);
    }
}

static void ready(void *owner, unsigned events)
{
    (void)events;
    struct link_publisher *publisher = owner;
    bool is_there = true;
    for (int i = 0; i < publisher->socket.options.messages_a_turn && is_there; i++) {
        zmq_msg_t frame;
        is_there = link_socket_take(&publisher->socket, &frame);
        if (is_there)
            hear_subscription(publisher, link_frame_slice(&frame));
        zmq_msg_close(&frame);
    }
    if (publisher->prefix_bytes > LINK_PREFIXES_MOST_BYTES && !loop_timer_is_set(&publisher->again)) {
        link_socket_pause(&publisher->socket, true);
        loop_timer_set(publisher->loop, &publisher->again, 0);
    }
}

/* --- opening and closing --- */

struct link_publisher *link_publisher_bind(struct link_context *context, struct loop *loop,
                                           const char *endpoint, const struct link_options *options,
                                           const struct link_publisher_calls *calls, char *why,
                                           size_t why_size)
{
    AUTO(link_publisher) *publisher = NEW(link_publisher);
    publisher->context = context;
    publisher->loop = loop;
    publisher->options = options ? *options : (struct link_options){0};
    publisher->options.most_message_bytes = SUBSCRIPTION_MOST_BYTES; /* of what it reads */
    publisher->options.unread_most = UNREAD_SUBSCRIPTIONS;
    publisher->calls = calls ? *calls : (struct link_publisher_calls){0};
    loop_timer_init(&publisher->again, open_or_close, publisher);
    if (!open_socket(publisher, endpoint, why, why_size))
        return NULL;
    text_copy(publisher->endpoint, sizeof publisher->endpoint, publisher->socket.endpoint);
    return TAKE(publisher);
}

void link_publisher_close(struct link_publisher *publisher)
{
    if (!publisher)
        return;
    loop_timer_clear(publisher->loop, &publisher->again);
    if (publisher->socket.zmq)
        link_socket_close(&publisher->socket);
    free(publisher);
}

enum link_sent link_publisher_send(struct link_publisher *publisher, const char *topic, struct slice message)
{
    const struct slice frames[] = {slice_of_text(topic), message};
    assert(frames[0].size <= LINK_TOPIC_MOST_BYTES);
    return publisher->is_open ? link_socket_send(&publisher->socket, frames, COUNT_OF(frames))
                              : LINK_UNREACHABLE;
}

const char *link_publisher_endpoint(const struct link_publisher *publisher)
{
    return publisher->endpoint;
}
