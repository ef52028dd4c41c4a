/* exchange: what relay is made of, put together: decisions in, streams and tail out, positions and presence
 * to persist. */
#ifndef BELLHOP_RELAY_EXCHANGE_H
#define BELLHOP_RELAY_EXCHANGE_H

#include "common/base/auto.h"
#include "common/link/link.h"
#include "common/store/read/database.h"
#include "services/relay/config.h"

struct exchange;

/* Borrowed. */
struct exchange_parts {
    struct loop *loop;
    struct link_context *context;
    struct database *database;
    const struct relay_config *config;
};

struct exchange *exchange_open(const struct exchange_parts *parts, char *why, size_t why_size);
void exchange_close(struct exchange *exchange);

/* Take no more requests; what is served ends. */
void exchange_stop(struct exchange *exchange);

/* Turn the loop until what was confirmed is stored and answered, at most `grace_ms`. */
void exchange_drain(struct exchange *exchange, int64_t grace_ms);

AUTO_CLOSE(exchange)

#endif
