/* outlet: the append link to bellhop-persist: batches out, results and verdicts back. */
#include "services/ingest/outlet.h"

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/wire.h"

enum {
    RESULT_ARENA_BYTES = 8 * 1024 * 1024,
    BATCH_BYTES = 1024 * 1024, /* no second request is added beyond it */
};

struct batch {
    struct list_node node;
    uint64_t id;
    struct bytes content; /* an AppendBatch without its id; sealed: the whole AppendRequest */
    struct list tickets;
    size_t event_count;
    size_t rejected_count;
    int64_t sent_us;
    bool is_sent; /* over the connection there is now */
};

struct outlet_numbers {
    uint64_t batches;
    uint64_t batches_again;
    uint64_t batches_busy;
    uint64_t answers_unknown;
    uint64_t answers_refused;
    int64_t batches_in_flight;
    struct histogram commit;
};

static const struct metric outlet_metrics[] = {
    METRIC(struct outlet_numbers, batches, "bellhop_ingest_batches_total", "",
           "batches sent to bellhop-persist"),
    METRIC(struct outlet_numbers, batches_again, "bellhop_ingest_batches_again_total", "",
           "batches sent again after a reconnection"),
    METRIC(struct outlet_numbers, batches_busy, "bellhop_ingest_batches_busy_total", "",
           "batches bellhop-persist could not take"),
    METRIC(struct outlet_numbers, answers_unknown, "bellhop_ingest_append_answers_unknown_total", "",
           "answers to no batch of ours"),
    METRIC(struct outlet_numbers, answers_refused, "bellhop_ingest_append_refused_total", "",
           "messages bellhop-persist refused"),
    METRIC(struct outlet_numbers, batches_in_flight, "bellhop_ingest_batches_in_flight", "",
           "batches waiting for their result"),
    METRIC(struct outlet_numbers, commit, "bellhop_ingest_commit_seconds", "",
           "from sending a batch to its result"),
};

struct outlet {
    struct loop *loop;
    struct link_dealer *dealer;
    struct outlet_calls calls;
    const char *instance;
    size_t batch_events;
    size_t most_in_flight;
    struct batch *filling;
    struct list batches; /* sealed, oldest first */
    size_t sent_count;   /* of these, over this connection */
    uint64_t next_id;
    struct arena arena; /* of one answer */
    struct bytes scratch;
    struct outlet_numbers numbers;
};

/* ---------------------------------------------------------------- batches */

static struct batch *batch_new(uint64_t id)
{
    struct batch *batch = NEW(batch);
    batch->id = id;
    list_init(&batch->tickets);
    return batch;
}

static void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    bytes_clear(&batch->content);
    free(batch);
}

/* Encoded messages put one after the other are one message with all their repeated fields: a batch is
 * gathered that way, event by event, and closed with its id. */
static void batch_seal(struct batch *batch, struct bytes *scratch)
{
    WireAppendBatch tail = WIRE_APPEND_BATCH__INIT;
    tail.has_batch_id = true;
    tail.batch_id = batch->id;
    wire_pack(&tail, &batch->content);
    WireAppendRequestBytes request = WIRE_APPEND_REQUEST_BYTES__INIT;
    request.has_batch = true;
    request.batch = wire_bytes(bytes_slice(&batch->content));
    bytes_reset(scratch);
    wire_pack(&request, scratch);
    bytes_reset(&batch->content);
    bytes_append_slice(&batch->content, bytes_slice(scratch));
}

static bool batch_send(struct outlet *outlet, struct batch *batch)
{
    if (link_dealer_send(outlet->dealer, bytes_slice(&batch->content)) != LINK_SENT)
        return false;
    batch->is_sent = true;
    batch->sent_us = clock_monotonic_us();
    outlet->sent_count++;
    outlet->numbers.batches++;
    return true;
}

/* Send what is sealed and not sent, in order, as far as the bound and the connection allow. */
static void send_sealed(struct outlet *outlet)
{
    LIST_EACH(node, &outlet->batches) {
        struct batch *batch = CONTAINER_OF(node, struct batch, node);
        if (outlet->sent_count >= outlet->most_in_flight)
            return;
        if (!batch->is_sent && !batch_send(outlet, batch))
            return;
    }
}

static void seal_filling(struct outlet *outlet)
{
    batch_seal(outlet->filling, &outlet->scratch);
    list_append(&outlet->batches, &outlet->filling->node);
    outlet->numbers.batches_in_flight++;
    outlet->filling = batch_new(++outlet->next_id);
}

static void outlet_flush(void *owner)
{
    struct outlet *outlet = owner;
    if (!list_is_empty(&outlet->filling->tickets) && outlet->sent_count < outlet->most_in_flight)
        seal_filling(outlet);
    send_sealed(outlet);
}

void outlet_begin(struct outlet *outlet, size_t size_bytes)
{
    if (!list_is_empty(&outlet->filling->tickets) && outlet->filling->content.size + size_bytes > BATCH_BYTES)
        seal_filling(outlet);
}

void outlet_append(struct outlet *outlet, WireAppendEvent *event)
{
    WireAppendBatch part = WIRE_APPEND_BATCH__INIT;
    part.n_events = 1;
    part.events = &event;
    wire_pack(&part, &outlet->filling->content);
    outlet->filling->event_count++;
}

void outlet_append_rejected(struct outlet *outlet, WireRejectedEvent *rejected)
{
    WireAppendBatch part = WIRE_APPEND_BATCH__INIT;
    part.n_rejected = 1;
    part.rejected = &rejected;
    wire_pack(&part, &outlet->filling->content);
    outlet->filling->rejected_count++;
}

void outlet_submit(struct outlet *outlet, struct outlet_ticket *ticket)
{
    struct batch *batch = outlet->filling;
    list_append(&batch->tickets, &ticket->node);
    if (batch->event_count + batch->rejected_count < outlet->batch_events)
        return;
    seal_filling(outlet);
    send_sealed(outlet);
}

/* ---------------------------------------------------------------- answers */

static struct batch *batch_take(struct outlet *outlet, uint64_t id)
{
    LIST_EACH(node, &outlet->batches) {
        struct batch *batch = CONTAINER_OF(node, struct batch, node);
        if (batch->id != id)
            continue;
        list_remove(&batch->node);
        outlet->sent_count -= batch->is_sent;
        outlet->numbers.batches_in_flight--;
        return batch;
    }
    return NULL;
}

static void tell_receipts(struct outlet *outlet, struct batch *batch, const WireAppendResult *result)
{
    WireReceipt *const *receipts = result->receipts;
    struct list_node *node;
    while ((node = list_take_first(&batch->tickets))) {
        struct outlet_ticket *ticket = CONTAINER_OF(node, struct outlet_ticket, node);
        size_t count = ticket->event_count;
        outlet->calls.on_receipts(outlet->calls.owner, ticket, receipts);
        receipts += count;
    }
}

static void tell_busy(struct outlet *outlet, struct batch *batch, int64_t retry_after_ms, const char *reason)
{
    struct list_node *node;
    while ((node = list_take_first(&batch->tickets)))
        outlet->calls.on_busy(outlet->calls.owner, CONTAINER_OF(node, struct outlet_ticket, node),
                              retry_after_ms, reason);
}

static void on_result(struct outlet *outlet, const WireAppendResult *result)
{
    struct batch *batch = batch_take(outlet, result->batch_id);
    if (!batch) {
        outlet->numbers.answers_unknown++;
        return;
    }
    histogram_observe_us(&outlet->numbers.commit, clock_monotonic_us() - batch->sent_us);
    if (result->has_retry_after_ms) {
        outlet->numbers.batches_busy++;
        tell_busy(outlet, batch, result->retry_after_ms,
                  result->busy_reason ? result->busy_reason : "log_busy");
    } else if (result->n_receipts == batch->event_count) {
        tell_receipts(outlet, batch, result);
    } else {
        log_error("append-result-wrong",
                  "bellhop-persist answered another number of events than it was sent, the requests are "
                  "answered busy",
                  FIELD("sent", batch->event_count), FIELD("answered", result->n_receipts));
        tell_busy(outlet, batch, 1000, "log_busy");
    }
    batch_free(batch);
}

static void on_message(void *owner, struct slice message)
{
    struct outlet *outlet = owner;
    arena_reset(&outlet->arena, 0);
    WireAppendReply *reply = wire_unpack(&wire_append_reply__descriptor, message, &outlet->arena, NULL);
    if (!reply) {
        outlet->numbers.answers_unknown++;
        log_error("append-answer-unreadable", "could not read an answer of bellhop-persist, it is dropped",
                  FIELD("bytes", message.size));
        return;
    }
    switch (reply->reply_case) {
    case WIRE_APPEND_REPLY__REPLY_RESULT:
        on_result(outlet, reply->result);
        return;
    case WIRE_APPEND_REPLY__REPLY_VERDICT:
        outlet->calls.on_verdict(outlet->calls.owner, reply->verdict);
        return;
    case WIRE_APPEND_REPLY__REPLY_UPDATE:
        outlet->calls.on_update(outlet->calls.owner, reply->update);
        return;
    case WIRE_APPEND_REPLY__REPLY_WELCOME:
        log_info("log-welcome", "connected to the log", FIELD("epoch", reply->welcome->epoch),
                 FIELD("head", reply->welcome->head));
        return;
    case WIRE_APPEND_REPLY__REPLY_REFUSED:
        outlet->numbers.answers_refused++;
        log_error("append-refused", "bellhop-persist refused a message",
                  FIELD("reason", reply->refused->reason), FIELD("explanation", reply->refused->explanation));
        return;
    case WIRE_APPEND_REPLY__REPLY_DECISIONS:
    case WIRE_APPEND_REPLY__REPLY_LEASE:
    case WIRE_APPEND_REPLY__REPLY_STREAM:
    case WIRE_APPEND_REPLY__REPLY__NOT_SET:
    case _WIRE_APPEND_REPLY__REPLY__CASE_IS_INT_SIZE:
        outlet->numbers.answers_unknown++;
        return;
    }
}

bool outlet_ask(struct outlet *outlet, uint64_t read_id, const uint8_t event_id[16], int64_t wait_ms)
{
    WireVerdictRead read = WIRE_VERDICT_READ__INIT;
    read.has_read_id = read.has_event_id = read.has_wait_ms = true;
    read.read_id = read_id;
    read.event_id = wire_bytes(slice_of(event_id, 16));
    read.wait_ms = wait_ms;
    WireAppendRequest request = WIRE_APPEND_REQUEST__INIT;
    request.request_case = WIRE_APPEND_REQUEST__REQUEST_VERDICT_READ;
    request.verdict_read = &read;
    bytes_reset(&outlet->scratch);
    wire_pack(&request, &outlet->scratch);
    return link_dealer_send(outlet->dealer, bytes_slice(&outlet->scratch)) == LINK_SENT;
}

/* ---------------------------------------------------------------- the connection */

static bool say_hello(struct outlet *outlet)
{
    WireHello hello = WIRE_HELLO__INIT;
    hello.peer = (char *)outlet->instance;
    hello.has_want_updates = hello.want_updates = true;
    WireAppendRequest request = WIRE_APPEND_REQUEST__INIT;
    request.request_case = WIRE_APPEND_REQUEST__REQUEST_HELLO;
    request.hello = &hello;
    bytes_reset(&outlet->scratch);
    wire_pack(&request, &outlet->scratch);
    return link_dealer_send(outlet->dealer, bytes_slice(&outlet->scratch)) == LINK_SENT;
}

static void forget_sent(struct outlet *outlet)
{
    LIST_EACH(node, &outlet->batches) {
        struct batch *batch = CONTAINER_OF(node, struct batch, node);
        outlet->numbers.batches_again += batch->is_sent;
        batch->is_sent = false;
    }
    outlet->sent_count = 0;
}

static void on_connected(void *owner)
{
    struct outlet *outlet = owner;
    forget_sent(outlet);
    if (!say_hello(outlet))
        return; /* gone again: it will be told once more */
    service_health_set("log", HEALTH_GREEN, "");
    outlet->calls.on_connection(outlet->calls.owner, true);
    send_sealed(outlet);
}

static void on_disconnected(void *owner)
{
    struct outlet *outlet = owner;
    service_health_set("log", HEALTH_RED, "bellhop-persist is away: registers are answered busy");
    outlet->calls.on_connection(outlet->calls.owner, false);
    forget_sent(outlet);
}

struct outlet *outlet_open(struct link_context *context, struct loop *loop,
                           const struct ingest_config *config, char *why, size_t why_size)
{
    AUTO(outlet) *outlet = NEW(outlet);
    outlet->loop = loop;
    outlet->instance = config->instance;
    outlet->batch_events = (size_t)config->batch_events;
    outlet->most_in_flight = (size_t)config->batches_in_flight;
    list_init(&outlet->batches);
    outlet->filling = batch_new(++outlet->next_id);
    arena_init(&outlet->arena, RESULT_ARENA_BYTES);
    loop_at_turn_end(loop, outlet_flush, outlet);
    metrics_add(service_metrics(), outlet_metrics, COUNT_OF(outlet_metrics), &outlet->numbers);
    const struct link_options options = {.most_message_bytes = 2 * (int64_t)RESULT_ARENA_BYTES};
    const struct link_dealer_calls calls = {.on_message = on_message,
                                            .on_connected = on_connected,
                                            .on_disconnected = on_disconnected,
                                            .owner = outlet};
    outlet->dealer =
        link_dealer_connect(context, loop, config->append_endpoint, &options, &calls, why, why_size);
    return outlet->dealer ? TAKE(outlet) : NULL;
}

void outlet_listen(struct outlet *outlet, const struct outlet_calls *calls)
{
    outlet->calls = *calls;
}

void outlet_close(struct outlet *outlet)
{
    if (!outlet)
        return;
    metrics_remove(service_metrics(), &outlet->numbers);
    loop_turn_end_remove(outlet->loop, outlet_flush, outlet);
    link_dealer_close(outlet->dealer);
    struct list_node *node;
    while ((node = list_take_first(&outlet->batches)))
        batch_free(CONTAINER_OF(node, struct batch, node));
    batch_free(outlet->filling);
    arena_clear(&outlet->arena);
    bytes_clear(&outlet->scratch);
    free(outlet);
}
