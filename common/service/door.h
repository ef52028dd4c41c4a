/* door: a process's small HTTP server on the loop: health, readiness, metrics, for machines.
 *
 *   /healthz   200 unless health is red (503); the states as JSON
 *   /readyz    200 once ready and while not stopping, else 503
 *   /metrics   Prometheus text
 *
 * Only GET and HEAD; few connections, short timeouts; bound to what the setting says, loopback by default. */
#ifndef BELLHOP_SERVICE_DOOR_H
#define BELLHOP_SERVICE_DOOR_H

#include "common/base/auto.h"
#include "common/loop/loop.h"
#include "common/service/health.h"
#include "common/service/metrics.h"

#include <stdbool.h>
#include <stddef.h>

struct door;

struct door_rooms { /* borrowed, and read at each request */
    const struct health *health;
    const struct metrics *metrics;
    const bool *is_ready;
};

/* Listen on `address`, "127.0.0.1:9464" or "127.0.0.1:0" for a free port. NULL with the reason in `why`. */
struct door *door_open(struct loop *loop, const char *address, struct door_rooms rooms, char *why,
                       size_t why_size);
void door_close(struct door *door);

/* As bound, "127.0.0.1:41234"; borrowed. */
const char *door_address(const struct door *door);

/* GET /healthz from `address`, waiting at most `timeout_ms`: 0 when the answer is 200, else -errno or
 * -EPROTO, with the body or the reason in `why`. Blocks: for --healthy only. */
int door_knock(const char *address, int timeout_ms, char *why, size_t why_size);

AUTO_CLOSE(door)

#endif
