/* registry: a map of streams. */
#include "services/relay/deliver/registry.h"

#include "common/base/map.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/service/service.h"

enum { TICK_MS = 500 };

struct registry {
    struct durable_parts parts; /* of all streams */
    struct durable_numbers numbers;
    struct room room;
    size_t most_streams;
    struct map streams;
    struct loop_timer tick; /* leases and idle streams want a turn now and then */
};

static void on_tick(void *owner)
{
    struct registry *registry = owner;
    loop_timer_set(registry->parts.loop, &registry->tick, TICK_MS);
}

/* The gauges; what is counted stays. */
static void measure(void *counted)
{
    struct durable_numbers *numbers = counted;
    const struct registry *registry = CONTAINER_OF(numbers, struct registry, numbers);
    numbers->streams = numbers->waiting = numbers->held = numbers->sent = numbers->resting = 0;
    numbers->dead_letters = numbers->most_behind = 0;
    struct durable *durable;
    MAP_EACH(durable, &registry->streams)
        durable_measure(durable, numbers);
}

struct registry *registry_new(const struct durable_parts *parts, size_t most_streams)
{
    struct registry *registry = NEW(registry);
    registry->parts = *parts;
    registry->parts.numbers = &registry->numbers;
    registry->parts.room = &registry->room;
    registry->most_streams = most_streams;
    map_init(&registry->streams, random_u64());
    loop_timer_init(&registry->tick, on_tick, registry);
    loop_timer_set(parts->loop, &registry->tick, TICK_MS);
    durable_numbers_register(&registry->numbers, measure);
    return registry;
}

void registry_free(struct registry *registry)
{
    if (!registry)
        return;
    metrics_remove(service_metrics(), &registry->numbers);
    loop_timer_clear(registry->parts.loop, &registry->tick);
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
    durable = durable_new(&registry->parts, name);
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
