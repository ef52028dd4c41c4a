/* tail: the live tail, an XPUB: every decision under its topic for whoever listens, and nothing promised. */
#ifndef BELLHOP_RELAY_DOOR_TAIL_H
#define BELLHOP_RELAY_DOOR_TAIL_H

#include "common/link/publisher.h"
#include "services/relay/stream/item.h"

struct tail;

struct tail *tail_open(struct link_context *context, struct loop *loop, const char *endpoint, char *why,
                       size_t why_size);
void tail_close(struct tail *tail);

/* Nothing while nobody listens to anything. */
void tail_send(struct tail *tail, const struct item *item);

const char *tail_endpoint(const struct tail *tail);

#endif
