/* subscriber_door: the ROUTER that subscribers connect to: requests in, replies and deliveries out.
 *
 * A subscriber says something at least every 10 s, a Ping when it has nothing else to say; one that is silent
 * for 30 s is gone. Every 5 s each hears a Pong, asked for or not. */
#ifndef BELLHOP_RELAY_DOOR_SUBSCRIBER_DOOR_H
#define BELLHOP_RELAY_DOOR_SUBSCRIBER_DOOR_H

#include "common/link/router.h"
#include "services/relay/door/presence.h"
#include "services/relay/door/roles.h"
#include "services/relay/deliver/registry.h"

enum { SUBSCRIBER_SILENCE_MS = 30000, SUBSCRIBER_PONG_MS = 5000 };

struct subscriber_door;

struct subscriber_door_parts {
    struct loop *loop;
    struct link_context *context;
    struct database *database;
    struct decision_source *source;
    struct presence *presence;
    const struct roles *roles;
    const char *endpoint;
    size_t most_subscribers;
};

struct subscriber_door *subscriber_door_open(const struct subscriber_door_parts *parts, char *why,
                                             size_t why_size);
void subscriber_door_close(struct subscriber_door *door);

/* Set the streams, before any message is handled. */
void subscriber_door_use(struct subscriber_door *door, struct registry *registry);

/* For the streams' calls: owner is the door. */
struct durable_calls subscriber_door_calls(struct subscriber_door *door);

/* Refuse new requests. */
void subscriber_door_stop(struct subscriber_door *door);

/* At the end of each turn, before the streams' own: whoever is gone leaves its streams. */
void subscriber_door_sweep(struct subscriber_door *door);

const char *subscriber_door_endpoint(const struct subscriber_door *door);

AUTO_CLOSE(subscriber_door)

#endif
