/* updates: which connection hears that a source's case was answered: the newest that asked for it. */
#include "common/service/updates.h"

#include "common/base/list.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct listener {
    struct list_node by_age; /* quiet longest first */
    int64_t heard_ms;
    int64_t since_at; /* this connection has heard */
    struct link_peer peer;
    char source[132];
};

struct updates {
    struct map by_source;
    struct list by_age;
    size_t most_sources;
    int64_t most_age_ms;
};

struct updates *updates_new(size_t most_sources, int64_t most_age_ms, uint64_t seed)
{
    struct updates *updates = NEW(updates);
    map_init(&updates->by_source, seed);
    list_init(&updates->by_age);
    updates->most_sources = most_sources;
    updates->most_age_ms = most_age_ms;
    return updates;
}

void updates_free(struct updates *updates)
{
    if (!updates)
        return;
    struct listener *listener;
    MAP_EACH(listener, &updates->by_source)
        free(listener);
    map_clear(&updates->by_source);
    free(updates);
}

static void listener_remove(struct updates *updates, struct listener *listener)
{
    map_take_text(&updates->by_source, listener->source);
    list_remove(&listener->by_age);
    free(listener);
}

static struct listener *listener_add(struct updates *updates, const char *source)
{
    struct list_node *oldest = list_first(&updates->by_age);
    if (oldest && updates->by_source.count >= updates->most_sources)
        listener_remove(updates, CONTAINER_OF(oldest, struct listener, by_age));
    struct listener *listener = NEW(listener);
    text_copy(listener->source, sizeof listener->source, source);
    map_put_text(&updates->by_source, listener->source, listener);
    return listener;
}

int64_t updates_want(struct updates *updates, const char *source, const struct link_peer *peer,
                     int64_t now_ms, int64_t now_at)
{
    struct listener *listener = map_find_text(&updates->by_source, source);
    if (!listener)
        listener = listener_add(updates, source);
    if (!link_peer_equal(&listener->peer, peer) || now_ms - listener->heard_ms > updates->most_age_ms)
        listener->since_at = now_at;
    listener->peer = *peer;
    listener->heard_ms = now_ms;
    list_remove(&listener->by_age);
    list_append(&updates->by_age, &listener->by_age);
    return listener->since_at;
}

const struct link_peer *updates_find(struct updates *updates, const char *source, int64_t now_ms)
{
    struct listener *listener = map_find_text(&updates->by_source, source);
    if (!listener)
        return NULL;
    if (now_ms - listener->heard_ms > updates->most_age_ms) {
        listener_remove(updates, listener);
        return NULL;
    }
    return &listener->peer;
}

void updates_forget(struct updates *updates, const char *source)
{
    struct listener *listener = map_find_text(&updates->by_source, source);
    if (listener)
        listener_remove(updates, listener);
}

size_t updates_count(const struct updates *updates)
{
    return updates->by_source.count;
}
