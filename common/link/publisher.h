/* publisher: sends to everybody who listens: two frames, a topic and a message.
 *
 * A hint, never a delivery: whoever does not keep up misses messages, and neither side learns of it (a
 * subscriber sees a gap in the positions). Subscriptions are prefixes, compared as bytes.
 *
 * ZeroMQ keeps every prefix, one node a byte, and refuses none. So a prefix longer than any topic cuts its
 * connection, and when all prefixes together exceed LINK_PREFIXES_MOST_BYTES the socket is closed, and opened
 * anew after a rest: everybody reconnects, and subscribes again. */
#ifndef BELLHOP_LINK_PUBLISHER_H
#define BELLHOP_LINK_PUBLISHER_H

#include "common/link/link.h"

enum { LINK_PREFIXES_MOST_BYTES = 256 * 1024 };

struct link_publisher;

/* Each may be NULL. */
struct link_publisher_calls {
    /* The first subscriber to a prefix came, or the last one left. */
    void (*on_subscription)(void *owner, bool is_subscribed, struct slice prefix);

    /* There were too many prefixes: nobody listens now, and nobody can for the next `rest_ms`. */
    void (*on_overflow)(void *owner, int64_t rest_ms);

    void *owner;
};

struct link_publisher *link_publisher_bind(struct link_context *context, struct loop *loop,
                                           const char *endpoint, const struct link_options *options,
                                           const struct link_publisher_calls *calls, char *why,
                                           size_t why_size);
void link_publisher_close(struct link_publisher *publisher);

/* LINK_SENT also when nobody listens, LINK_UNREACHABLE while it rests. A topic longer than 245 bytes is a
 * bug. */
enum link_sent link_publisher_send(struct link_publisher *publisher, const char *topic, struct slice message);

const char *link_publisher_endpoint(const struct link_publisher *publisher);

AUTO_CLOSE(link_publisher)

#endif
