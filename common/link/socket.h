/* socket: what the four kinds of link have in common: options, binding and connecting, the monitor, counting.
 *
 * For this folder alone. */
#ifndef BELLHOP_LINK_SOCKET_H
#define BELLHOP_LINK_SOCKET_H

#include "common/link/link.h"

#include <zmq.h>

/* The wire topic's bound: libzmq loses topics of 246 to 255 bytes. */
enum { LINK_TOPIC_MOST_BYTES = 245 };

struct link_socket {
    struct loop *loop;
    void *zmq;
    void *monitor; /* reports connections made and lost */
    struct loop_watch *watch;
    struct loop_watch *monitor_watch;
    struct link_options options; /* defaults filled in */
    struct link_numbers numbers;
    bool is_connected; /* of a connecting socket */
    char endpoint[LINK_ENDPOINT_SIZE];
    void (*on_change)(void *owner, bool is_connected); /* of a connecting socket; may be NULL */
    void *owner;
};

/* In the caller's storage, all zero before; `type` is ZMQ_ROUTER … False with the reason in `why`; then, as
 * always when it is done with, link_socket_close() releases what there is. */
bool link_socket_open(struct link_socket *socket, struct link_context *context, struct loop *loop, int type,
                      const struct link_options *options, char *why, size_t why_size);
void link_socket_close(struct link_socket *socket);

bool link_socket_bind(struct link_socket *socket, const char *endpoint, char *why, size_t why_size);
bool link_socket_connect(struct link_socket *socket, const char *endpoint, char *why, size_t why_size);

/* Call on_ready while there is something to read; is_paused stops it for the time being. */
void link_socket_watch(struct link_socket *socket, loop_ready *on_ready, void *owner);
void link_socket_pause(struct link_socket *socket, bool is_paused);

/* Set an option that is an int; its failure is a bug. */
void link_socket_set(struct link_socket *socket, int option, int value);

/* Take a frame, without waiting; false when there is none. The frame is closed by the caller in either case.
 */
bool link_socket_take(struct link_socket *socket, zmq_msg_t *frame);

/* Take what is left of a message of which a frame has been taken. */
void link_socket_skip(struct link_socket *socket);

/* Send the frames of one message, without waiting, and count. */
enum link_sent link_socket_send(struct link_socket *socket, const struct slice *frames, size_t count);

static inline struct slice link_frame_slice(zmq_msg_t *frame)
{
    return slice_of(zmq_msg_data(frame), zmq_msg_size(frame));
}

#endif
