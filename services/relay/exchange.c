/* exchange: the calls from one part to another. */
#include "services/relay/exchange.h"

#include "common/base/digest.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "services/relay/door/presence_log.h"
#include "services/relay/door/subscriber_door.h"
#include "services/relay/door/tail.h"

#include <inttypes.h>
#include <unistd.h>

enum { HOST_SIZE = 256, PLACE_SIZE = 1024 };

struct exchange {
    struct exchange_parts parts;
    struct loop *loop;
    char name[32];     /* the same whenever it is started */
    char instance[32]; /* of this start alone */
    struct persist_link *persist;
    struct decision_source *source;
    struct presence *presence;
    struct presence_log *presence_log;
    struct roles *roles;
    struct tail *tail;
    struct subscriber_door *door;
    struct registry *registry;
};

/* --- decisions in --- */

static void on_ready(void *owner)
{
    struct exchange *exchange = owner;
    service_endpoint("subscribe", subscriber_door_endpoint(exchange->door));
    service_endpoint("tail", tail_endpoint(exchange->tail));
    service_health_set("decisions", HEALTH_GREEN, "");
    service_ready();
    presence_log_begin(exchange->presence_log);
}

static void on_item(void *owner, struct item *item)
{
    struct exchange *exchange = owner;
    tail_send(exchange->tail, item);
    if (item->decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED)
        roles_refresh(exchange->roles);
}

static void on_other_log(void *owner, uint64_t cursor)
{
    struct exchange *exchange = owner;
    registry_other_log(exchange->registry, cursor);
}

/* --- persist --- */

static void on_appended(void *owner, const WireAppendResult *result)
{
    (void)owner;
    presence_log_appended(result);
}

static void on_stream(void *owner, const WireStreamResult *result)
{
    struct exchange *exchange = owner;
    registry_written(exchange->registry, result);
}

static void on_lease(void *owner, const WireLeaseResult *result)
{
    struct exchange *exchange = owner;
    registry_leased(exchange->registry, result);
}

static void on_welcome(void *owner, const WireWelcome *welcome)
{
    (void)owner;
    (void)welcome;
    service_health_set("persist", HEALTH_GREEN, "");
}

static void on_lost(void *owner)
{
    (void)owner;
    service_health_set("persist", HEALTH_YELLOW, "no connection to persist");
}

static void on_turn(void *owner)
{
    struct exchange *exchange = owner;
    subscriber_door_sweep(exchange->door);
    registry_turn(exchange->registry);
    presence_log_turn(exchange->presence_log);
}

/* --- opening --- */

static bool open_inside(struct exchange *exchange, char *why, size_t why_size)
{
    const struct exchange_parts *parts = &exchange->parts;
    const struct persist_link_calls persist_calls = {
        .on_welcome = on_welcome,
        .on_lost = on_lost,
        .on_appended = on_appended,
        .on_stream = on_stream,
        .on_lease = on_lease,
        .owner = exchange,
    };
    const struct decision_source_calls source_calls = {
        .on_ready = on_ready,
        .on_item = on_item,
        .on_other_log = on_other_log,
        .owner = exchange,
    };
    const struct decision_source_settings source_settings = {
        .feed = parts->config->feed,
        .database = parts->database,
        .recent_bytes = (size_t)parts->config->recent_size.bytes,
    };
    exchange->persist = persist_link_open(parts->context, exchange->loop, parts->config->append,
                                          exchange->instance, &persist_calls, why, why_size);
    if (exchange->persist)
        exchange->source = decision_source_open(parts->context, exchange->loop, &source_settings,
                                                &source_calls, why, why_size);
    return exchange->source != NULL;
}

static bool open_doors(struct exchange *exchange, char *why, size_t why_size)
{
    const struct exchange_parts *parts = &exchange->parts;
    const struct relay_config *config = parts->config;
    const struct subscriber_door_parts door_parts = {
        .loop = exchange->loop,
        .context = parts->context,
        .database = parts->database,
        .source = exchange->source,
        .presence = exchange->presence,
        .roles = exchange->roles,
        .endpoint = *config->subscribe_bind ? config->subscribe_bind : config->subscribe,
        .most_subscribers = (size_t)config->most_subscribers,
    };
    exchange->tail = tail_open(parts->context, exchange->loop,
                               *config->tail_bind ? config->tail_bind : config->tail, why, why_size);
    if (exchange->tail)
        exchange->door = subscriber_door_open(&door_parts, why, why_size);
    return exchange->door != NULL;
}

static void release_item(void *item)
{
    item_release(item);
}

static void open_streams(struct exchange *exchange)
{
    const struct relay_config *config = exchange->parts.config;
    const struct durable_parts streams = {
        .loop = exchange->loop,
        .database = exchange->parts.database,
        .source = exchange->source,
        .persist = exchange->persist,
        .instance = exchange->instance,
        .rules = {.attempts = (unsigned)config->attempts,
                  .answer_ms = config->answer_time.ms,
                  .rest = {.first_ms = config->rest_first.ms, .most_ms = config->rest_most.ms},
                  .release = release_item},
        .calls = subscriber_door_calls(exchange->door),
    };
    exchange->registry = registry_new(&streams, (size_t)config->most_streams);
    subscriber_door_use(exchange->door, exchange->registry);
}

/* No two relays have one name: it is configured, or made from the host and the door. */
static void make_name(struct exchange *exchange)
{
    const struct relay_config *config = exchange->parts.config;
    char host[HOST_SIZE] = "", place[HOST_SIZE + PLACE_SIZE];
    gethostname(host, sizeof host - 1);
    text_format(place, sizeof place, "%s %s", host,
                *config->subscribe_bind ? config->subscribe_bind : config->subscribe);
    text_format(exchange->name, sizeof exchange->name, "relay-%016" PRIx64,
                digest_content_u64(slice_of_text(*config->name ? config->name : place)));
}

struct exchange *exchange_open(const struct exchange_parts *parts, char *why, size_t why_size)
{
    AUTO(exchange) *exchange = NEW(exchange);
    exchange->parts = *parts;
    exchange->loop = parts->loop;
    exchange->presence = presence_new(random_u64(), parts->config->serving_lease.ms);
    text_format(exchange->instance, sizeof exchange->instance, "relay-%08" PRIx32, (uint32_t)random_u64());
    make_name(exchange);
    exchange->roles = roles_open(exchange->loop, parts->database);
    if (!open_inside(exchange, why, why_size) || !open_doors(exchange, why, why_size))
        return NULL;
    open_streams(exchange);
    const struct presence_log_parts presence_parts = {
        .loop = exchange->loop,
        .persist = exchange->persist,
        .presence = exchange->presence,
        .name = exchange->name,
        .instance = exchange->instance,
        .lease_ms = parts->config->serving_lease.ms,
    };
    exchange->presence_log = presence_log_new(&presence_parts);
    service_health_set("decisions", HEALTH_YELLOW, "reading the open cases");
    loop_at_turn_end(exchange->loop, on_turn, exchange);
    return TAKE(exchange);
}

void exchange_stop(struct exchange *exchange)
{
    subscriber_door_stop(exchange->door);
    presence_leave_all(exchange->presence);
}

void exchange_drain(struct exchange *exchange, int64_t grace_ms)
{
    int64_t end_ms = loop_now_ms(exchange->loop) + grace_ms;
    do
        loop_turn(exchange->loop, 50);
    while ((registry_is_writing(exchange->registry) || persist_link_open_count(exchange->persist) > 0) &&
           loop_now_ms(exchange->loop) < end_ms);
}

void exchange_close(struct exchange *exchange)
{
    loop_turn_end_remove(exchange->loop, on_turn, exchange);
    registry_free(exchange->registry);
    if (exchange->door)
        subscriber_door_close(exchange->door);
    if (exchange->tail)
        tail_close(exchange->tail);
    if (exchange->source)
        decision_source_close(exchange->source);
    if (exchange->persist)
        persist_link_close(exchange->persist);
    presence_log_free(exchange->presence_log);
    presence_free(exchange->presence);
    if (exchange->roles)
        roles_close(exchange->roles);
    free(exchange);
}
