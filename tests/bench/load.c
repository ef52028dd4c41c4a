/* load: a register, or a subscriber, that measures. Endpoints come from the environment, as everywhere.
 *
 *   load publish EVENTS PER_MESSAGE IN_FLIGHT  events of made days (support/day): accepted, and decided, a second
 *   load ack COUNT                             one event a request, one in flight: microseconds to its receipt
 *   load verdict COUNT                         a remedy request, one in flight: microseconds to its verdict
 *   load deliver COUNT                         an angry customer, one in flight: microseconds to the subscriber
 *   load hold INTERACTIONS                     open that many interactions and leave them open
 *   load play SECONDS EVENTS_PER_S             one long day of 400 shops, 50 events a message
 *
 * Prints lines "name value". Exit code 1 when anything was refused or did not come within a minute. */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/link/dealer.h"
#include "common/link/subscriber.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/publish.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"
#include "tests/support/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_BYTES = 4 * 1024 * 1024,
    PATIENCE_MS = 60000,
    MOST_PER_MESSAGE = 1000,
    PLAY_PER_MESSAGE = 50,
    PLAY_MESSAGES_MOST = 200
};

struct request {
    size_t offset, size; /* in load.requests */
    uint32_t events;
    int64_t sent_us;
};

struct load {
    struct loop *loop;
    struct link_dealer *door;
    struct link_dealer *stream;   /* of deliver */
    struct link_subscriber *feed; /* of publish */
    struct arena *arena;
    struct uuid_minter minter;
    struct bytes encoded; /* all requests, one behind the other */
    struct request *requests;
    size_t request_count, next, answered;
    size_t window;
    int64_t *latencies_us;
    size_t latency_count;
    uint64_t accepted, busy, refused;
    uint64_t head, cursor; /* as the feed says */
    bool is_subscribed, awaits_verdict, awaits_delivery, is_waiting_for_delivery;
};

/* --- sending --- */

static void send_next(struct load *load)
{
    while (load->next < load->request_count && load->next - load->answered < load->window &&
           !load->is_waiting_for_delivery) {
        struct request *request = &load->requests[load->next];
        request->sent_us = clock_monotonic_us();
        if (link_dealer_send(load->door, slice_of(load->encoded.data + request->offset, request->size)) !=
            LINK_SENT)
            return;
        load->next++;
        load->is_waiting_for_delivery = load->awaits_delivery;
    }
}

static void latency_note(struct load *load, int64_t since_us)
{
    load->latencies_us[load->latency_count++] = clock_monotonic_us() - since_us;
}

static bool is_accepted(const struct load *load, const WirePublishReply *reply, const struct request *request)
{
    if (reply->n_receipts != request->events)
        return false;
    for (size_t i = 0; i < reply->n_receipts; i++)
        if (reply->receipts[i]->result != WIRE_RECEIPT__RESULT__COMMITTED) {
            const char *why = reply->receipts[i]->explanation;
            fprintf(stderr, "load: an event was not accepted: %s %s\n",
                    reply->receipts[i]->field ? reply->receipts[i]->field : "",
                    why ? why : "it is in the log already");
            return false;
        }
    return !load->awaits_verdict || (reply->n_verdicts == request->events &&
                                     reply->verdicts[0]->outcome != WIRE_VERDICT__OUTCOME__PENDING);
}

/* Replies are told apart by request_id, the request's index. */
static void on_reply(void *owner, struct slice message)
{
    struct load *load = owner;
    arena_reset(load->arena, 0);
    WireRegisterReply *reply = wire_unpack(&wire_register_reply__descriptor, message, load->arena, NULL);
    if (!reply || reply->reply_case != WIRE_REGISTER_REPLY__REPLY_PUBLISH ||
        reply->publish->request_id >= load->request_count) {
        load->refused++;
        return;
    }
    struct request *request = &load->requests[reply->publish->request_id];
    if (reply->publish
            ->has_retry_after_ms) { /* the benches keep within the bounds: seeing this is a finding */
        load->busy++;
        if (link_dealer_send(load->door, slice_of(load->encoded.data + request->offset, request->size)) !=
            LINK_SENT)
            load->refused++;
        return;
    }
    if (is_accepted(load, reply->publish, request))
        load->accepted += request->events;
    else
        load->refused += request->events;
    if (!load->awaits_delivery)
        latency_note(load, request->sent_us);
    load->answered++;
    send_next(load);
}

static void on_feed(void *owner, struct slice topic, struct slice message)
{
    struct load *load = owner;
    (void)topic;
    arena_reset(load->arena, 0);
    const WireFeed *feed = wire_unpack(&wire_feed__descriptor, message, load->arena, NULL);
    if (feed && feed->head > load->head)
        load->head = feed->head;
    if (feed && feed->cursor > load->cursor)
        load->cursor = feed->cursor;
}

/* --- subscribing --- */

static void stream_send(struct load *load, WireSubscriberRequest *request)
{
    AUTO_CLEAR(bytes) bytes = {0};
    wire_pack(request, &bytes);
    if (link_dealer_send(load->stream, bytes_slice(&bytes)) != LINK_SENT)
        load->refused++;
}

static void on_stream_connected(void *owner)
{
    char *topics[] = {"case.opened"};
    char name[32];
    snprintf(name, sizeof name, "bench-%lld", (long long)clock_utc_us());
    WireSubscribe subscribe = WIRE_SUBSCRIBE__INIT;
    subscribe.stream = name;
    subscribe.topics = topics;
    subscribe.n_topics = 1;
    WireSubscriberRequest request = WIRE_SUBSCRIBER_REQUEST__INIT;
    request.request_case = WIRE_SUBSCRIBER_REQUEST__REQUEST_SUBSCRIBE;
    request.subscribe = &subscribe;
    stream_send(owner, &request);
}

static void on_delivery(struct load *load, WireDelivery *delivery)
{
    if (load->is_waiting_for_delivery && !delivery->snapshot) {
        latency_note(load, load->requests[load->next - 1].sent_us);
        load->is_waiting_for_delivery = false;
    }
    WireConfirm confirm = WIRE_CONFIRM__INIT;
    confirm.stream = delivery->stream;
    confirm.decision_ids = &delivery->decision_id;
    confirm.n_decision_ids = 1;
    WireSubscriberRequest request = WIRE_SUBSCRIBER_REQUEST__INIT;
    request.request_case = WIRE_SUBSCRIBER_REQUEST__REQUEST_CONFIRM;
    request.confirm = &confirm;
    stream_send(load, &request);
    send_next(load);
}

static void on_stream(void *owner, struct slice message)
{
    struct load *load = owner;
    arena_reset(load->arena, 0);
    const WireSubscriberReply *reply =
        wire_unpack(&wire_subscriber_reply__descriptor, message, load->arena, NULL);
    if (reply && reply->reply_case == WIRE_SUBSCRIBER_REPLY__REPLY_SUBSCRIBED)
        load->is_subscribed = true;
    else if (reply && reply->reply_case == WIRE_SUBSCRIBER_REPLY__REPLY_DELIVERY)
        on_delivery(load, reply->delivery);
    else if (!reply || reply->reply_case == WIRE_SUBSCRIBER_REPLY__REPLY_REFUSED)
        load->refused++;
}

/* --- making the requests --- */

/* Each event is encoded already. */
static void request_add(struct load *load, ProtobufCBinaryData *events, size_t count)
{
    WirePublishBytes publish = WIRE_PUBLISH_BYTES__INIT;
    WIRE_SET(&publish, request_id, load->request_count);
    WIRE_SET(&publish, sent_at, clock_utc_us());
    publish.events = events;
    publish.n_events = count;
    publish.has_await_verdict = publish.await_verdict = load->awaits_verdict;
    WireRegisterRequestBytes request = WIRE_REGISTER_REQUEST_BYTES__INIT;
    request.request_case = WIRE_REGISTER_REQUEST_BYTES__REQUEST_PUBLISH;
    request.publish = &publish;

    struct request *made = &load->requests[load->request_count++];
    *made = (struct request){.offset = load->encoded.size, .events = count};
    wire_pack(&request, &load->encoded);
    made->size = load->encoded.size - made->offset;
}

static void request_add_one(struct load *load, const WireEvent *event)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(event, &packed);
    ProtobufCBinaryData bytes = wire_bytes(bytes_slice(&packed));
    request_add(load, &bytes, 1);
}

/* An event of its own interaction, now. The body is the caller's. */
struct single {
    WireEvent event;
    uint8_t id[UUID_SIZE];
    char interaction_id[64];
};

static void single_init(struct load *load, struct single *single)
{
    int64_t now = clock_utc_us();
    struct uuid id = uuid_mint(&load->minter, now);
    memcpy(single->id, id.bytes, UUID_SIZE);
    char text[UUID_TEXT_SIZE];
    uuid_format(&id, text);
    snprintf(single->interaction_id, sizeof single->interaction_id, "bench-%s", text);
    single->event = (WireEvent)WIRE_EVENT__INIT;
    WIRE_SET(&single->event, id, (ProtobufCBinaryData){UUID_SIZE, single->id});
    single->event.source = "bench/1";
    single->event.store_id = "bench";
    WIRE_SET(&single->event, occurred_at, now);
    single->event.interaction_id = single->interaction_id;
    single->event.employee_id = "e1";
}

static void add_opened(struct load *load)
{
    struct single single;
    single_init(load, &single);
    single.event.employee_id = NULL; /* nobody serves a hundred thousand at once */
    WireInteractionOpened opened = WIRE_INTERACTION_OPENED__INIT;
    WIRE_SET(&opened, channel, WIRE_CHANNEL__COUNTER);
    single.event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
    single.event.interaction_opened = &opened;
    request_add_one(load, &single.event);
}

/* About one event in ten leads to a decision: this one does not. */
static void add_need(struct load *load)
{
    struct single single;
    single_init(load, &single);
    WireNeedRecorded need = WIRE_NEED_RECORDED__INIT;
    need.topic = "bench";
    single.event.body_case = WIRE_EVENT__BODY_NEED_RECORDED;
    single.event.need_recorded = &need;
    request_add_one(load, &single.event);
}

static void add_remedy(struct load *load)
{
    struct single single;
    single_init(load, &single);
    WireMoney amount = WIRE_MONEY__INIT;
    WIRE_SET(&amount, minor, 1);
    amount.currency = "EUR";
    WireRemedyRequested remedy = WIRE_REMEDY_REQUESTED__INIT;
    remedy.remedy_id = single.interaction_id;
    WIRE_SET(&remedy, kind, WIRE_REMEDY_KIND__GOODWILL);
    remedy.amount = &amount;
    single.event.body_case = WIRE_EVENT__BODY_REMEDY_REQUESTED;
    single.event.remedy_requested = &remedy;
    request_add_one(load, &single.event);
}

static void add_angry(struct load *load)
{
    struct single single;
    single_init(load, &single);
    WireMoodObserved mood = WIRE_MOOD_OBSERVED__INIT;
    WIRE_SET(&mood, mood, WIRE_MOOD__ANGRY);
    single.event.body_case = WIRE_EVENT__BODY_MOOD_OBSERVED;
    single.event.mood_observed = &mood;
    request_add_one(load, &single.event);
}

/* --- running --- */

typedef bool load_condition(const struct load *load);

static bool is_connected(const struct load *load)
{
    return link_dealer_is_connected(load->door) && (!load->stream || load->is_subscribed) &&
           (!load->feed || load->head > 0);
}

static bool is_answered(const struct load *load)
{
    return load->answered == load->request_count && !load->is_waiting_for_delivery;
}

static bool is_decided(const struct load *load)
{
    return load->cursor == load->head;
}

/* Turns the loop until the condition holds; exits when it does not within a minute, or when something was refused. */
static void load_until(struct load *load, load_condition *holds, const char *what)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!holds(load)) {
        loop_turn(load->loop, 100);
        if (load->refused || clock_monotonic_ms() > until_ms) {
            fprintf(stderr, "load: waiting until %s: %zu of %zu requests answered, %llu events refused\n",
                    what, load->answered, load->request_count, (unsigned long long)load->refused);
            exit(1);
        }
    }
}

static int latency_compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void print_latencies(struct load *load, const char *name)
{
    qsort(load->latencies_us, load->latency_count, sizeof *load->latencies_us, latency_compare);
    printf("%s_p50_us %lld\n", name, (long long)load->latencies_us[load->latency_count / 2]);
    printf("%s_p99_us %lld\n", name, (long long)load->latencies_us[load->latency_count * 99 / 100]);
}

static void run_requests(struct load *load)
{
    send_next(load);
    load_until(load, is_answered, "every request is answered");
}

/* The next `count` events of the day, as one request. */
static void add_day(struct load *load, struct day *day, size_t count)
{
    AUTO_CLEAR(bytes) packed = {0};
    ProtobufCBinaryData events[MOST_PER_MESSAGE];
    size_t ends[MOST_PER_MESSAGE];
    for (size_t i = 0; i < count; i++) {
        wire_pack(day_next(day, clock_utc_us()), &packed);
        ends[i] = packed.size;
    }
    for (size_t i = 0, from = 0; i < count; from = ends[i++])
        events[i] = (ProtobufCBinaryData){ends[i] - from, packed.data + from};
    request_add(load, events, count);
}

static void run_publish(struct load *load, size_t events, size_t per_message)
{
    struct day_options options = {
        .seed = (uint64_t)clock_utc_us(), .stores = 20, .registers = 5, .visits = 80};
    /* Other shops each time: the visits that the last run left open keep nobody busy now. */
    options.first_store = (uint32_t)(clock_utc_us() / 1000000 % 499) * options.stores;
    AUTO(day) *day = day_new(&options);
    for (size_t made = 0; made < events; made += per_message)
        add_day(load, day, per_message < events - made ? per_message : events - made);
    int64_t began_us = clock_monotonic_us();
    run_requests(load);
    int64_t accepted_us = clock_monotonic_us() - began_us;
    load_until(load, is_decided, "every event is decided");
    int64_t decided_us = clock_monotonic_us() - began_us;
    printf("accepted_per_s %.0f\n", (double)load->accepted * 1e6 / (double)accepted_us);
    printf("decided_per_s %.0f\n", (double)load->accepted * 1e6 / (double)decided_us);
    printf("busy %llu\n", (unsigned long long)load->busy);
}

/* Ten times a second what is due since; a register that cannot keep up sends as fast as it can. */
static void run_play(struct load *load, size_t seconds, size_t events_per_s)
{
    const struct day_options options = {
        .seed = (uint64_t)clock_utc_us(), .stores = 400, .registers = 5, .visits = 400};
    AUTO(day) *day = day_new(&options);
    int64_t began_us = clock_monotonic_us();
    size_t sent = 0;
    for (int64_t spent_us = 0; spent_us < (int64_t)seconds * 1000000;
         spent_us = clock_monotonic_us() - began_us) {
        size_t due = (size_t)(spent_us / 1000000.0 * (double)events_per_s);
        load->request_count = load->next = load->answered = load->latency_count = 0;
        bytes_reset(&load->encoded);
        for (; sent + PLAY_PER_MESSAGE <= due && load->request_count < PLAY_MESSAGES_MOST;
             sent += PLAY_PER_MESSAGE)
            add_day(load, day, PLAY_PER_MESSAGE);
        run_requests(load);
        loop_turn(load->loop, 100);
    }
    load_until(load, is_decided, "every event is decided");
    printf("played %zu\n", sent);
}

static void run_one_by_one(struct load *load, const char *what, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(what, "verdict"))
            add_remedy(load);
        else if (text_equal(what, "deliver"))
            add_angry(load);
        else if (text_equal(what, "hold"))
            add_opened(load);
        else
            add_need(load);
    run_requests(load);
    if (text_equal(what, "hold"))
        printf("held %llu\n", (unsigned long long)load->accepted);
    else
        print_latencies(load, what);
}

static const char *endpoint(const char *name, const char *standard)
{
    const char *given = getenv(name);
    return given ? given : standard;
}

static struct link_dealer *dealer(struct load *load, struct link_context *context, const char *to,
                                  void (*on_message)(void *, struct slice), void (*on_connected)(void *))
{
    char why[LINK_WHY_SIZE];
    struct link_options options = {.high_water_mark = 10000};
    struct link_dealer_calls calls = {.on_message = on_message, .on_connected = on_connected, .owner = load};
    struct link_dealer *made =
        link_dealer_connect(context, load->loop, to, &options, &calls, why, sizeof why);
    if (!made) {
        fprintf(stderr, "load: could not connect to %s: %s\n", to, why);
        exit(1);
    }
    return made;
}

static void connect_doors(struct load *load, struct link_context *context, const char *what)
{
    load->door = dealer(load, context, endpoint("BELLHOP_PUBLISH", "tcp://127.0.0.1:7401"), on_reply, NULL);
    if (text_equal(what, "deliver"))
        load->stream = dealer(load, context, endpoint("BELLHOP_SUBSCRIBE", "tcp://127.0.0.1:7404"), on_stream,
                              on_stream_connected);
    if (!text_equal(what, "publish") && !text_equal(what, "play"))
        return;
    char why[LINK_WHY_SIZE];
    struct link_subscriber_calls calls = {.on_message = on_feed, .owner = load};
    load->feed =
        link_subscriber_connect(context, load->loop, endpoint("BELLHOP_FEED", "tcp://127.0.0.1:7403"),
                                &(struct link_options){0}, &calls, why, sizeof why);
    link_subscriber_add(load->feed, "pulse");
    link_subscriber_add(load->feed, "decisions");
}

int main(int argc, char **argv)
{
    static const char *const modes[] = {"publish", "ack", "verdict", "deliver", "hold", "play"};
    const char *what = NULL;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (argc > 1 && text_equal(argv[1], modes[i]))
            what = modes[i];
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    size_t per_message = argc > 3 ? strtoul(argv[3], NULL, 10) : 1; /* or events a second */
    if (!what || count == 0 || per_message == 0 ||
        (text_equal(what, "publish") && per_message > MOST_PER_MESSAGE)) {
        fprintf(stderr, "usage: load publish EVENTS PER_MESSAGE IN_FLIGHT | load play SECONDS EVENTS_PER_S | "
                        "load ack|verdict|deliver|hold COUNT\n");
        return 2;
    }
    struct load load = {
        .loop = loop_new(),
        .arena = arena_new(ARENA_BYTES),
        .requests = memory_zeroed((count + PLAY_MESSAGES_MOST) * sizeof(struct request)),
        .latencies_us = memory_zeroed((count + PLAY_MESSAGES_MOST) * sizeof(int64_t)),
        .window = argc > 4                                               ? strtoul(argv[4], NULL, 10)
                  : text_equal(what, "hold") || text_equal(what, "play") ? 64
                                                                         : 1,
        .awaits_verdict = text_equal(what, "verdict"),
        .awaits_delivery = text_equal(what, "deliver"),
    };
    struct link_context *context = link_context_new();
    connect_doors(&load, context, what);
    load_until(&load, is_connected, "connected");
    if (text_equal(what, "play"))
        run_play(&load, count, per_message);
    else if (text_equal(what, "publish"))
        run_publish(&load, count, per_message);
    else
        run_one_by_one(&load, what, count);

    link_subscriber_close(load.feed);
    link_dealer_close(load.stream);
    link_dealer_close(load.door);
    link_context_free(context);
    bytes_clear(&load.encoded);
    free(load.requests);
    free(load.latencies_us);
    arena_free(load.arena);
    loop_free(load.loop);
    return 0;
}
