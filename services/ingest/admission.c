/* admission: how much work may be under way: requests and bytes, in all and for each peer. */
#include "services/ingest/admission.h"

#include "common/base/map.h"
#include "common/base/memory.h"

#include <assert.h>

struct peer {
    int64_t requests;
    int64_t bytes;
    size_t size;
    uint8_t connection[];
};

struct admission {
    struct admission_limits limits;
    struct map peers; /* by connection; those with requests under way */
    int64_t requests;
    int64_t bytes;
    enum admission_answer closed; /* ADMITTED: open */
};

struct admission *admission_new(const struct admission_limits *limits, uint64_t seed)
{
    struct admission *admission = NEW(admission);
    admission->limits = *limits;
    map_init(&admission->peers, seed);
    return admission;
}

void admission_free(struct admission *admission)
{
    if (!admission)
        return;
    struct peer *peer;
    MAP_EACH(peer, &admission->peers)
        free(peer);
    map_clear(&admission->peers);
    free(admission);
}

void admission_close(struct admission *admission, enum admission_answer why)
{
    if (admission->closed != BUSY_STOPPING)
        admission->closed = why;
}

static struct peer *peer_new(struct slice connection)
{
    struct peer *peer = memory_zeroed(sizeof *peer + connection.size);
    peer->size = connection.size;
    memcpy(peer->connection, connection.data, connection.size);
    return peer;
}

/* A peer with nothing in flight is admitted while there is any room; others must leave the last quarter free. */
static enum admission_answer answer_to(const struct admission *admission, const struct peer *peer,
                                       int64_t size_bytes)
{
    const struct admission_limits *limits = &admission->limits;
    if (admission->closed != ADMITTED)
        return admission->closed;
    if (peer && (peer->requests >= limits->peer_requests || peer->bytes + size_bytes > limits->peer_bytes))
        return BUSY_PEER;
    if (admission->requests >= (peer ? limits->requests - limits->requests / 4 : limits->requests))
        return BUSY_REQUESTS;
    if (admission->bytes + size_bytes > (peer ? limits->bytes - limits->bytes / 4 : limits->bytes))
        return BUSY_BYTES;
    return ADMITTED;
}

enum admission_answer admission_enter(struct admission *admission, struct slice connection,
                                      int64_t size_bytes)
{
    struct peer *peer = map_find(&admission->peers, connection.data, connection.size);
    enum admission_answer answer = answer_to(admission, peer, size_bytes);
    if (answer != ADMITTED)
        return answer;
    if (!peer) {
        peer = peer_new(connection);
        map_put(&admission->peers, peer->connection, peer->size, peer);
    }
    peer->requests++;
    peer->bytes += size_bytes;
    admission->requests++;
    admission->bytes += size_bytes;
    return ADMITTED;
}

void admission_leave(struct admission *admission, struct slice connection, int64_t size_bytes)
{
    struct peer *peer = map_find(&admission->peers, connection.data, connection.size);
    assert(peer && peer->requests > 0);
    admission->requests--;
    admission->bytes -= size_bytes;
    peer->bytes -= size_bytes;
    if (--peer->requests == 0) {
        map_take(&admission->peers, peer->connection, peer->size);
        free(peer);
    }
}

int64_t admission_requests(const struct admission *admission)
{
    return admission->requests;
}

int64_t admission_bytes(const struct admission *admission)
{
    return admission->bytes;
}

const char *admission_word(enum admission_answer answer)
{
    static const char *const words[ADMISSION_ANSWERS] = {
        [ADMITTED] = "",
        [BUSY_STOPPING] = "stopping",
        [BUSY_LOG] = "log_unavailable",
        [BUSY_PEER] = "too_many_of_this_peer",
        [BUSY_REQUESTS] = "too_many_requests",
        [BUSY_BYTES] = "too_many_bytes",
    };
    return words[answer];
}
