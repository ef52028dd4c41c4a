/* plug: a dealer for the library we give away: in a stranger's process, without a loop, never aborting. */
#include "common/link/plug.h"

#include "common/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <zmq.h>

enum {
    HIGH_WATER_MARK = 1000,
    MOST_MESSAGE_BYTES = 8 * 1024 * 1024,
    HANDSHAKE_MS = 5000,
    HEARTBEAT_MS = 1000,
    HEARTBEAT_TIMEOUT_MS = 3000,
    CONNECT_TIMEOUT_MS = 2000,
    RECONNECT_MS = 100,
    RECONNECT_MOST_MS = 2000,
    MOST_PLUGS = 4, /* of one plug_wait() */
};

struct plug {
    void *context;
    void *socket;
    void *monitor;
    zmq_msg_t message; /* received last */
    uint64_t connections;
    bool is_connected;
};

struct socket_option {
    int option;
    int value;
};

static const struct socket_option socket_options[] = {
    {ZMQ_LINGER, 0},
    {ZMQ_IMMEDIATE, 1},
    {ZMQ_SNDHWM, HIGH_WATER_MARK},
    {ZMQ_RCVHWM, HIGH_WATER_MARK},
    {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
    {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
    {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
    {ZMQ_CONNECT_TIMEOUT, CONNECT_TIMEOUT_MS},
    {ZMQ_RECONNECT_IVL, RECONNECT_MS},
    {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MOST_MS},
};

static int set_options(void *socket)
{
    for (size_t i = 0; i < sizeof socket_options / sizeof socket_options[0]; i++)
        if (zmq_setsockopt(socket, socket_options[i].option, &socket_options[i].value, sizeof(int)))
            return -errno;
    int64_t most_bytes = MOST_MESSAGE_BYTES;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most_bytes, sizeof most_bytes) ? -errno : 0;
}

static int set_keys(void *socket, const struct link_keys *keys)
{
    if (!keys || !keys->server_key)
        return 0;
    bool is_set =
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, strlen(keys->public_key) + 1) == 0 &&
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, strlen(keys->secret_key) + 1) == 0 &&
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys->server_key, strlen(keys->server_key) + 1) == 0;
    return is_set ? 0 : -errno;
}

/* The socket's own events, on a pair of sockets inside the context. */
static int open_monitor(struct plug *plug)
{
    static const char endpoint[] = "inproc://plug";
    int linger = 0;
    if (zmq_socket_monitor(plug->socket, endpoint, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED))
        return -errno;
    plug->monitor = zmq_socket(plug->context, ZMQ_PAIR);
    if (!plug->monitor || zmq_setsockopt(plug->monitor, ZMQ_LINGER, &linger, sizeof linger) ||
        zmq_connect(plug->monitor, endpoint))
        return -errno;
    return 0;
}

static int start(struct plug *plug, const char *endpoint, const struct link_keys *keys)
{
    zmq_msg_init(&plug->message);
    plug->context = zmq_ctx_new();
    plug->socket = plug->context ? zmq_socket(plug->context, ZMQ_DEALER) : NULL;
    if (!plug->socket)
        return -errno;
    int rc = set_options(plug->socket);
    if (rc == 0)
        rc = set_keys(plug->socket, keys);
    if (rc == 0)
        rc = open_monitor(plug);
    if (rc == 0 && zmq_connect(plug->socket, endpoint))
        rc = -errno;
    return rc;
}

int plug_open(const char *endpoint, const struct link_keys *keys, struct plug **ret_plug)
{
    AUTO(plug) *plug = calloc(1, sizeof *plug);
    if (!plug)
        return -ENOMEM;
    int rc = start(plug, endpoint, keys);
    if (rc == 0)
        *ret_plug = TAKE(plug);
    return rc;
}

void plug_close(struct plug *plug)
{
    if (!plug)
        return;
    zmq_msg_close(&plug->message);
    if (plug->socket)
        zmq_socket_monitor(plug->socket, NULL, 0);
    if (plug->monitor)
        zmq_close(plug->monitor);
    if (plug->socket)
        zmq_close(plug->socket);
    if (plug->context)
        zmq_ctx_term(plug->context);
    free(plug);
}

enum link_sent plug_send(struct plug *plug, struct slice message)
{
    if (zmq_send(plug->socket, message.data, message.size, ZMQ_DONTWAIT) >= 0)
        return LINK_SENT;
    return plug->is_connected ? LINK_FULL : LINK_UNREACHABLE;
}

/* The frames of a message that are still to come. */
static void drop_rest(void *socket)
{
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    do {
        if (zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) < 0)
            break;
    } while (zmq_msg_more(&frame));
    zmq_msg_close(&frame);
}

bool plug_receive(struct plug *plug, struct slice *ret_message)
{
    while (zmq_msg_recv(&plug->message, plug->socket, ZMQ_DONTWAIT) >= 0) {
        if (!zmq_msg_more(&plug->message)) {
            *ret_message = slice_of(zmq_msg_data(&plug->message), zmq_msg_size(&plug->message));
            return true;
        }
        drop_rest(plug->socket);
    }
    return false;
}

/* A monitor's message: a frame that begins with the event as a 16-bit number, then the endpoint. */
static bool next_event(struct plug *plug)
{
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    bool is_there = zmq_msg_recv(&frame, plug->monitor, ZMQ_DONTWAIT) >= 0;
    if (is_there && zmq_msg_size(&frame) >= sizeof(uint16_t)) {
        uint16_t event;
        memcpy(&event, zmq_msg_data(&frame), sizeof event);
        plug->is_connected = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
        plug->connections += plug->is_connected;
    }
    if (is_there && zmq_msg_more(&frame))
        drop_rest(plug->monitor);
    zmq_msg_close(&frame);
    return is_there;
}

uint64_t plug_connections(struct plug *plug)
{
    while (next_event(plug)) {
    }
    return plug->connections;
}

bool plug_is_connected(const struct plug *plug)
{
    return plug->is_connected;
}

void plug_wait(struct plug *const *plugs, size_t count, int timeout_ms)
{
    zmq_pollitem_t items[2 * MOST_PLUGS];
    int item_count = 0;
    for (size_t i = 0; i < count && i < MOST_PLUGS; i++) {
        if (!plugs[i])
            continue;
        items[item_count++] = (zmq_pollitem_t){.socket = plugs[i]->socket, .events = ZMQ_POLLIN};
        items[item_count++] = (zmq_pollitem_t){.socket = plugs[i]->monitor, .events = ZMQ_POLLIN};
    }
    zmq_poll(items, item_count, timeout_ms);
}

bool plug_has_message(struct plug *plug)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt(plug->socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

static int watch_socket(void *socket, int epoll)
{
    int fd;
    size_t size = sizeof fd;
    if (zmq_getsockopt(socket, ZMQ_FD, &fd, &size))
        return -errno;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int plug_watch(struct plug *plug, int epoll)
{
    int rc = watch_socket(plug->socket, epoll);
    return rc == 0 ? watch_socket(plug->monitor, epoll) : rc;
}
