/* updates: which connection hears that a source's case was answered: the newest that asked for it.
 *
 * Pure. Bounded: the source that was quiet longest makes room for a new one, and what is older than
 * `most_age_ms` is forgotten when somebody asks for it. Only sending shows that a connection is gone; then it is
 * forgotten. */
#ifndef BELLHOP_SERVICE_UPDATES_H
#define BELLHOP_SERVICE_UPDATES_H

#include "common/base/auto.h"
#include "common/link/peer.h"

#include <stddef.h>
#include <stdint.h>

struct updates;

struct updates *updates_new(size_t most_sources, int64_t most_age_ms, uint64_t seed);
void updates_free(struct updates *updates);
AUTO_FREE(updates)

/* `source` is a valid one: 129 bytes at most. Since when (UTC) this connection hears without a break: `now_at`
 * where it was another's, or nobody's, until now. */
int64_t updates_want(struct updates *updates, const char *source, const struct link_peer *peer,
                     int64_t now_ms, int64_t now_at);

/* Borrowed until the next change; NULL: nobody wants them. */
const struct link_peer *updates_find(struct updates *updates, const char *source, int64_t now_ms);

void updates_forget(struct updates *updates, const char *source);

size_t updates_count(const struct updates *updates);

#endif
