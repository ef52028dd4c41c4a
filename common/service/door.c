/* door: libmicrohttpd driven by our loop through its epoll descriptor. The only file that knows it. */
#include "common/service/door.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    DOOR_CONNECTIONS = 256,
    DOOR_CONNECTION_BYTES = 32 * 1024,
    DOOR_PATIENCE_S = 5,
    DOOR_PAUSE_MS = 1000,
};

struct door {
    struct loop *loop;
    struct door_rooms rooms;
    struct MHD_Daemon *daemon;
    struct loop_watch *watch;
    struct loop_timer timer; /* libmicrohttpd's own time-outs */
    char address[INET_ADDRSTRLEN + sizeof ":65535"];
};

struct door_answer {
    unsigned status;
    const char *type;
    struct bytes body;
};

/* --- the rooms --- */

static void show_health(const struct door *door, struct door_answer *answer)
{
    answer->type = "application/json";
    answer->status =
        health_worst(door->rooms.health) == HEALTH_RED ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
    health_write(door->rooms.health, &answer->body);
}

static void show_readiness(const struct door *door, struct door_answer *answer)
{
    bool is_ready = *door->rooms.is_ready;
    answer->status = is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    bytes_append_text(&answer->body, is_ready ? "ready\n" : "not ready\n");
}

static void show_metrics(const struct door *door, struct door_answer *answer)
{
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(door->rooms.metrics, &answer->body);
}

static const struct {
    const char *path;
    void (*show)(const struct door *door, struct door_answer *answer);
} rooms[] = {
    {"/healthz", show_health},
    {"/readyz", show_readiness},
    {"/metrics", show_metrics},
};

static void show_page(const struct door *door, const char *method, const char *path,
                      struct door_answer *answer)
{
    if (!text_equal(method, "GET") && !text_equal(method, "HEAD")) {
        answer->status = MHD_HTTP_METHOD_NOT_ALLOWED;
        bytes_append_text(&answer->body, "only GET and HEAD\n");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(rooms); i++)
        if (text_equal(path, rooms[i].path)) {
            rooms[i].show(door, answer);
            return;
        }
    answer->status = MHD_HTTP_NOT_FOUND;
    bytes_append_text(&answer->body, "there are /healthz, /readyz and /metrics\n");
}

/* Called once for the head of a request, then once for its end (and for each part of a body, which is thrown
 * away). */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request)
{
    (void)version, (void)upload;
    if (!*request) {
        *request = owner;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    struct door_answer answer = {.status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8"};
    show_page(owner, method, path, &answer);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer.body.size, answer.body.data, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        bytes_clear(&answer.body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

/* --- on the loop --- */

/* At its limit libmicrohttpd does not listen any more, and begins anew only when it is run: nothing wakes it then. */
static void attend(void *owner)
{
    struct door *door = owner;
    MHD_UNSIGNED_LONG_LONG wait_ms = DOOR_PAUSE_MS;
    MHD_run(door->daemon);
    bool has_wait = MHD_get_timeout(door->daemon, &wait_ms) == MHD_YES;
    loop_timer_set(door->loop, &door->timer,
                   has_wait && wait_ms < DOOR_PAUSE_MS ? (int64_t)wait_ms : DOOR_PAUSE_MS);
}

static void on_ready(void *owner, unsigned events)
{
    (void)events;
    attend(owner);
}

static int address_parse(const char *text, struct sockaddr_in *ret_address)
{
    char host[INET_ADDRSTRLEN];
    const char *colon = strrchr(text, ':');
    int64_t port;
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (!colon || !text_format(host, sizeof host, "%.*s", (int)(colon - text), text) ||
        inet_pton(AF_INET, host, &address.sin_addr) != 1 || text_parse_int64(colon + 1, 0, 65535, &port))
        return -EINVAL;
    address.sin_port = htons((uint16_t)port);
    *ret_address = address;
    return 0;
}

static void note_address(struct door *door, const struct sockaddr_in *address)
{
    char host[INET_ADDRSTRLEN];
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(door->daemon, MHD_DAEMON_INFO_BIND_PORT);
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    text_format(door->address, sizeof door->address, "%s:%u", host, info->port);
}

struct door *door_open(struct loop *loop, const char *address, struct door_rooms rooms, char *why,
                       size_t why_size)
{
    AUTO(door) *door = NEW(door);
    struct sockaddr_in bound;
    *door = (struct door){.loop = loop, .rooms = rooms};
    loop_timer_init(&door->timer, attend, door);
    if (address_parse(address, &bound)) {
        text_format(why, why_size, "\"%s\" is no address: expected IPv4 and port, such as 127.0.0.1:9464",
                    address);
        return NULL;
    }
    door->daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, door, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&bound, MHD_OPTION_CONNECTION_LIMIT, (unsigned)DOOR_CONNECTIONS,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)DOOR_CONNECTION_BYTES,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)DOOR_PATIENCE_S, MHD_OPTION_END);
    if (!door->daemon) {
        text_format(why, why_size, "could not listen on %s: %s", address, strerror(errno));
        return NULL;
    }
    note_address(door, &bound);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(door->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    door->watch = loop_descriptor_add(loop, info->epoll_fd, LOOP_READABLE, on_ready, door);
    attend(door);
    return TAKE(door);
}

void door_close(struct door *door)
{
    if (!door)
        return;
    loop_watch_remove(door->loop, door->watch);
    loop_timer_clear(door->loop, &door->timer);
    if (door->daemon)
        MHD_stop_daemon(door->daemon);
    free(door);
}

const char *door_address(const struct door *door)
{
    return door->address;
}

/* --- from outside --- */

static int knock_connect(const char *address, int timeout_ms, char *why, size_t why_size)
{
    struct sockaddr_in peer;
    if (address_parse(address, &peer)) {
        text_format(why, why_size, "\"%s\" is no address", address);
        return -EINVAL;
    }
    if (peer.sin_addr.s_addr == htonl(INADDR_ANY))
        peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const struct timeval patience = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_open = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
                   setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
                   connect(fd, (struct sockaddr *)&peer, sizeof peer) == 0;
    if (is_open)
        return fd;
    int rc = -errno;
    text_format(why, why_size, "could not reach %s: %s", address, strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

int door_knock(const char *address, int timeout_ms, char *why, size_t why_size)
{
    static const char request[] = "GET /healthz HTTP/1.0\r\n\r\n";
    int fd = knock_connect(address, timeout_ms, why, why_size);
    if (fd < 0)
        return fd;
    AUTO_CLEAR(bytes) answer = {0};
    ssize_t got = write(fd, request, sizeof request - 1);
    while (got > 0 && answer.size < DOOR_CONNECTION_BYTES) {
        got = read(fd, bytes_reserve(&answer, 1024), 1024);
        bytes_grew(&answer, got > 0 ? (size_t)got : 0);
    }
    close(fd);
    const char *text = bytes_text(&answer);
    const char *body = strstr(text, "\r\n\r\n");
    text_copy(why, why_size, body ? body + 4 : "no answer");
    bool is_ok = text_starts_with(text, "HTTP/1.1 200") || text_starts_with(text, "HTTP/1.0 200");
    return is_ok ? 0 : -EPROTO;
}
