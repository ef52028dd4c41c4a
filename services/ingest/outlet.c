/* outlet: one batch that fills, those that are sealed, and the link they go over. */
#include "services/ingest/outlet.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/persist_link.h"
#include "common/wire/append_batch.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <assert.h>

enum {
    BATCH_BYTES = 1024 * 1024, /* no second request is added beyond it */
    BUSY_SHOWN_MS = 30000,     /* after the last answer of that kind */
};

struct batch {
    struct list_node node;
    uint64_t id;          /* the link's; 0: not handed to it yet */
    struct bytes content; /* an AppendBatch without its id, until it is handed over */
    struct list tickets;
    size_t event_count;
    size_t rejected_count;
};

struct outlet_numbers {
    uint64_t busy;
    int64_t in_flight;
};

static const struct metric outlet_metrics[] = {
    METRIC(struct outlet_numbers, busy, "bellhop_ingest_batches_busy_total", "",
           "batches bellhop-persist answered busy"),
    METRIC(struct outlet_numbers, in_flight, "bellhop_ingest_batches_in_flight", "",
           "batches waiting for their result"),
};

static const struct metric link_metrics[] = {
    METRIC(struct persist_link_numbers, sent, "bellhop_ingest_batches_total", "",
           "batches sent to bellhop-persist"),
    METRIC(struct persist_link_numbers, sent_again, "bellhop_ingest_batches_again_total", "",
           "batches sent again after a reconnection"),
    METRIC(struct persist_link_numbers, unknown, "bellhop_ingest_append_answers_unknown_total", "",
           "answers that match none of our batches"),
    METRIC(struct persist_link_numbers, refused, "bellhop_ingest_append_refused_total", "",
           "messages bellhop-persist refused"),
    METRIC(struct persist_link_numbers, answered, "bellhop_ingest_commit_seconds", "",
           "from sending a batch to its result"),
};

struct outlet {
    struct loop *loop;
    struct persist_link *persist;
    struct outlet_calls calls;
    size_t batch_events;
    size_t most_in_flight;
    struct batch *filling;
    struct list batches; /* sealed, oldest first */
    struct outlet_numbers numbers;
    struct loop_timer busy_over; /* runs while health says that the log takes nothing */
};

/* --- batches --- */

static struct batch *batch_new(void)
{
    struct batch *batch = NEW(batch);
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

static bool has_room(const struct outlet *outlet)
{
    return persist_link_open_count(outlet->persist) < outlet->most_in_flight;
}

/* Hand over what is sealed, in order, as far as the bound allows. */
static void hand_over(struct outlet *outlet)
{
    LIST_EACH(node, &outlet->batches) {
        struct batch *batch = CONTAINER_OF(node, struct batch, node);
        if (batch->id)
            continue;
        if (!has_room(outlet))
            return;
        batch->id = persist_link_append(outlet->persist, &batch->content);
        bytes_clear(&batch->content);
    }
}

static void seal_filling(struct outlet *outlet)
{
    list_append(&outlet->batches, &outlet->filling->node);
    outlet->numbers.in_flight++;
    outlet->filling = batch_new();
}

static void flush(void *owner)
{
    struct outlet *outlet = owner;
    if (!list_is_empty(&outlet->filling->tickets) && has_room(outlet))
        seal_filling(outlet);
    hand_over(outlet);
}

void outlet_begin(struct outlet *outlet, size_t size_bytes)
{
    if (!list_is_empty(&outlet->filling->tickets) && outlet->filling->content.size + size_bytes > BATCH_BYTES)
        seal_filling(outlet);
}

void outlet_append(struct outlet *outlet, WireAppendEvent *event)
{
    append_batch_add(&outlet->filling->content, event);
    outlet->filling->event_count++;
}

void outlet_append_rejected(struct outlet *outlet, WireRejectedEvent *rejected)
{
    append_batch_add_rejected(&outlet->filling->content, rejected);
    outlet->filling->rejected_count++;
}

void outlet_want_updates(struct outlet *outlet, const char *source)
{
    append_batch_want_updates(&outlet->filling->content, source);
}

void outlet_submit(struct outlet *outlet, struct outlet_ticket *ticket)
{
    struct batch *batch = outlet->filling;
    list_append(&batch->tickets, &ticket->node);
    if (batch->event_count + batch->rejected_count < outlet->batch_events)
        return;
    seal_filling(outlet);
    hand_over(outlet);
}

/* --- answers --- */

/* The batch that the answer is about. */
static struct batch *batch_take(struct outlet *outlet, uint64_t id)
{
    struct batch *found = NULL;
    LIST_EACH(node, &outlet->batches) {
        struct batch *batch = CONTAINER_OF(node, struct batch, node);
        if (batch->id == id)
            found = batch;
    }
    assert(found);
    list_remove(&found->node);
    outlet->numbers.in_flight--;
    return found;
}

static void give_receipts(struct outlet *outlet, struct batch *batch, const WireAppendResult *result)
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

static void give_busy(struct outlet *outlet, struct batch *batch, int64_t retry_after_ms, const char *reason)
{
    struct list_node *node;
    while ((node = list_take_first(&batch->tickets)))
        outlet->calls.on_busy(outlet->calls.owner, CONTAINER_OF(node, struct outlet_ticket, node),
                              retry_after_ms, reason);
}

/* Nobody was answered busy for a while: whoever comes next sees how it is. */
static void end_busy(void *owner)
{
    (void)owner;
    service_health_set("log", HEALTH_GREEN, "");
}

/* The log takes nothing for now, or takes something again. A full one and one that stops are no fault. */
static void show_busy(struct outlet *outlet, const char *reason)
{
    char why[WHY_SIZE];
    if (!reason && !loop_timer_is_set(&outlet->busy_over))
        return;
    if (!reason) {
        loop_timer_clear(outlet->loop, &outlet->busy_over);
        end_busy(outlet);
        return;
    }
    if (text_equal(reason, "log_busy") || text_equal(reason, "stopping"))
        return;
    text_format(why, sizeof why, "registers are answered busy: %s", reason);
    service_health_set("log", HEALTH_RED, why);
    loop_timer_set(outlet->loop, &outlet->busy_over, BUSY_SHOWN_MS);
}

static void on_appended(void *owner, const WireAppendResult *result)
{
    struct outlet *outlet = owner;
    struct batch *batch = batch_take(outlet, result->batch_id);
    show_busy(outlet, NULL);
    if (result->n_receipts == batch->event_count) {
        give_receipts(outlet, batch, result);
    } else {
        log_error("append-result-wrong",
                  "bellhop-persist answered a different number of events than it got, the requests are "
                  "answered busy",
                  FIELD("sent", batch->event_count), FIELD("answered", result->n_receipts));
        give_busy(outlet, batch, 1000, "log_busy");
    }
    batch_free(batch);
}

static void on_busy(void *owner, const WireAppendResult *result)
{
    struct outlet *outlet = owner;
    struct batch *batch = batch_take(outlet, result->batch_id);
    const char *reason = result->busy_reason ? result->busy_reason : "log_busy";
    outlet->numbers.busy++;
    show_busy(outlet, reason);
    give_busy(outlet, batch, result->retry_after_ms, reason);
    batch_free(batch);
}

static void on_verdict(void *owner, const WireVerdictResult *result)
{
    struct outlet *outlet = owner;
    outlet->calls.on_verdict(outlet->calls.owner, result);
}

static void on_update(void *owner, const WireVerdictUpdate *update)
{
    struct outlet *outlet = owner;
    outlet->calls.on_update(outlet->calls.owner, update);
}

bool outlet_ask(struct outlet *outlet, uint64_t read_id, const uint8_t event_id[16], int64_t wait_ms)
{
    WireVerdictRead read = WIRE_VERDICT_READ__INIT;
    WIRE_SET(&read, read_id, read_id);
    WIRE_SET(&read, event_id, wire_bytes(slice_of(event_id, 16)));
    WIRE_SET(&read, wait_ms, wait_ms);
    return persist_link_read_verdict(outlet->persist, &read);
}

/* --- the connection --- */

static void on_welcome(void *owner, const WireWelcome *welcome)
{
    struct outlet *outlet = owner;
    log_info("log-welcome", "connected to the log", FIELD("epoch", welcome->epoch),
             FIELD("head", welcome->head));
    service_health_set("log", HEALTH_GREEN, "");
    outlet->calls.on_connection(outlet->calls.owner, true);
}

static void on_lost(void *owner)
{
    struct outlet *outlet = owner;
    loop_timer_clear(outlet->loop, &outlet->busy_over);
    service_health_set("log", HEALTH_RED, "bellhop-persist is away: registers are answered busy");
    outlet->calls.on_connection(outlet->calls.owner, false);
}

static struct persist_link *connect_link(struct outlet *outlet, struct link_context *context,
                                         const struct ingest_config *config, char *why, size_t why_size)
{
    const struct persist_link_calls calls = {.on_welcome = on_welcome,
                                             .on_lost = on_lost,
                                             .on_busy = on_busy,
                                             .on_appended = on_appended,
                                             .on_verdict = on_verdict,
                                             .on_update = on_update,
                                             .owner = outlet};
    return persist_link_open(context, outlet->loop, config->append_endpoint, config->instance, &calls, why,
                             why_size);
}

struct outlet *outlet_open(struct link_context *context, struct loop *loop,
                           const struct ingest_config *config, char *why, size_t why_size)
{
    AUTO(outlet) *outlet = NEW(outlet);
    outlet->loop = loop;
    outlet->batch_events = (size_t)config->batch_events;
    outlet->most_in_flight = (size_t)config->batches_in_flight;
    list_init(&outlet->batches);
    outlet->filling = batch_new();
    loop_at_turn_end(loop, flush, outlet);
    loop_timer_init(&outlet->busy_over, end_busy, outlet);
    metrics_add(service_metrics(), outlet_metrics, COUNT_OF(outlet_metrics), &outlet->numbers);
    outlet->persist = connect_link(outlet, context, config, why, why_size);
    if (!outlet->persist)
        return NULL;
    metrics_add(service_metrics(), link_metrics, COUNT_OF(link_metrics),
                persist_link_numbers(outlet->persist));
    return TAKE(outlet);
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
    loop_turn_end_remove(outlet->loop, flush, outlet);
    loop_timer_clear(outlet->loop, &outlet->busy_over);
    if (outlet->persist) {
        metrics_remove(service_metrics(), persist_link_numbers(outlet->persist));
        persist_link_close(outlet->persist);
    }
    struct list_node *node;
    while ((node = list_take_first(&outlet->batches)))
        batch_free(CONTAINER_OF(node, struct batch, node));
    batch_free(outlet->filling);
    free(outlet);
}
