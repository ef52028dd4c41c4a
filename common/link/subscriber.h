/* subscriber: listens to a publisher.
 *
 * Subscriptions outlive reconnections; what is published while there is no connection is missed. on_connected
 * says that the connection is there, not that the publisher has seen the subscriptions yet: a reader catches
 * up with the first message it gets, not before. */
#ifndef BELLHOP_LINK_SUBSCRIBER_H
#define BELLHOP_LINK_SUBSCRIBER_H

#include "common/link/link.h"

struct link_subscriber;

struct link_subscriber_calls {
    void (*on_message)(void *owner, struct slice topic, struct slice message);
    void (*on_connected)(void *owner);    /* may be NULL */
    void (*on_disconnected)(void *owner); /* may be NULL */
    void *owner;
};

struct link_subscriber *link_subscriber_connect(struct link_context *context, struct loop *loop,
                                                const char *endpoint, const struct link_options *options,
                                                const struct link_subscriber_calls *calls, char *why,
                                                size_t why_size);
void link_subscriber_close(struct link_subscriber *subscriber);

/* Listen to what begins with `prefix`; "" is everything. At most 245 bytes. */
void link_subscriber_add(struct link_subscriber *subscriber, const char *prefix);

AUTO_CLOSE(link_subscriber)

#endif
