/* exchange: the calls from one part to another. */
#include "services/relay/exchange.h"

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/link/publisher.h"
#include "common/wire/event.h"
#include "common/wire/wire.h"
#include "services/relay/deliver/dispatch.h"
#include "services/relay/door/subscriber_door.h"
#include "services/relay/watch.h"

#include <inttypes.h>
#include <unistd.h>

enum { TAIL_QUEUE = 10000, HOST_SIZE = 256, PLACE_SIZE = 1024 };

struct exchange {
    struct exchange_parts parts;
    struct loop *loop;
    char name[32];     /* the same whenever it is started */
    char instance[32]; /* of this start alone */
    struct persist_link *persist;
    struct decision_source *source;
    struct link_publisher *tail;
    int64_t tail_listeners; /* prefixes that somebody listens to */
    struct presence *presence;
    struct loop_timer restarted; /* armed once, when the doors are open */
    struct subscriber_door *door;
    struct durable_parts streams;
    struct durable_numbers stream_numbers;
    struct room room;
    struct registry *registry;
    struct bytes packed;
    struct relay_numbers numbers;
};

/* --- decisions in --- */

static void exchange_on_ready(void *owner)
{
    struct exchange *exchange = owner;
    service_endpoint("subscribe", subscriber_door_endpoint(exchange->door));
    service_endpoint("tail", link_publisher_endpoint(exchange->tail));
    service_health_set("decisions", HEALTH_GREEN, "");
    service_ready();
    loop_timer_set(exchange->loop, &exchange->restarted, exchange->parts.config->serving_lease.ms);
}

static void exchange_on_item(void *owner, struct item *item)
{
    struct exchange *exchange = owner;
    if (exchange->tail_listeners == 0)
        return;
    bytes_reset(&exchange->packed);
    dispatch_pack_tail(item, &exchange->packed);
    link_publisher_send(exchange->tail, item->topic.text, bytes_slice(&exchange->packed));
    exchange->numbers.tail_messages++;
}

static void exchange_on_progress(void *owner)
{
    (void)owner; /* the turn's end serves the streams */
}

static void exchange_on_other_log(void *owner, uint64_t cursor)
{
    struct exchange *exchange = owner;
    registry_other_log(exchange->registry, cursor);
}

static void exchange_on_tail_subscription(void *owner, bool is_subscribed, struct slice prefix)
{
    (void)prefix;
    struct exchange *exchange = owner;
    exchange->tail_listeners += is_subscribed ? 1 : -1;
}

static void exchange_on_tail_overflow(void *owner, int64_t rest_ms)
{
    struct exchange *exchange = owner;
    exchange->tail_listeners = 0;
    log_warning(
        "tail-overflow",
        "more was subscribed to at the live tail than is held, its listeners are cut off and may come "
        "back after a rest",
        FIELD("endpoint", link_publisher_endpoint(exchange->tail)),
        FIELD("most_bytes", LINK_PREFIXES_MOST_BYTES), FIELD("rest_ms", rest_ms));
}

/* --- presence, to the log --- */

static void exchange_tell_change(struct exchange *exchange, const struct presence_change *change)
{
    const struct presence_level *level = &change->level;
    struct uuid id;
    WireServingStarted started = WIRE_SERVING_STARTED__INIT;
    WireServingEnded ended = WIRE_SERVING_ENDED__INIT;
    WireEvent event = wire_event_mint("bellhop/relay", clock_utc_us(), &id);
    event.store_id = text_equal(level->store_id, "*") ? NULL : (char *)level->store_id;
    started.subscriber = ended.subscriber = (char *)level->stream;
    started.role = ended.role = (char *)level->role;
    started.relay = ended.relay = exchange->name;
    started.run = ended.run = exchange->instance;
    ended.has_earlier_runs = ended.earlier_runs = change->is_of_earlier_runs;
    ended.reason = (char *)change->reason;
    event.body_case = change->is_started ? WIRE_EVENT__BODY_SERVING_STARTED : WIRE_EVENT__BODY_SERVING_ENDED;
    if (change->is_started)
        event.serving_started = &started;
    else
        event.serving_ended = &ended;
    persist_link_append_event(exchange->persist, &event);
}

static void exchange_tell_presence(struct exchange *exchange)
{
    struct presence_change change;
    while (presence_next(exchange->presence, loop_now_ms(exchange->loop), &change))
        exchange_tell_change(exchange, &change);
}

/* Whoever served before relay was killed had a lease's time to come back. */
static void exchange_end_earlier_runs(void *owner)
{
    struct exchange *exchange = owner;
    struct presence_change change = {.is_of_earlier_runs = true, .reason = "restarted"};
    text_copy(change.level.stream, sizeof change.level.stream, exchange->name);
    text_copy(change.level.store_id, sizeof change.level.store_id, "*");
    text_copy(change.level.role, sizeof change.level.role, "any");
    exchange_tell_change(exchange, &change);
}

/* --- persist --- */

static void exchange_on_appended(void *owner, const WireAppendResult *result)
{
    (void)owner;
    for (size_t i = 0; i < result->n_receipts; i++)
        if (result->receipts[i]->result == WIRE_RECEIPT__RESULT__REJECTED)
            log_error("presence-refused", "persist did not take who serves a level",
                      FIELD("reason", result->receipts[i]->reason),
                      FIELD("field", result->receipts[i]->field));
}

static void exchange_on_stream(void *owner, const WireStreamResult *result)
{
    struct exchange *exchange = owner;
    registry_written(exchange->registry, result);
}

static void exchange_on_lease(void *owner, const WireLeaseResult *result)
{
    struct exchange *exchange = owner;
    registry_leased(exchange->registry, result);
}

static void exchange_on_welcome(void *owner, const WireWelcome *welcome)
{
    (void)owner;
    (void)welcome;
    service_health_set("persist", HEALTH_GREEN, "");
}

static void exchange_on_lost(void *owner)
{
    (void)owner;
    service_health_set("persist", HEALTH_YELLOW, "no connection to persist");
}

/* --- turns --- */

static void exchange_turn(void *owner)
{
    struct exchange *exchange = owner;
    subscriber_door_sweep(exchange->door);
    registry_turn(exchange->registry);
    exchange_tell_presence(exchange);
}

static void exchange_measure_streams(struct exchange *exchange)
{
    struct relay_numbers *numbers = &exchange->numbers;
    const struct durable_numbers *streams = &exchange->stream_numbers;
    struct registry_figures figures = registry_figures(exchange->registry);
    numbers->delivered = streams->delivered;
    numbers->redelivered = streams->redelivered;
    numbers->confirmed = streams->confirmed;
    numbers->refused = streams->refused;
    numbers->dead_letters_made = streams->dead_letters;
    numbers->read_decisions = streams->read_decisions;
    numbers->streams_lost = streams->lost;
    numbers->streams = figures.streams;
    numbers->waiting = figures.waiting;
    numbers->held = figures.held;
    numbers->sent = figures.sent;
    numbers->resting = figures.resting;
    numbers->dead_letters = figures.dead_letters;
    numbers->most_behind = figures.most_behind;
}

static void exchange_measure(void *owner)
{
    struct exchange *exchange = owner;
    struct relay_numbers *numbers = &exchange->numbers;
    const struct decision_source_numbers *source = decision_source_numbers(exchange->source);
    const struct subscriber_door_numbers *door = subscriber_door_numbers(exchange->door);
    const struct newest *newest = decision_source_newest(exchange->source);
    exchange_measure_streams(exchange);
    numbers->from_feed = source->from_feed;
    numbers->from_store = source->from_store;
    numbers->gaps = source->gaps;
    numbers->unreadable = source->unreadable;
    numbers->requests = door->requests;
    numbers->requests_refused = door->refused;
    numbers->subscribers_gone = door->gone;
    numbers->subscribers = door->subscribers;
    numbers->recent_decisions = (int64_t)newest_count(newest);
    numbers->recent_bytes = (int64_t)newest_bytes(newest);
    numbers->open_cases = (int64_t)open_cases_count(decision_source_open_cases(exchange->source));
    numbers->levels_served = (int64_t)presence_count(exchange->presence);
}

/* --- opening --- */

static bool exchange_open_inside(struct exchange *exchange, char *why, size_t why_size)
{
    const struct exchange_parts *parts = &exchange->parts;
    const struct persist_link_calls persist_calls = {
        .on_welcome = exchange_on_welcome,
        .on_lost = exchange_on_lost,
        .on_appended = exchange_on_appended,
        .on_stream = exchange_on_stream,
        .on_lease = exchange_on_lease,
        .owner = exchange,
    };
    const struct decision_source_calls source_calls = {
        .on_ready = exchange_on_ready,
        .on_item = exchange_on_item,
        .on_progress = exchange_on_progress,
        .on_other_log = exchange_on_other_log,
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

static bool exchange_open_doors(struct exchange *exchange, char *why, size_t why_size)
{
    const struct exchange_parts *parts = &exchange->parts;
    const struct relay_config *config = parts->config;
    const struct subscriber_door_parts door_parts = {
        .loop = exchange->loop,
        .context = parts->context,
        .database = parts->database,
        .source = exchange->source,
        .presence = exchange->presence,
        .endpoint = *config->subscribe_bind ? config->subscribe_bind : config->subscribe,
        .most_subscribers = (size_t)config->most_subscribers,
    };
    const struct link_options tail_options = {.high_water_mark = TAIL_QUEUE};
    const struct link_publisher_calls tail_calls = {.on_subscription = exchange_on_tail_subscription,
                                                    .on_overflow = exchange_on_tail_overflow,
                                                    .owner = exchange};
    exchange->tail = link_publisher_bind(parts->context, exchange->loop,
                                         *config->tail_bind ? config->tail_bind : config->tail, &tail_options,
                                         &tail_calls, why, why_size);
    if (exchange->tail)
        exchange->door = subscriber_door_open(&door_parts, why, why_size);
    return exchange->door != NULL;
}

static void exchange_release_item(void *item)
{
    item_release(item);
}

static void exchange_open_streams(struct exchange *exchange)
{
    const struct relay_config *config = exchange->parts.config;
    exchange->streams = (struct durable_parts){
        .loop = exchange->loop,
        .database = exchange->parts.database,
        .source = exchange->source,
        .persist = exchange->persist,
        .instance = exchange->instance,
        .rules = {.attempts = (unsigned)config->attempts,
                  .answer_ms = config->answer_time.ms,
                  .rest = {.first_ms = config->rest_first.ms, .most_ms = config->rest_most.ms},
                  .release = exchange_release_item},
        .calls = subscriber_door_calls(exchange->door),
        .numbers = &exchange->stream_numbers,
        .room = &exchange->room,
    };
    exchange->registry = registry_new(&exchange->streams, (size_t)config->most_streams);
    subscriber_door_use(exchange->door, exchange->registry);
}

/* Two relays have two names: they are told theirs, or their doors, or the machines they are on, differ. */
static void exchange_take_name(struct exchange *exchange)
{
    const struct relay_config *config = exchange->parts.config;
    char host[HOST_SIZE] = "", place[HOST_SIZE + PLACE_SIZE];
    gethostname(host, sizeof host - 1);
    text_format(place, sizeof place, "%s %s", host,
                *config->subscribe_bind ? config->subscribe_bind : config->subscribe);
    text_format(exchange->name, sizeof exchange->name, "relay-%016" PRIx64,
                content_hash_u64(slice_of_text(*config->name ? config->name : place)));
}

struct exchange *exchange_open(const struct exchange_parts *parts, char *why, size_t why_size)
{
    AUTO(exchange) *exchange = NEW(exchange);
    exchange->parts = *parts;
    exchange->loop = parts->loop;
    exchange->presence = presence_new(random_u64(), parts->config->serving_lease.ms);
    text_format(exchange->instance, sizeof exchange->instance, "relay-%08" PRIx32, (uint32_t)random_u64());
    exchange_take_name(exchange);
    loop_timer_init(&exchange->restarted, exchange_end_earlier_runs, exchange);
    if (!exchange_open_inside(exchange, why, why_size) || !exchange_open_doors(exchange, why, why_size))
        return NULL;
    exchange_open_streams(exchange);
    service_health_set("decisions", HEALTH_YELLOW, "reading the open cases");
    relay_watch_open(&exchange->numbers, exchange_measure, exchange);
    loop_at_turn_end(exchange->loop, exchange_turn, exchange);
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
    loop_turn_end_remove(exchange->loop, exchange_turn, exchange);
    loop_timer_clear(exchange->loop, &exchange->restarted);
    metrics_remove(service_metrics(), &exchange->numbers);
    registry_free(exchange->registry);
    subscriber_door_free(exchange->door);
    if (exchange->tail)
        link_publisher_close(exchange->tail);
    decision_source_free(exchange->source);
    persist_link_free(exchange->persist);
    presence_free(exchange->presence);
    bytes_clear(&exchange->packed);
    free(exchange);
}
