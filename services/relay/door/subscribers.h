/* subscribers: the connections at the subscribers' door, when they were last heard, and which streams each
 * has joined. Pure; `now_ms` is passed in. */
#ifndef BELLHOP_RELAY_DOOR_SUBSCRIBERS_H
#define BELLHOP_RELAY_DOOR_SUBSCRIBERS_H

#include "common/base/auto.h"
#include "common/link/peer.h"

enum { SUBSCRIBER_STREAMS = 64, SUBSCRIBER_NAME_SIZE = 65 };

struct subscriber {
    uint64_t id; /* the session of its streams */
    struct link_peer peer;
    int64_t heard_ms;
    bool is_gone; /* to be removed */
    size_t stream_count;
    char streams[SUBSCRIBER_STREAMS][SUBSCRIBER_NAME_SIZE];
};

struct subscribers;

struct subscribers *subscribers_new(uint64_t seed, size_t most);
void subscribers_free(struct subscribers *subscribers);
AUTO_FREE(subscribers)

/* The subscriber that speaks from there, found or new; NULL when there are too many. Borrowed until it is
 * removed. */
struct subscriber *subscribers_hear(struct subscribers *subscribers, const struct link_peer *peer,
                                    int64_t now_ms);

struct subscriber *subscribers_find(const struct subscribers *subscribers, uint64_t id);

/* Each; `*at` starts at 0, NULL at the end. The one just returned may be removed. */
struct subscriber *subscribers_next(const struct subscribers *subscribers, size_t *at);

void subscribers_remove(struct subscribers *subscribers, struct subscriber *subscriber);
size_t subscribers_count(const struct subscribers *subscribers);

bool subscriber_has(const struct subscriber *subscriber, const char *stream);

/* True when it is there already; false when it has joined too many. */
bool subscriber_join(struct subscriber *subscriber, const char *stream);
void subscriber_leave(struct subscriber *subscriber, const char *stream);

#endif
