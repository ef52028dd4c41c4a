/* intake: the registers' door: requests in, each admitted, inspected and handed to the outlet. */
#include "services/ingest/intake_state.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"
#include "services/ingest/inspection.h"

enum {
    ARENA_BYTES = 24 * 1024 * 1024, /* a request of the largest size, decoded, and its reply */
    RETRY_BUSY_MS = 200,
    RETRY_AWAY_MS = 1000,
    LINGER_MS = 1000,
    MESSAGES_A_TURN = 128,
    HEARD_MOST_BYTES =
        8 * 1024 * 1024,   /* a request beyond its limit, up to here, hears why; beyond, it is cut */
    UNREAD_MOST = 32,      /* requests of one register, of up to that size; the rest wait at the register */
    UNREAD_REPLIES = 1000, /* of one connection, beyond those to its requests in flight; more are lost */
};

/* --- publish --- */

static void add_rejected(struct intake *intake, struct request *request, size_t index, struct slice bytes,
                         const struct arrival *arrival, const struct wire_refusal *refusal)
{
    struct rejected rejected;
    inspection_reject(bytes, arrival, refusal, &intake->arena, &intake->canonical, &rejected);
    request_note_rejected(request, index, rejected.id, refusal);
    intake->numbers.rejected[refusal->reason]++;
    refusals_add(&intake->rejections, loop_now_ms(intake->loop), link_router_sender(intake->router), refusal);
    if (quota_use(&intake->rejected_quota, loop_now_ms(intake->loop)))
        outlet_append_rejected(intake->outlet, &rejected.kept);
    else
        intake->numbers.rejected_unkept++;
}

/* Several sources: the one that is heard of for the shortest time counts. */
static void want_updates(struct intake *intake, struct request *request, const char *source)
{
    int64_t since_at =
        updates_want(intake->updates, source, &request->peer, loop_now_ms(intake->loop), clock_utc_us());
    if (since_at > request->updates_since_at)
        request->updates_since_at = since_at;
    outlet_want_updates(intake->outlet, source);
}

static void add_events(struct intake *intake, struct request *request, const WirePublishBytes *publish,
                       const struct arrival *arrival)
{
    size_t mark = intake->arena.used;
    char source[132] = "";
    for (size_t i = 0; i < publish->n_events; i++) {
        struct slice bytes = wire_slice(publish->events[i]);
        struct accepted accepted;
        struct wire_refusal refusal;
        if (!inspection_accept(bytes, arrival, &intake->arena, &intake->canonical, &accepted, &refusal)) {
            arena_reset(&intake->arena, mark);
            add_rejected(intake, request, i, bytes, arrival, &refusal);
        } else {
            request_note_accepted(request, i, accepted.id);
            outlet_append(intake->outlet, &accepted.append);
            if (publish->want_updates && !text_equal(source, accepted.source)) {
                text_copy(source, sizeof source, accepted.source);
                want_updates(intake, request, source);
            }
        }
        arena_reset(&intake->arena, mark);
    }
}

static void busy(struct intake *intake, const struct link_peer *peer, uint64_t request_id,
                 enum admission_answer answer)
{
    intake->numbers.busy[answer]++;
    int64_t retry_ms = answer == BUSY_LOG || answer == BUSY_STOPPING ? RETRY_AWAY_MS : RETRY_BUSY_MS;
    reply_write_busy(request_id, clock_utc_us(), retry_ms, admission_word(answer), &intake->reply);
    intake_send_reply(intake, peer);
}

static void refuse_updates(struct intake *intake, const struct link_peer *peer, uint64_t request_id)
{
    struct wire_refusal refusal;
    wire_refuse(
        &refusal, WIRE_NEEDS_DEALER, "publish.want_updates",
        "is set, and an empty frame came before the request, as from a REQ socket; updates come unasked, "
        "which only a DEALER can tell from replies");
    intake_refuse(intake, peer, request_id, &refusal);
}

static void on_publish(struct intake *intake, const struct link_peer *peer, const WirePublishBytes *publish,
                       size_t size)
{
    if (publish->want_updates && link_peer_is_req(peer)) {
        refuse_updates(intake, peer, publish->request_id);
        return;
    }
    enum admission_answer answer =
        admission_enter(intake->admission, link_peer_connection(peer), (int64_t)size);
    if (answer != ADMITTED) {
        busy(intake, peer, publish->request_id, answer);
        return;
    }
    struct request *request = request_new(peer, publish->request_id, publish->n_events);
    request->intake = intake;
    request->received_us = clock_monotonic_us();
    request->size_bytes = (int64_t)size;
    request->await_verdict = publish->await_verdict;
    list_append(&intake->requests, &request->node);

    struct arrival arrival = {
        .sent_at = publish->sent_at, .now = clock_utc_us(), .want_verdict = publish->await_verdict};
    arrival.skew = skew_of(arrival.sent_at, arrival.now, intake->config->skew_limit.ms);
    intake->numbers.skewed += arrival.skew.is_wrong;
    intake->numbers.events += publish->n_events;
    outlet_begin(intake->outlet, size);
    add_events(intake, request, publish, &arrival);
    outlet_submit(intake->outlet, &request->ticket);
}

/* --- the door --- */

static void answer_query(void *owner, const struct query *query, const WireVerdictResult *result)
{
    struct intake *intake = owner;
    if (result)
        reply_write_verdict(query->request_id, result, &intake->reply);
    else
        reply_write_verdict_busy(query->request_id, RETRY_AWAY_MS, &intake->reply);
    intake_send_reply(intake, &query->peer);
    admission_leave(intake->admission, link_peer_connection(&query->peer), query->size_bytes);
}

static void on_query(struct intake *intake, const struct link_peer *peer, const WireVerdictQuery *query,
                     size_t size)
{
    intake->numbers.queries++;
    enum admission_answer answer =
        admission_enter(intake->admission, link_peer_connection(peer), (int64_t)size);
    if (answer != ADMITTED) {
        intake->numbers.busy[answer]++;
        reply_write_verdict_busy(query->request_id, RETRY_AWAY_MS, &intake->reply);
        intake_send_reply(intake, peer);
        return;
    }
    int64_t most_ms = intake->config->verdict_wait.ms;
    struct query asked = {.peer = *peer,
                          .request_id = query->request_id,
                          .size_bytes = (int64_t)size,
                          .wait_ms = query->wait_ms < most_ms ? query->wait_ms : most_ms};
    memcpy(asked.event_id, query->event_id.data, sizeof asked.event_id);
    queries_ask(intake->queries, &asked);
}

/* The request's id where it could be read, 0 where not. */
static uint64_t readable_request_id(struct intake *intake, struct slice message)
{
    arena_reset(&intake->arena, 0);
    WireRegisterRequestBytes *request =
        wire_unpack(&wire_register_request_bytes__descriptor, message, &intake->arena, NULL);
    if (!request)
        return 0;
    switch (request->request_case) {
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST_PUBLISH:
        return request->publish->request_id;
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST_VERDICT_QUERY:
        return request->verdict_query->request_id;
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST__NOT_SET:
    case _WIRE_REGISTER_REQUEST_BYTES__REQUEST__CASE_IS_INT_SIZE:
        return 0;
    }
    return 0;
}

static void on_message(void *owner, const struct link_peer *peer, struct slice message)
{
    struct intake *intake = owner;
    struct wire_refusal refusal = {.reason = WIRE_NO_REQUEST};
    if (message.size > WIRE_REQUEST_MOST_BYTES) {
        wire_refuse(&refusal, WIRE_TOO_LARGE, "", "the request has %zu bytes; at most %d are taken",
                    message.size, WIRE_REQUEST_MOST_BYTES);
        intake_refuse(intake, peer, readable_request_id(intake, message), &refusal);
        return;
    }
    arena_reset(&intake->arena, 0);
    const WireRegisterRequestBytes *request =
        wire_validate_request(&wire_register_request_rules, message, &intake->arena, &refusal);
    if (!request) {
        intake_refuse(intake, peer, readable_request_id(intake, message), &refusal);
        return;
    }
    switch (request->request_case) {
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST_PUBLISH:
        on_publish(intake, peer, request->publish, message.size);
        return;
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST_VERDICT_QUERY:
        on_query(intake, peer, request->verdict_query, message.size);
        return;
    case WIRE_REGISTER_REQUEST_BYTES__REQUEST__NOT_SET:
    case _WIRE_REGISTER_REQUEST_BYTES__REQUEST__CASE_IS_INT_SIZE:
        wire_refuse(&refusal, WIRE_NO_REQUEST, "", "neither publish nor verdict_query is set");
        intake_refuse(intake, peer, 0, &refusal);
        return;
    }
}

/* Its envelope was not kept, so the refusal goes to the connection without one. */
static void on_too_many_frames(void *owner, const struct link_peer *connection)
{
    struct wire_refusal refusal;
    wire_refuse(&refusal, WIRE_TOO_MANY_FRAMES, "", "a message is one frame, after a short return envelope");
    intake_refuse(owner, connection, 0, &refusal);
}

/* --- opening and closing --- */

static void measure(void *numbers)
{
    struct intake *intake = CONTAINER_OF(numbers, struct intake, numbers);
    intake->numbers.requests_in_flight = admission_requests(intake->admission);
    intake->numbers.bytes_in_flight = admission_bytes(intake->admission);
    intake->numbers.update_sources = (int64_t)updates_count(intake->updates);
}

static struct intake *intake_new(struct loop *loop, const struct ingest_config *config,
                                 struct admission *admission, struct outlet *outlet)
{
    struct intake *intake = NEW(intake);
    intake->loop = loop;
    intake->config = config;
    intake->admission = admission;
    intake->outlet = outlet;
    intake->refusals = (struct refusals){.id = "request-refused",
                                         .sentence = "refused a register's request: its program, or "
                                                     "something in between, does not speak the protocol"};
    intake->rejections = (struct refusals){
        .id = "event-rejected",
        .sentence = "rejected an event that a register sent, look at bellhop.rejected_event"};
    intake->updates = updates_new((size_t)config->update_sources_most, config->update_age.ms, random_u64());
    intake->queries = queries_new(loop, outlet, answer_query, intake);
    awaiting_init(&intake->awaiting, random_u64());
    quota_init(&intake->rejected_quota, config->rejected_a_minute, clock_monotonic_ms());
    list_init(&intake->requests);
    arena_init(&intake->arena, ARENA_BYTES);
    size_t metric_count;
    intake->metrics = intake_numbers_table(&metric_count);
    metrics_add_measured(service_metrics(), intake->metrics, metric_count, &intake->numbers, measure);
    return intake;
}

struct intake *intake_open(struct link_context *context, struct loop *loop,
                           const struct ingest_config *config, struct admission *admission,
                           struct outlet *outlet, char *why, size_t why_size)
{
    AUTO(intake) *intake = intake_new(loop, config, admission, outlet);
    const char *endpoint = config->publish_bind[0] ? config->publish_bind : config->publish_endpoint;
    const struct link_options options = {.linger_ms = LINGER_MS,
                                         .high_water_mark = (int)config->peer_requests_most + UNREAD_REPLIES,
                                         .messages_a_turn = MESSAGES_A_TURN,
                                         .unread_most = UNREAD_MOST,
                                         .most_message_bytes = HEARD_MOST_BYTES};
    const struct link_router_calls calls = {
        .on_message = on_message, .on_refused = on_too_many_frames, .owner = intake};
    intake->router = link_router_bind(context, loop, endpoint, &options, &calls, why, why_size);
    if (!intake->router)
        return NULL;
    outlet_listen(outlet, &(struct outlet_calls){.on_receipts = intake_on_receipts,
                                                 .on_busy = intake_on_busy,
                                                 .on_verdict = intake_on_verdict,
                                                 .on_update = intake_on_update,
                                                 .on_connection = intake_on_connection,
                                                 .owner = intake});
    admission_close(admission, BUSY_LOG); /* until the outlet says that it is connected */
    return TAKE(intake);
}

void intake_close(struct intake *intake)
{
    if (!intake)
        return;
    metrics_remove(service_metrics(), &intake->numbers);
    link_router_close(intake->router);
    LIST_EACH_SAFE(node, &intake->requests)
        intake_finish_request(intake, CONTAINER_OF(node, struct request, node));
    queries_free(intake->queries);
    awaiting_clear(&intake->awaiting);
    updates_free(intake->updates);
    arena_clear(&intake->arena);
    bytes_clear(&intake->canonical);
    bytes_clear(&intake->reply);
    free(intake->metrics);
    free(intake);
}

const char *intake_endpoint(const struct intake *intake)
{
    return link_router_endpoint(intake->router);
}

void intake_stop(struct intake *intake)
{
    admission_close(intake->admission, BUSY_STOPPING);
}

void intake_drain(struct intake *intake, int64_t grace_ms)
{
    int64_t until_ms = clock_monotonic_ms() + grace_ms;
    int64_t left_ms;
    while (admission_requests(intake->admission) > 0 && (left_ms = until_ms - clock_monotonic_ms()) > 0)
        loop_turn(intake->loop, left_ms);
    if (admission_requests(intake->admission) > 0)
        log_warning("drain-incomplete",
                    "stopping with unanswered requests, their registers will send them again",
                    FIELD("requests", admission_requests(intake->admission)));
}
