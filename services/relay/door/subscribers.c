/* subscribers: found by connection and by id. */
#include "services/relay/door/subscribers.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct subscribers {
    struct map by_connection;
    struct map by_id;
    uint64_t last_id;
    size_t most;
};

struct subscribers *subscribers_new(uint64_t seed, size_t most)
{
    struct subscribers *subscribers = NEW(subscribers);
    map_init(&subscribers->by_connection, seed);
    map_init(&subscribers->by_id, seed);
    subscribers->most = most;
    return subscribers;
}

void subscribers_free(struct subscribers *subscribers)
{
    if (!subscribers)
        return;
    struct subscriber *subscriber;
    MAP_EACH(subscriber, &subscribers->by_id)
        free(subscriber);
    map_clear(&subscribers->by_connection);
    map_clear(&subscribers->by_id);
    free(subscribers);
}

struct subscriber *subscribers_hear(struct subscribers *subscribers, const struct link_peer *peer,
                                    int64_t now_ms)
{
    struct slice connection = link_peer_connection(peer);
    struct subscriber *subscriber = map_find(&subscribers->by_connection, connection.data, connection.size);
    if (!subscriber && subscribers->by_id.count >= subscribers->most)
        return NULL;
    if (!subscriber) {
        subscriber = NEW(subscriber);
        subscriber->id = ++subscribers->last_id;
        subscriber->peer = *peer;
        connection = link_peer_connection(&subscriber->peer);
        map_put(&subscribers->by_connection, connection.data, connection.size, subscriber);
        map_put(&subscribers->by_id, &subscriber->id, sizeof subscriber->id, subscriber);
    }
    subscriber->heard_ms = now_ms;
    return subscriber;
}

struct subscriber *subscribers_find(const struct subscribers *subscribers, uint64_t id)
{
    return map_find(&subscribers->by_id, &id, sizeof id);
}

struct subscriber *subscribers_next(const struct subscribers *subscribers, size_t *at)
{
    return map_next(&subscribers->by_id, at);
}

void subscribers_remove(struct subscribers *subscribers, struct subscriber *subscriber)
{
    struct slice connection = link_peer_connection(&subscriber->peer);
    map_take(&subscribers->by_connection, connection.data, connection.size);
    map_take(&subscribers->by_id, &subscriber->id, sizeof subscriber->id);
    free(subscriber);
}

size_t subscribers_count(const struct subscribers *subscribers)
{
    return subscribers->by_id.count;
}

static size_t subscriber_index(const struct subscriber *subscriber, const char *stream)
{
    size_t index = 0;
    while (index < subscriber->stream_count && !text_equal(subscriber->streams[index], stream))
        index++;
    return index;
}

bool subscriber_has(const struct subscriber *subscriber, const char *stream)
{
    return subscriber_index(subscriber, stream) < subscriber->stream_count;
}

bool subscriber_join(struct subscriber *subscriber, const char *stream)
{
    if (subscriber_has(subscriber, stream))
        return true;
    if (subscriber->stream_count == SUBSCRIBER_STREAMS)
        return false;
    return text_copy(subscriber->streams[subscriber->stream_count++], SUBSCRIBER_NAME_SIZE, stream);
}

void subscriber_leave(struct subscriber *subscriber, const char *stream)
{
    size_t index = subscriber_index(subscriber, stream);
    if (index == subscriber->stream_count)
        return;
    subscriber->stream_count--;
    if (index < subscriber->stream_count)
        memcpy(subscriber->streams[index], subscriber->streams[subscriber->stream_count],
               SUBSCRIBER_NAME_SIZE);
}
