/* presence_log: who serves which level, appended to the log as it changes. */
#ifndef BELLHOP_RELAY_DOOR_PRESENCE_LOG_H
#define BELLHOP_RELAY_DOOR_PRESENCE_LOG_H

#include "common/loop/loop.h"
#include "common/service/persist_link.h"
#include "services/relay/door/presence.h"

struct presence_log;

/* All borrowed. */
struct presence_log_parts {
    struct loop *loop;
    struct persist_link *persist;
    struct presence *presence;
    const char *name;     /* relay's, the same whenever it is started */
    const char *instance; /* of this start alone */
    int64_t lease_ms;
};

struct presence_log *presence_log_new(const struct presence_log_parts *parts);
void presence_log_free(struct presence_log *log);

/* The doors are open: whoever was served before relay was killed has a lease's time to come back. */
void presence_log_begin(struct presence_log *log);

/* Append what has changed: at the end of each turn. */
void presence_log_turn(struct presence_log *log);

/* What persist said of it. */
void presence_log_appended(const WireAppendResult *result);

#endif
