/* desk: answers the services' requests; it stands between the door, the committer, the verdicts, the leases and the
 * feed. */
#ifndef BELLHOP_PERSIST_DESK_H
#define BELLHOP_PERSIST_DESK_H

#include "common/base/auto.h"
#include "common/loop/loop.h"
#include "services/persist/config.h"

struct desk;

/* Connects to the database. Once this writer holds the lock, the endpoints are bound and the service is ready: a
 * standby binds nothing. */
struct desk *desk_open(struct loop *loop, const struct persist_config *config);

/* Take no new requests; finish the accepted ones within `grace_ms`. */
void desk_drain(struct desk *desk, int64_t grace_ms);
void desk_close(struct desk *desk);

AUTO_CLOSE(desk)

#endif
