/* publisher: tells everybody who listens: two frames, a topic and a message.
 *
 * A hint, never a delivery: who does not keep up misses messages, and neither side is told (a subscriber sees
 * a gap in the positions). The subscriptions are prefixes, compared as bytes. */
#ifndef BELLHOP_LINK_PUBLISHER_H
#define BELLHOP_LINK_PUBLISHER_H

#include "common/link/link.h"

struct link_publisher;

/* The first subscriber to a prefix came, or the last one left. */
typedef void link_subscription(void *owner, bool is_subscribed, struct slice prefix);

/* `on_subscription` may be NULL. */
struct link_publisher *link_publisher_bind(struct link_context *context, struct loop *loop,
                                           const char *endpoint, const struct link_options *options,
                                           link_subscription *on_subscription, void *owner, char *why,
                                           size_t why_size);
void link_publisher_close(struct link_publisher *publisher);

/* LINK_SENT also when nobody listens. A topic longer than 245 bytes is a bug. */
enum link_sent link_publisher_send(struct link_publisher *publisher, const char *topic, struct slice message);

const char *link_publisher_endpoint(const struct link_publisher *publisher);

static inline void link_publisher_free(struct link_publisher *publisher)
{
    link_publisher_close(publisher);
}
AUTO_FREE(link_publisher)

#endif
