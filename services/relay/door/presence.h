/* presence: who serves which level of which store.
 *
 * A stream's first session that serves a level of a store begins it (ServingStarted); when the last one
 * leaves, it ends at once; when the last one falls silent or is cut off, it ends after a lease, unless
 * somebody came back (ServingEnded). Pure; `now_ms` is passed in. */
#ifndef BELLHOP_RELAY_DOOR_PRESENCE_H
#define BELLHOP_RELAY_DOOR_PRESENCE_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PRESENCE_MOST = 10000, PRESENCE_WORD_SIZE = 65 };

struct presence_level {
    char stream[PRESENCE_WORD_SIZE];
    char store_id[PRESENCE_WORD_SIZE]; /* "*": every store */
    char role[PRESENCE_WORD_SIZE];
};

struct presence_change {
    struct presence_level level;
    bool is_started;
    bool is_of_earlier_runs; /* an end of all that a relay of this name announced before it was started */
    const char *reason;      /* of an end: left, silent, restarted */
};

struct presence;

struct presence *presence_new(uint64_t seed, int64_t lease_ms);
void presence_free(struct presence *presence);
AUTO_FREE(presence)

/* The session serves the level. False when there are too many levels. */
bool presence_serve(struct presence *presence, const struct presence_level *level, uint64_t session);

/* The session serves nothing of this stream any more; of any stream when `stream` is NULL. */
void presence_leave(struct presence *presence, uint64_t session, const char *stream);

/* The session is gone without a word. */
void presence_lose(struct presence *presence, uint64_t session, int64_t now_ms);

/* All sessions leave: relay stops. */
void presence_leave_all(struct presence *presence);

/* The next change to be appended to the log; false: none. */
bool presence_next(struct presence *presence, int64_t now_ms, struct presence_change *ret_change);

/* Levels that are served. */
size_t presence_count(const struct presence *presence);

#endif
