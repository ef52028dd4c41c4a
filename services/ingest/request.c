/* request: a publish under way, from its admission to its reply. */
#include "services/ingest/request.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/ingest/reply.h"

struct request *request_new(const struct link_peer *peer, uint64_t request_id, size_t event_count)
{
    struct request *request = memory_zeroed(sizeof *request + event_count * sizeof request->outcomes[0]);
    request->peer = *peer;
    request->request_id = request_id;
    request->event_count = event_count;
    return request;
}

void request_free(struct request *request)
{
    if (!request)
        return;
    for (size_t i = 0; i < request->event_count; i++) {
        free(request->outcomes[i].refused);
        bytes_clear(&request->outcomes[i].verdict);
    }
    free(request);
}

/* --- what becomes of its events --- */

static void outcome_set_id(struct outcome *outcome, struct slice id)
{
    if (id.size != sizeof outcome->awaited.event_id)
        return;
    outcome->id_size = (uint8_t)id.size;
    memcpy(outcome->awaited.event_id, id.data, id.size);
}

static void outcome_explain(struct outcome *outcome, const char *reason, const char *field,
                            const char *explanation)
{
    struct refused_texts *refused = memory_zeroed(sizeof *refused);
    text_copy(refused->reason, sizeof refused->reason, text_or_empty(reason));
    text_copy(refused->field, sizeof refused->field, text_or_empty(field));
    text_copy(refused->explanation, sizeof refused->explanation, text_or_empty(explanation));
    free(outcome->refused);
    outcome->refused = refused;
}

void request_note_accepted(struct request *request, size_t index, const uint8_t id[16])
{
    struct outcome *outcome = &request->outcomes[index];
    outcome->is_appended = true;
    outcome_set_id(outcome, slice_of(id, 16));
    request->ticket.event_count++;
}

void request_note_rejected(struct request *request, size_t index, struct slice id,
                           const struct wire_refusal *refusal)
{
    struct outcome *outcome = &request->outcomes[index];
    outcome->result = WIRE_RECEIPT__RESULT__REJECTED;
    outcome_set_id(outcome, id);
    outcome_explain(outcome, wire_reason_word(refusal->reason), refusal->field, refusal->explanation);
}

void request_note_receipts(struct request *request, WireReceipt *const *receipts)
{
    for (size_t i = 0; i < request->event_count; i++) {
        struct outcome *outcome = &request->outcomes[i];
        if (!outcome->is_appended)
            continue;
        const WireReceipt *receipt = *receipts++;
        outcome->result = receipt->result;
        outcome->position = position_of(receipt->position);
        if (outcome_has_verdict(outcome))
            continue;
        outcome_explain(outcome, receipt->reason, receipt->field, receipt->explanation);
        outcome->refused->recorded_at = receipt->has_recorded_at ? receipt->recorded_at : 0;
    }
}

/* --- replies --- */

static char *text_or_null(char *text)
{
    return *text ? text : NULL;
}

struct receipt_parts {
    WireReceipt receipt;
    WirePosition position;
};

static void fill_receipt(const struct outcome *outcome, struct receipt_parts *parts)
{
    WireReceipt *receipt = &parts->receipt;
    wire_receipt__init(receipt);
    WIRE_SET(receipt, result, outcome->result);
    receipt->has_event_id = outcome->id_size > 0;
    receipt->event_id = wire_bytes(slice_of(outcome->awaited.event_id, outcome->id_size));
    if (outcome->position.seq) {
        parts->position = position_message(outcome->position);
        receipt->position = &parts->position;
    }
    if (outcome->refused) {
        receipt->reason = text_or_null(outcome->refused->reason);
        receipt->field = text_or_null(outcome->refused->field);
        receipt->explanation = text_or_null(outcome->refused->explanation);
        receipt->has_recorded_at = outcome->refused->recorded_at != 0;
        receipt->recorded_at = outcome->refused->recorded_at;
    }
}

static bool fill_receipts(const struct request *request, struct arena *arena, WirePublishReply *reply)
{
    size_t count = request->event_count;
    struct receipt_parts *parts = arena_allocate(arena, count * sizeof *parts);
    reply->receipts = arena_allocate(arena, count * sizeof(WireReceipt *));
    if (!parts || !reply->receipts)
        return false;
    for (size_t i = 0; i < count; i++) {
        fill_receipt(&request->outcomes[i], &parts[i]);
        reply->receipts[i] = &parts[i].receipt;
    }
    reply->n_receipts = count;
    return true;
}

static WireVerdict *pending_verdict(const struct outcome *outcome, struct arena *arena)
{
    WireVerdict *verdict = arena_allocate(arena, sizeof *verdict);
    if (!verdict)
        return NULL;
    wire_verdict__init(verdict);
    WIRE_SET(verdict, outcome, WIRE_VERDICT__OUTCOME__PENDING);
    WIRE_SET(verdict, event_id, wire_bytes(slice_of(outcome->awaited.event_id, outcome->id_size)));
    return verdict;
}

static bool fill_verdicts(const struct request *request, struct arena *arena, WirePublishReply *reply)
{
    reply->verdicts = arena_allocate(arena, request->event_count * sizeof(WireVerdict *));
    if (!reply->verdicts)
        return false;
    for (size_t i = 0; i < request->event_count; i++) {
        const struct outcome *outcome = &request->outcomes[i];
        if (!outcome_has_verdict(outcome))
            continue;
        WireVerdict *verdict =
            outcome->verdict.size
                ? wire_unpack(&wire_verdict__descriptor, bytes_slice(&outcome->verdict), arena, NULL)
                : pending_verdict(outcome, arena);
        if (!verdict)
            return false;
        reply->verdicts[reply->n_verdicts++] = verdict;
    }
    return true;
}

bool request_write_reply(const struct request *request, int64_t server_time, struct arena *arena,
                         struct bytes *into)
{
    WirePublishReply publish = WIRE_PUBLISH_REPLY__INIT;
    WIRE_SET(&publish, request_id, request->request_id);
    WIRE_SET(&publish, server_time, server_time);
    publish.has_updates_since_at = request->updates_since_at != 0;
    publish.updates_since_at = request->updates_since_at;
    if (!fill_receipts(request, arena, &publish) ||
        (request->await_verdict && !fill_verdicts(request, arena, &publish)))
        return false;
    wire_pack(REPLY(PUBLISH, publish, &publish), into);
    return true;
}
