/* registry: a map of streams. */
#include "services/relay/deliver/registry.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/random.h"

enum { TICK_MS = 500 };

struct registry {
    const struct durable_parts *parts;
    size_t most_streams;
    struct map streams;
    struct loop_timer tick; /* leases and idle streams want a turn now and then */
};

static void registry_on_tick(void *owner)
{
    struct registry *registry = owner;
    loop_timer_set(registry->parts->loop, &registry->tick, TICK_MS);
}

struct registry *registry_new(const struct durable_parts *parts, size_t most_streams)
{
    struct registry *registry = NEW(registry);
    registry->parts = parts;
    registry->most_streams = most_streams;
    map_init(&registry->streams, random_u64());
    loop_timer_init(&registry->tick, registry_on_tick, registry);
    loop_timer_set(parts->loop, &registry->tick, TICK_MS);
    return registry;
}

void registry_free(struct registry *registry)
{
    if (!registry)
        return;
    loop_timer_clear(registry->parts->loop, &registry->tick);
    struct durable *durable;
    MAP_EACH(durable, &registry->streams)
        durable_free(durable);
    map_clear(&registry->streams);
    free(registry);
}

struct durable *registry_find(struct registry *registry, const char *name)
{
    return map_find_text(&registry->streams, name);
}

struct durable *registry_open(struct registry *registry, const char *name)
{
    struct durable *durable = registry_find(registry, name);
    if (durable || registry->streams.count >= registry->most_streams)
        return durable;
    durable = durable_new(registry->parts, name);
    map_put_text(&registry->streams, durable_name(durable), durable);
    return durable;
}

void registry_leased(struct registry *registry, const WireLeaseResult *result)
{
    struct durable *durable = result->stream ? registry_find(registry, result->stream) : NULL;
    if (durable)
        durable_leased(durable, result->granted, result->expires_ms);
}

void registry_written(struct registry *registry, const WireStreamResult *result)
{
    struct durable *durable;
    MAP_EACH(durable, &registry->streams)
        if (durable_written(durable, result))
            return;
}

void registry_other_log(struct registry *registry, uint64_t cursor)
{
    struct durable *durable;
    MAP_EACH(durable, &registry->streams)
        durable_other_log(durable, cursor);
}

void registry_turn(struct registry *registry)
{
    struct durable *durable;
    MAP_EACH(durable, &registry->streams) {
        durable_turn(durable);
        if (!durable_is_done(durable))
            continue;
        map_take_text(&registry->streams, durable_name(durable));
        durable_free(durable);
    }
}

bool registry_is_writing(const struct registry *registry)
{
    struct durable *durable;
    MAP_EACH(durable, &registry->streams)
        if (durable_is_writing(durable))
            return true;
    return false;
}

struct registry_figures registry_figures(const struct registry *registry)
{
    struct registry_figures all = {.streams = (int64_t)registry->streams.count};
    struct durable *durable;
    MAP_EACH(durable, &registry->streams) {
        uint64_t behind;
        struct stream_figures figures = durable_figures(durable, &behind);
        all.waiting += (int64_t)figures.waiting;
        all.held += (int64_t)figures.held;
        all.sent += (int64_t)figures.sent;
        all.resting += (int64_t)figures.resting;
        all.dead_letters += (int64_t)figures.dead_letters;
        if ((int64_t)behind > all.most_behind)
            all.most_behind = (int64_t)behind;
    }
    return all;
}
