/* registry: the durable streams that are in use here, by name. */
#ifndef BELLHOP_RELAY_DELIVER_REGISTRY_H
#define BELLHOP_RELAY_DELIVER_REGISTRY_H

#include "services/relay/deliver/durable.h"

struct registry;

/* `parts` without `numbers` and `room`: those of all streams together are the registry's own. */
struct registry *registry_new(const struct durable_parts *parts, size_t most_streams);
void registry_free(struct registry *registry);

/* Borrowed until the end of the turn; NULL is none. */
struct durable *registry_find(struct registry *registry, const char *name);

/* Found, or made; NULL when there are too many. */
struct durable *registry_open(struct registry *registry, const char *name);

void registry_leased(struct registry *registry, const WireLeaseResult *result);
void registry_written(struct registry *registry, const WireStreamResult *result);
void registry_other_log(struct registry *registry, uint64_t cursor);

/* The end of a turn: every stream takes, delivers and writes; those that are done are let go. */
void registry_turn(struct registry *registry);

/* Something is still to be written or on its way. */
bool registry_is_writing(const struct registry *registry);

#endif
