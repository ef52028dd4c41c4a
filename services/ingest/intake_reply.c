/* intake_reply: what goes back to registers: receipts, verdicts when they come or the wait ends, updates. */
#include "services/ingest/intake_state.h"

#include "common/base/clock.h"
#include "common/wire/wire.h"

void intake_send_reply(struct intake *intake, const struct link_peer *peer)
{
    if (link_router_send(intake->router, peer, bytes_slice(&intake->reply)) != LINK_SENT)
        intake->numbers.replies_lost++;
    bytes_reset(&intake->reply);
}

void intake_refuse(struct intake *intake, const struct link_peer *peer, uint64_t request_id,
                   const struct wire_refusal *refusal)
{
    intake->numbers.refused[refusal->reason]++;
    refusals_add(&intake->refusals, loop_now_ms(intake->loop), link_router_sender(intake->router), refusal);
    reply_write_refused(request_id, refusal, &intake->reply);
    intake_send_reply(intake, peer);
}

void intake_finish_request(struct intake *intake, struct request *request)
{
    loop_timer_clear(intake->loop, &request->verdict_timer);
    for (size_t i = 0; i < request->event_count; i++)
        awaiting_remove(&intake->awaiting, &request->outcomes[i].awaited);
    admission_leave(intake->admission, link_peer_connection(&request->peer), request->size_bytes);
    list_remove(&request->node);
    request_free(request);
}

static void reply_and_finish(struct intake *intake, struct request *request)
{
    arena_reset(&intake->arena, 0);
    for (size_t i = 0; i < request->event_count; i++)
        intake->numbers.results[request->outcomes[i].result]++;
    if (request->updates_since_at && request->updates_since_at < intake->connected_at)
        request->updates_since_at = intake->connected_at;
    if (request_write_reply(request, clock_utc_us(), &intake->arena, &intake->reply)) {
        intake_send_reply(intake, &request->peer);
    } else {
        intake->numbers.replies_lost++;
        log_error("reply-too-large", "could not build a reply, it is dropped",
                  FIELD("events", request->event_count));
    }
    intake_finish_request(intake, request);
}

/* --- verdicts of a publish --- */

static void on_verdict_wait_over(void *owner)
{
    struct request *request = owner;
    struct intake *intake = request->intake;
    intake->numbers.pending += request->missing_verdicts;
    reply_and_finish(intake, request);
}

static void begin_waiting(struct intake *intake, struct request *request)
{
    for (size_t i = 0; i < request->event_count; i++) {
        struct outcome *outcome = &request->outcomes[i];
        if (!outcome_has_verdict(outcome))
            continue;
        outcome->awaited.owner = request;
        outcome->awaited.index = i;
        awaiting_add(&intake->awaiting, &outcome->awaited);
        request->missing_verdicts++;
    }
    if (request->missing_verdicts == 0) {
        reply_and_finish(intake, request);
        return;
    }
    loop_timer_init(&request->verdict_timer, on_verdict_wait_over, request);
    loop_timer_set(intake->loop, &request->verdict_timer, intake->config->verdict_wait.ms);
}

static void verdict_came(struct intake *intake, struct awaited *awaited, const WireVerdictResult *result)
{
    struct request *request = awaited->owner;
    if (result->verdict)
        wire_pack(result->verdict, &request->outcomes[awaited->index].verdict);
    if (--request->missing_verdicts > 0)
        return;
    histogram_observe_us(&intake->numbers.verdict, clock_monotonic_us() - request->received_us);
    reply_and_finish(intake, request);
}

void intake_on_verdict(void *owner, const WireVerdictResult *result)
{
    struct intake *intake = owner;
    if (result->has_read_id) {
        queries_answer(intake->queries, result);
        return;
    }
    if (!result->has_event_id || result->event_id.len != 16)
        return;
    struct awaited *awaited = awaiting_take(&intake->awaiting, result->event_id.data);
    while (awaited) {
        struct awaited *next = awaited->next;
        verdict_came(intake, awaited, result);
        awaited = next;
    }
}

void intake_on_update(void *owner, const WireVerdictUpdate *update)
{
    struct intake *intake = owner;
    const struct link_peer *peer =
        update->source ? updates_find(intake->updates, update->source, loop_now_ms(intake->loop)) : NULL;
    if (!peer) {
        intake->numbers.updates_unheard++;
        return;
    }
    bytes_reset(&intake->reply);
    wire_pack(REPLY(UPDATE, update, (WireVerdictUpdate *)update), &intake->reply);
    enum link_sent sent = link_router_send(intake->router, peer, bytes_slice(&intake->reply));
    bytes_reset(&intake->reply);
    intake->numbers.updates_sent += sent == LINK_SENT;
    intake->numbers.updates_unheard += sent != LINK_SENT;
    if (sent == LINK_UNREACHABLE)
        updates_forget(intake->updates, update->source);
}

/* --- what the outlet says of a publish --- */

static struct request *request_of(struct outlet_ticket *ticket)
{
    return CONTAINER_OF(ticket, struct request, ticket);
}

void intake_on_receipts(void *owner, struct outlet_ticket *ticket, WireReceipt *const *receipts)
{
    struct intake *intake = owner;
    struct request *request = request_of(ticket);
    request_note_receipts(request, receipts);
    histogram_observe_us(&intake->numbers.receipt, clock_monotonic_us() - request->received_us);
    if (request->await_verdict)
        begin_waiting(intake, request);
    else
        reply_and_finish(intake, request);
}

void intake_on_busy(void *owner, struct outlet_ticket *ticket, int64_t retry_after_ms, const char *reason)
{
    struct intake *intake = owner;
    struct request *request = request_of(ticket);
    intake->numbers.busy_by_log++;
    reply_write_busy(request->request_id, clock_utc_us(), retry_after_ms, reason, &intake->reply);
    intake_send_reply(intake, &request->peer);
    intake_finish_request(intake, request);
}

void intake_on_connection(void *owner, bool is_connected)
{
    struct intake *intake = owner;
    intake->connected_at = clock_utc_us();
    admission_close(intake->admission, is_connected ? ADMITTED : BUSY_LOG);
}
