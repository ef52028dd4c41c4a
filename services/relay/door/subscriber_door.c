/* subscriber_door: what each request means. */
#include "services/relay/door/subscriber_door.h"

#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/service/log.h"
#include "common/service/refusals.h"
#include "common/service/service.h"
#include "common/wire/set.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"
#include "services/relay/door/dispatch.h"
#include "services/relay/door/subscribers.h"

enum {
    ARENA_BYTES = 8 * 1024 * 1024, /* touched when used */
    TICK_MS = 1000,
    QUEUE_MESSAGES = 25000, /* messages to one peer: more than the largest credit */
    UNREAD_MOST = 32,       /* messages of one peer, of up to HEARD_MOST_BYTES */
    MESSAGE_MOST_BYTES = 1024 * 1024,
    HEARD_MOST_BYTES =
        2 * 1024 * 1024, /* a request beyond its limit, up to here, hears why; beyond, it is cut */
};

struct subscriber_door_numbers {
    uint64_t requests, refused, gone;
    int64_t subscribers;
};

#define ROW(field, name, help) METRIC(struct subscriber_door_numbers, field, "bellhop_relay_" name, "", help)

static const struct metric subscriber_door_metrics[] = {
    ROW(requests, "requests_total", "requests of subscribers"),
    ROW(refused, "requests_refused_total", "requests refused"),
    ROW(gone, "subscribers_gone_total", "subscribers that left, fell silent or were cut off"),
    ROW(subscribers, "subscribers", "connections"),
};

struct subscriber_door {
    struct subscriber_door_parts parts;
    struct registry *registry;
    struct link_router *router;
    struct subscribers *subscribers;
    struct dispatch *dispatch;
    struct arena arena;
    struct refusals refusals;
    struct loop_timer tick;
    int64_t ponged_ms;
    uint64_t seen_disconnected;
    bool is_stopping;
    struct subscriber_door_numbers numbers;
};

/* --- replies --- */

static bool send_message(void *owner, uint64_t session, struct slice message)
{
    struct subscriber_door *door = owner;
    struct subscriber *subscriber = subscribers_find(door->subscribers, session);
    if (!subscriber || subscriber->is_gone)
        return false;
    if (link_router_send(door->router, &subscriber->peer, message) == LINK_SENT)
        return true;
    subscriber->is_gone = true; /* cut off, or far beyond its credit: it will come back */
    return false;
}

static void send_refused(struct subscriber_door *door, uint64_t session, WireSubscribeRefused *refused)
{
    door->numbers.refused++;
    dispatch_reply(door->dispatch, session, WIRE_SUBSCRIBER_REPLY__REPLY_REFUSED, refused);
}

static void refuse(struct subscriber_door *door, uint64_t session, const char *stream,
                   enum wire_reason reason, const char *explanation)
{
    WireSubscribeRefused refused = WIRE_SUBSCRIBE_REFUSED__INIT;
    refused.stream = (char *)stream;
    refused.reason = (char *)wire_reason_word(reason);
    refused.explanation = (char *)explanation;
    send_refused(door, session, &refused);
}

/* It is not let in; it tries again. */
static void turn_away(struct subscriber_door *door, const struct link_peer *peer, enum wire_reason reason)
{
    WireSubscribeRefused refused = WIRE_SUBSCRIBE_REFUSED__INIT;
    WireSubscriberReply reply = WIRE_SUBSCRIBER_REPLY__INIT;
    AUTO_CLEAR(bytes) packed = {0};
    refused.reason = (char *)wire_reason_word(reason);
    refused.explanation = (char *)wire_reason_meaning(reason);
    reply.reply_case = WIRE_SUBSCRIBER_REPLY__REPLY_REFUSED;
    reply.refused = &refused;
    wire_pack(&reply, &packed);
    door->numbers.refused++;
    link_router_send(door->router, peer, bytes_slice(&packed)); /* cut off: then nobody hears it */
}

/* A message that could not be read as a request. */
static void refuse_message(struct subscriber_door *door, uint64_t session, const struct wire_refusal *refusal)
{
    WireSubscribeRefused refused = WIRE_SUBSCRIBE_REFUSED__INIT;
    refused.reason = (char *)wire_reason_word(refusal->reason);
    refused.explanation = (char *)refusal->explanation;
    refused.field = (char *)(refusal->field[0] ? refusal->field : NULL);
    refusals_add(&door->refusals, loop_now_ms(door->parts.loop), link_router_sender(door->router), refusal);
    send_refused(door, session, &refused);
}

static bool send_pong(struct subscriber_door *door, struct subscriber *subscriber)
{
    uint32_t epoch = decision_source_epoch(door->parts.source);
    WirePosition head = position_message((struct position){epoch, decision_source_head(door->parts.source)});
    WirePosition cursor =
        position_message((struct position){epoch, newest_upto(decision_source_newest(door->parts.source))});
    char *streams[SUBSCRIBER_STREAMS];
    for (size_t i = 0; i < subscriber->stream_count; i++)
        streams[i] = subscriber->streams[i];
    WirePong pong = WIRE_PONG__INIT;
    pong.head = &head;
    pong.cursor = &cursor;
    pong.n_streams = subscriber->stream_count;
    pong.streams = streams;
    return dispatch_reply(door->dispatch, subscriber->id, WIRE_SUBSCRIBER_REPLY__REPLY_PONG, &pong);
}

static void on_subscribed(void *owner, uint64_t session, const char *stream, uint64_t position, bool is_new)
{
    struct subscriber_door *door = owner;
    WirePosition at =
        position_message((struct position){decision_source_epoch(door->parts.source), position});
    WireSubscribed subscribed = WIRE_SUBSCRIBED__INIT;
    subscribed.stream = (char *)stream;
    subscribed.position = &at;
    WIRE_SET(&subscribed, is_new, is_new);
    dispatch_reply(door->dispatch, session, WIRE_SUBSCRIBER_REPLY__REPLY_SUBSCRIBED, &subscribed);
}

static void on_refused(void *owner, uint64_t session, const char *stream, enum wire_reason reason,
                       const char *explanation)
{
    struct subscriber_door *door = owner;
    struct subscriber *subscriber = subscribers_find(door->subscribers, session);
    bool has_ended = reason != WIRE_UNKNOWN_VALUE; /* that is of one delivery */
    if (subscriber && has_ended) {
        subscriber_leave(subscriber, stream);
        presence_leave(door->parts.presence, session, stream);
    }
    refuse(door, session, stream, reason, explanation);
}

static bool on_delivery(void *owner, const struct durable_delivery *delivery)
{
    struct subscriber_door *door = owner;
    const struct subscriber *subscriber = subscribers_find(door->subscribers, delivery->session);
    return subscriber && !subscriber->is_gone && dispatch_delivery(door->dispatch, delivery);
}

static void on_confirmed(void *owner, uint64_t session, const char *stream, char **decision_ids, size_t count)
{
    struct subscriber_door *door = owner;
    WireConfirmed confirmed = WIRE_CONFIRMED__INIT;
    confirmed.stream = (char *)stream;
    confirmed.n_decision_ids = count;
    confirmed.decision_ids = decision_ids;
    dispatch_reply(door->dispatch, session, WIRE_SUBSCRIBER_REPLY__REPLY_CONFIRMED, &confirmed);
}

static void on_done(void *owner, uint64_t session, const struct durable_done *done)
{
    struct subscriber_door *door = owner;
    WireDone message = WIRE_DONE__INIT;
    message.stream = (char *)done->stream;
    message.request = (char *)done->request;
    message.decision_id = (char *)done->decision_id;
    message.has_count = text_equal(done->request, "resend");
    message.count = (uint32_t)done->count;
    dispatch_reply(door->dispatch, session, WIRE_SUBSCRIBER_REPLY__REPLY_DONE, &message);
}

struct durable_calls subscriber_door_calls(struct subscriber_door *door)
{
    return (struct durable_calls){.on_subscribed = on_subscribed,
                                  .on_refused = on_refused,
                                  .on_delivery = on_delivery,
                                  .on_confirmed = on_confirmed,
                                  .on_done = on_done,
                                  .owner = door};
}

/* --- requests --- */

/* False: refused, for a role that nobody is ever called by. */
static bool roles_are_known(struct subscriber_door *door, uint64_t session, const WireSubscribe *request)
{
    size_t i = 0;
    while (i < request->n_serves && roles_allow(door->parts.roles, request->serves[i]->role))
        i++;
    if (i == request->n_serves)
        return true;
    AUTO_CLEAR(bytes) explanation = {0};
    char field[64];
    WireSubscribeRefused refused = WIRE_SUBSCRIBE_REFUSED__INIT;
    bytes_append_format(&explanation, "there is no role \"%s\", but ", request->serves[i]->role);
    roles_write(door->parts.roles, &explanation);
    text_format(field, sizeof field, "subscribe.serves[%zu].role", i);
    refused.stream = request->stream;
    refused.reason = (char *)wire_reason_word(WIRE_UNKNOWN_ROLE);
    refused.field = field;
    refused.explanation = (char *)bytes_text(&explanation);
    struct wire_refusal refusal;
    wire_refuse(&refusal, WIRE_UNKNOWN_ROLE, field, "%s", bytes_text(&explanation));
    refusals_add(&door->refusals, loop_now_ms(door->parts.loop), link_router_sender(door->router), &refusal);
    send_refused(door, session, &refused);
    return false;
}

static bool serve(struct subscriber_door *door, const struct subscriber *subscriber,
                  const WireSubscribe *request)
{
    for (size_t i = 0; i < request->n_serves; i++) {
        struct presence_level level = {0};
        text_copy(level.stream, sizeof level.stream, request->stream);
        text_copy(level.store_id, sizeof level.store_id, request->serves[i]->store_id);
        text_copy(level.role, sizeof level.role, request->serves[i]->role);
        if (!presence_serve(door->parts.presence, &level, subscriber->id))
            return false;
    }
    return true;
}

static void subscribe(struct subscriber_door *door, struct subscriber *subscriber,
                      const WireSubscribe *request)
{
    if (!roles_are_known(door, subscriber->id, request))
        return;
    struct durable *durable = registry_open(door->registry, request->stream);
    if (!durable)
        refuse(door, subscriber->id, request->stream, WIRE_TOO_MANY_STREAMS, "too many streams are in use");
    else if (!subscriber_join(subscriber, request->stream))
        refuse(door, subscriber->id, request->stream, WIRE_TOO_MANY,
               "this connection has joined too many streams");
    else if (!serve(door, subscriber, request)) {
        durable_leave(durable, subscriber->id);
        on_refused(door, subscriber->id, request->stream, WIRE_TOO_MANY, "too many levels are served");
    } else
        durable_subscribe(durable, subscriber->id, request);
}

/* The stream that the subscriber has joined, or NULL after having refused. */
static struct durable *find_joined(struct subscriber_door *door, const struct subscriber *subscriber,
                                   const char *stream)
{
    struct durable *durable =
        stream && subscriber_has(subscriber, stream) ? registry_find(door->registry, stream) : NULL;
    if (!durable)
        refuse(door, subscriber->id, stream, WIRE_UNKNOWN_STREAM, "this connection has not subscribed to it");
    return durable;
}

static void unsubscribe(struct subscriber_door *door, struct subscriber *subscriber,
                        const WireUnsubscribe *request)
{
    struct durable *durable = find_joined(door, subscriber, request->stream);
    if (!durable)
        return;
    if (request->forget)
        durable_forget(durable, subscriber->id);
    durable_leave(durable, subscriber->id);
    subscriber_leave(subscriber, request->stream);
    presence_leave(door->parts.presence, subscriber->id, request->stream);
    if (!request->forget)
        on_done(door, subscriber->id,
                &(struct durable_done){.stream = request->stream, .request = "unsubscribe"});
}

static void handle(struct subscriber_door *door, struct subscriber *subscriber,
                   const WireSubscriberRequest *request)
{
    struct durable *durable = NULL;
    switch (request->request_case) {
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_SUBSCRIBE:
        subscribe(door, subscriber, request->subscribe);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_CONFIRM:
        if ((durable = find_joined(door, subscriber, request->confirm->stream)))
            durable_confirm(durable, subscriber->id, request->confirm->decision_ids,
                            request->confirm->n_decision_ids);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_REFUSE:
        if ((durable = find_joined(door, subscriber, request->refuse->stream)))
            durable_refuse(durable, subscriber->id, request->refuse);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_CREDIT:
        if ((durable = find_joined(door, subscriber, request->credit->stream)))
            durable_credit(durable, subscriber->id, request->credit->credit);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_UNSUBSCRIBE:
        unsubscribe(door, subscriber, request->unsubscribe);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_PING:
        send_pong(door, subscriber);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST_RESEND:
        if ((durable = find_joined(door, subscriber, request->resend->stream)))
            durable_resend(durable, subscriber->id, request->resend->decision_id);
        break;
    case WIRE_SUBSCRIBER_REQUEST__REQUEST__NOT_SET:
    case _WIRE_SUBSCRIBER_REQUEST__REQUEST__CASE_IS_INT_SIZE:
        refuse(door, subscriber->id, NULL, WIRE_NO_REQUEST, "the message holds no request");
        break;
    }
}

static void on_message(void *owner, const struct link_peer *peer, struct slice message)
{
    struct subscriber_door *door = owner;
    door->numbers.requests++;
    struct subscriber *subscriber = subscribers_hear(door->subscribers, peer, loop_now_ms(door->parts.loop));
    if (!subscriber || door->is_stopping) {
        turn_away(door, peer, door->is_stopping ? WIRE_STOPPING : WIRE_TOO_MANY_SUBSCRIBERS);
        return;
    }
    struct wire_refusal refusal = {0};
    if (message.size > MESSAGE_MOST_BYTES) {
        wire_refuse(&refusal, WIRE_TOO_LARGE, "", "the request has %zu bytes; at most %d are taken",
                    message.size, MESSAGE_MOST_BYTES);
        refuse_message(door, subscriber->id, &refusal);
        return;
    }
    arena_reset(&door->arena, 0);
    const WireSubscriberRequest *request =
        wire_validate_request(&wire_subscriber_request_rules, message, &door->arena, &refusal);
    if (request)
        handle(door, subscriber, request);
    else
        refuse_message(door, subscriber->id, &refusal);
}

/* Its envelope was not kept, so the refusal goes to the connection without one. */
static void on_too_many_frames(void *owner, const struct link_peer *connection)
{
    struct subscriber_door *door = owner;
    struct subscriber *subscriber =
        subscribers_hear(door->subscribers, connection, loop_now_ms(door->parts.loop));
    struct wire_refusal refusal;
    wire_refuse(&refusal, WIRE_TOO_MANY_FRAMES, "", "a message is one frame, after a short return envelope");
    if (subscriber)
        refuse_message(door, subscriber->id, &refusal);
}

/* --- who is gone --- */

static void part_with(struct subscriber_door *door, struct subscriber *subscriber)
{
    door->numbers.gone++;
    while (subscriber->stream_count) {
        struct durable *durable = registry_find(door->registry, subscriber->streams[0]);
        if (durable)
            durable_leave(durable, subscriber->id);
        subscriber_leave(subscriber, subscriber->streams[0]);
    }
    presence_lose(door->parts.presence, subscriber->id, loop_now_ms(door->parts.loop));
    subscribers_remove(door->subscribers, subscriber);
}

void subscriber_door_sweep(struct subscriber_door *door)
{
    size_t at = 0;
    struct subscriber *subscriber;
    while ((subscriber = subscribers_next(door->subscribers, &at)))
        if (subscriber->is_gone)
            part_with(door, subscriber);
    door->numbers.subscribers = (int64_t)subscribers_count(door->subscribers);
}

static void on_tick(void *owner)
{
    struct subscriber_door *door = owner;
    int64_t now_ms = loop_now_ms(door->parts.loop);
    uint64_t disconnected = link_router_numbers(door->router)->disconnected;
    bool is_time = now_ms - door->ponged_ms >= SUBSCRIBER_PONG_MS || disconnected != door->seen_disconnected;
    size_t at = 0;
    struct subscriber *subscriber;
    while ((subscriber = subscribers_next(door->subscribers, &at))) {
        if (now_ms - subscriber->heard_ms >= SUBSCRIBER_SILENCE_MS)
            subscriber->is_gone = true;
        else if (is_time)
            send_pong(door, subscriber);
    }
    if (is_time)
        door->ponged_ms = now_ms;
    door->seen_disconnected = disconnected;
    loop_timer_set(door->parts.loop, &door->tick, TICK_MS);
}

/* --- opening --- */

struct subscriber_door *subscriber_door_open(const struct subscriber_door_parts *parts, char *why,
                                             size_t why_size)
{
    AUTO(subscriber_door) *door = NEW(subscriber_door);
    door->parts = *parts;
    door->refusals = (struct refusals){.id = "request-refused",
                                       .sentence = "refused a subscriber's request: its program, or "
                                                   "something in between, does not speak the protocol"};
    door->subscribers = subscribers_new(random_u64(), parts->most_subscribers);
    door->dispatch = dispatch_new(parts->database, send_message, door);
    arena_init(&door->arena, ARENA_BYTES);
    loop_timer_init(&door->tick, on_tick, door);
    metrics_add(service_metrics(), subscriber_door_metrics, COUNT_OF(subscriber_door_metrics),
                &door->numbers);
    loop_timer_set(parts->loop, &door->tick, TICK_MS);
    const struct link_options options = {.high_water_mark = QUEUE_MESSAGES,
                                         .unread_most = UNREAD_MOST,
                                         .most_message_bytes = HEARD_MOST_BYTES};
    const struct link_router_calls calls = {
        .on_message = on_message, .on_refused = on_too_many_frames, .owner = door};
    door->router =
        link_router_bind(parts->context, parts->loop, parts->endpoint, &options, &calls, why, why_size);
    return door->router ? TAKE(door) : NULL;
}

void subscriber_door_use(struct subscriber_door *door, struct registry *registry)
{
    door->registry = registry;
}

void subscriber_door_stop(struct subscriber_door *door)
{
    door->is_stopping = true;
}

void subscriber_door_close(struct subscriber_door *door)
{
    metrics_remove(service_metrics(), &door->numbers);
    loop_timer_clear(door->parts.loop, &door->tick);
    if (door->router)
        link_router_close(door->router);
    dispatch_free(door->dispatch);
    subscribers_free(door->subscribers);
    arena_clear(&door->arena);
    free(door);
}

const char *subscriber_door_endpoint(const struct subscriber_door *door)
{
    return link_router_endpoint(door->router);
}
