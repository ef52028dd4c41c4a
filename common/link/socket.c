/* socket: options that bite by default, and the monitor. */
#include "common/link/socket.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

struct link_context {
    void *zmq;
    uint64_t monitors; /* opened so far: their inproc names never return, the old one may linger in libzmq */
};

struct link_context *link_context_new(void)
{
    struct link_context *context = NEW(link_context);
    context->zmq = zmq_ctx_new();
    assert(context->zmq);
    return context;
}

void link_context_free(struct link_context *context)
{
    if (!context)
        return;
    while (zmq_ctx_term(context->zmq) != 0 && errno == EINTR)
        ;
    free(context);
}

/* --- options --- */

static int64_t or_default(int64_t value, int64_t fallback)
{
    return value ? value : fallback;
}

static struct link_options options_filled(const struct link_options *given)
{
    struct link_options options = given ? *given : (struct link_options){0};
    options.most_message_bytes = or_default(options.most_message_bytes, 4096 * 1024 + 256);
    options.high_water_mark = (int)or_default(options.high_water_mark, 1000);
    options.unread_most = (int)or_default(options.unread_most, options.high_water_mark);
    options.most_frames = (int)or_default(options.most_frames, 4);
    options.messages_a_turn = (int)or_default(options.messages_a_turn, 256);
    options.reconnect_most_ms = (int)or_default(options.reconnect_most_ms, 2000);
    return options;
}

void link_socket_set(struct link_socket *socket, int option, int value)
{
    int rc = zmq_setsockopt(socket->zmq, option, &value, sizeof value);
    assert(rc == 0);
}

static void set_options(struct link_socket *socket)
{
    const struct link_options *options = &socket->options;
    int64_t most_bytes = options->most_message_bytes;
    int rc = zmq_setsockopt(socket->zmq, ZMQ_MAXMSGSIZE, &most_bytes, sizeof most_bytes);
    assert(rc == 0);
    link_socket_set(socket, ZMQ_LINGER, options->linger_ms);
    link_socket_set(socket, ZMQ_RCVHWM, options->unread_most);
    link_socket_set(socket, ZMQ_SNDHWM, options->high_water_mark);
    link_socket_set(socket, ZMQ_HANDSHAKE_IVL, 5000);
    link_socket_set(socket, ZMQ_HEARTBEAT_IVL, 1000);
    link_socket_set(socket, ZMQ_HEARTBEAT_TIMEOUT, 3000);
    link_socket_set(socket, ZMQ_CONNECT_TIMEOUT, 2000);
    link_socket_set(socket, ZMQ_RECONNECT_IVL, 100);
    link_socket_set(socket, ZMQ_RECONNECT_IVL_MAX, options->reconnect_most_ms);
    link_socket_set(socket, ZMQ_IMMEDIATE, 1);
}

/* Encrypts, and proves the server to its peers. Who may come in is the door-keeper's matter. */
static bool set_keys(struct link_socket *socket, char *why, size_t why_size)
{
    const struct link_keys *keys = &socket->options.keys;
    if (!keys->secret_key)
        return true;
    bool is_server = !keys->server_key;
    if (is_server)
        link_socket_set(socket, ZMQ_CURVE_SERVER, 1);
    bool is_set =
        zmq_setsockopt(socket->zmq, ZMQ_CURVE_SECRETKEY, keys->secret_key, 41) == 0 &&
        (is_server || (zmq_setsockopt(socket->zmq, ZMQ_CURVE_PUBLICKEY, keys->public_key, 41) == 0 &&
                       zmq_setsockopt(socket->zmq, ZMQ_CURVE_SERVERKEY, keys->server_key, 41) == 0));
    if (!is_set)
        text_format(why, why_size, "a key is not 40 characters of Z85");
    return is_set;
}

/* --- the monitor --- */

static void connection_changed(struct link_socket *socket, bool is_connected)
{
    bool is_news = socket->is_connected != is_connected;
    socket->is_connected = is_connected;
    if (is_news && socket->on_change)
        socket->on_change(socket->owner, is_connected);
}

static void monitor_event(struct link_socket *socket, unsigned event)
{
    switch (event) {
    case ZMQ_EVENT_CONNECTED:
    case ZMQ_EVENT_ACCEPTED:
        socket->numbers.connections++;
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        connection_changed(socket, true);
        break;
    case ZMQ_EVENT_DISCONNECTED:
        socket->numbers.connections--;
        socket->numbers.disconnected++;
        connection_changed(socket, false);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        socket->numbers.refused_handshake++;
        break;
    default: /* a bit of many that were not asked for */
        break;
    }
}

/* An event is two frames: number (16 bits) and value (32 bits) in the machine's byte order, then the
 * endpoint. */
static void monitor_ready(void *owner, unsigned events)
{
    (void)events;
    struct link_socket *socket = owner;
    uint8_t head[6];
    char endpoint[LINK_ENDPOINT_SIZE];
    while (zmq_recv(socket->monitor, head, sizeof head, ZMQ_DONTWAIT) == (int)sizeof head) {
        zmq_recv(socket->monitor, endpoint, sizeof endpoint, ZMQ_DONTWAIT);
        uint16_t event;
        memcpy(&event, head, sizeof event);
        monitor_event(socket, event);
    }
}

static bool monitor_open(struct link_socket *socket, struct link_context *context, char *why, size_t why_size)
{
    char endpoint[64];
    text_format(endpoint, sizeof endpoint, "inproc://monitor-%" PRIu64, ++context->monitors);
    int events = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                 ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    int no_linger = 0;
    socket->monitor = zmq_socket(context->zmq, ZMQ_PAIR);
    if (!socket->monitor || zmq_setsockopt(socket->monitor, ZMQ_LINGER, &no_linger, sizeof no_linger) != 0 ||
        zmq_socket_monitor(socket->zmq, endpoint, events) != 0 ||
        zmq_connect(socket->monitor, endpoint) != 0) {
        text_format(why, why_size, "could not watch the socket: %s", zmq_strerror(errno));
        return false;
    }
    socket->monitor_watch = loop_socket_add(socket->loop, socket->monitor, monitor_ready, socket);
    return true;
}

/* --- opening and closing --- */

bool link_socket_open(struct link_socket *socket, struct link_context *context, struct loop *loop, int type,
                      const struct link_options *options, char *why, size_t why_size)
{
    socket->loop = loop;
    socket->options = options_filled(options);
    socket->zmq = zmq_socket(context->zmq, type);
    if (!socket->zmq) {
        text_format(why, why_size, "could not make a socket: %s", zmq_strerror(errno));
        return false;
    }
    set_options(socket);
    return set_keys(socket, why, why_size) && monitor_open(socket, context, why, why_size);
}

void link_socket_close(struct link_socket *socket)
{
    loop_watch_remove(socket->loop, socket->watch);
    loop_watch_remove(socket->loop, socket->monitor_watch);
    if (socket->zmq) {
        zmq_socket_monitor(socket->zmq, NULL, 0);
        zmq_close(socket->zmq);
    }
    if (socket->monitor)
        zmq_close(socket->monitor);
}

bool link_socket_bind(struct link_socket *socket, const char *endpoint, char *why, size_t why_size)
{
    size_t size = sizeof socket->endpoint;
    if (zmq_bind(socket->zmq, endpoint) == 0 &&
        zmq_getsockopt(socket->zmq, ZMQ_LAST_ENDPOINT, socket->endpoint, &size) == 0)
        return true;
    text_format(why, why_size, "could not bind \"%s\": %s", endpoint, zmq_strerror(errno));
    return false;
}

bool link_socket_connect(struct link_socket *socket, const char *endpoint, char *why, size_t why_size)
{
    text_copy(socket->endpoint, sizeof socket->endpoint, endpoint);
    if (zmq_connect(socket->zmq, endpoint) == 0)
        return true;
    text_format(why, why_size, "could not connect to \"%s\": %s", endpoint, zmq_strerror(errno));
    return false;
}

void link_socket_watch(struct link_socket *socket, loop_ready *on_ready, void *owner)
{
    socket->watch = loop_socket_add(socket->loop, socket->zmq, on_ready, owner);
}

void link_socket_pause(struct link_socket *socket, bool is_paused)
{
    loop_watch_events(socket->loop, socket->watch, is_paused ? 0 : LOOP_READABLE);
}

/* --- messages --- */

bool link_socket_take(struct link_socket *socket, zmq_msg_t *frame)
{
    zmq_msg_init(frame);
    int rc;
    do
        rc = zmq_msg_recv(frame, socket->zmq, ZMQ_DONTWAIT);
    while (rc < 0 && errno == EINTR);
    return rc >= 0;
}

void link_socket_skip(struct link_socket *socket)
{
    bool has_more = true;
    while (has_more) {
        zmq_msg_t frame;
        has_more = link_socket_take(socket, &frame) && zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
}

static enum link_sent send_refused(struct link_socket *socket)
{
    if (errno == EHOSTUNREACH)
        return LINK_UNREACHABLE;
    socket->numbers.full++;
    return LINK_FULL;
}

enum link_sent link_socket_send(struct link_socket *socket, const struct slice *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        int rc;
        do
            rc = zmq_send(socket->zmq, frames[i].data, frames[i].size, flags);
        while (rc < 0 && errno == EINTR);
        if (rc < 0)
            return send_refused(socket);
    }
    return LINK_SENT;
}
