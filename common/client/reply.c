/* reply: what the service says to what the outbox sent: receipts, BUSY, verdicts, updates. */
#include "common/client/reply.h"

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/client/answer.h"
#include "common/client/client.h"
#include "common/client/why.h"
#include "common/wire/wire.h"

#include <stdlib.h>

static const struct backoff busy_backoff = {.first_ms = 100, .most_ms = 5000};

/* The request of that id, also one that was given up meanwhile and is to be sent again; NULL: none. */
static struct outbox_request *find_request(struct outbox *outbox, uint64_t request_id)
{
    for (size_t i = 0; i < outbox->request_count; i++) {
        struct outbox_request *request = &outbox->requests[i];
        bool is_it =
            request->request_id == request_id || (request->earlier_id && request->earlier_id == request_id);
        if (request->state != OUTBOX_FREE && request->count > 0 && is_it)
            return request;
    }
    return NULL;
}

static void hold(struct outbox *outbox, int64_t now_ms, int64_t least_ms)
{
    int64_t delay_ms = backoff_delay_ms(&busy_backoff, ++outbox->failures, random_u64());
    outbox->hold_until_ms = now_ms + (delay_ms > least_ms ? delay_ms : least_ms);
}

static void note_receipt(struct bellhop_client *client, const struct bellhop_receipt *receipt)
{
    struct question *question = &client->question;
    if (question->is_open && memcmp(question->event_id, receipt->event_id, BELLHOP_ID_SIZE) == 0) {
        question->has_receipt = true;
        question->is_refused = receipt->result == BELLHOP_REJECTED || receipt->result == BELLHOP_CONFLICT;
        if (question->is_refused)
            why_set(client->why, BELLHOP_REFUSED, "%s%s%s: %s", receipt->field, receipt->field[0] ? " " : "",
                    receipt->reason, receipt->explanation);
    }
    if (!client->options.on_receipt)
        return;
    client->is_in_callback = true;
    client->options.on_receipt(client->options.owner, receipt);
    client->is_in_callback = false;
}

/* The application hears first, then the spool lets go: after a crash in between it hears once more. */
static int settle_entry(struct bellhop_client *client, const struct outbox_entry *entry,
                        const struct bellhop_receipt *receipt)
{
    struct outbox *outbox = &client->outbox;
    note_receipt(client, receipt);
    if (receipt->result == BELLHOP_COMMITTED || receipt->result == BELLHOP_DUPLICATE) {
        if (outbox->settled_count == outbox->settled_capacity) {
            int rc = outbox_settle(client);
            if (rc != BELLHOP_OK)
                return rc;
        }
        outbox->settled[outbox->settled_count++] = entry->number;
        return BELLHOP_OK;
    }
    return client_spool_result(client, spool_refuse(client->spool, entry->number, receipt, clock_utc_us()));
}

static void note_verdict(struct bellhop_client *client, const WireVerdict *verdict)
{
    struct question *question = &client->question;
    if (question->is_open && verdict->event_id.len == BELLHOP_ID_SIZE &&
        memcmp(question->event_id, verdict->event_id.data, BELLHOP_ID_SIZE) == 0) {
        question->is_pending = verdict->outcome == WIRE_VERDICT__OUTCOME__PENDING;
        size_t size = wire_verdict__get_packed_size(verdict);
        uint8_t *packed = question->is_pending ? NULL : malloc(size ? size : 1);
        if (packed) {
            free(question->verdict);
            question->verdict = packed;
            question->verdict_size = wire_verdict__pack(verdict, packed);
        }
    }
    struct bellhop_verdict shown;
    if (!client->options.on_verdict || !answer_verdict(verdict, &client->received, &shown))
        return;
    client->is_in_callback = true;
    client->options.on_verdict(client->options.owner, &shown);
    client->is_in_callback = false;
}

static void on_busy(struct bellhop_client *client, struct outbox_request *request,
                    const WirePublishReply *reply, int64_t now_ms)
{
    struct outbox *outbox = &client->outbox;
    outbox->busy++;
    text_copy(outbox->last_busy, sizeof outbox->last_busy, reply->busy_reason ? reply->busy_reason : "busy");
    hold(outbox, now_ms, reply->retry_after_ms);
    outbox_send_again(outbox, request);
}

/* The request is answered; what of it was sent one by one goes on with its next entry. */
static void release(struct outbox *outbox, struct outbox_request *request)
{
    outbox->in_flight -= (int64_t)request->count;
    int64_t answered = request->entries[request->count - 1].number;
    request->state = request->one_by_one && answered < request->last ? OUTBOX_AGAIN : OUTBOX_FREE;
    request->first = answered + 1;
}

/* The spool cannot note the answers now: the same events are sent, and answered, once more. */
static int keep_for_later(struct bellhop_client *client, struct outbox_request *request, int rc)
{
    hold(&client->outbox, clock_monotonic_ms(), 0);
    outbox_send_again(&client->outbox, request);
    return rc;
}

static int on_receipts(struct bellhop_client *client, struct outbox_request *request,
                       const WirePublishReply *reply)
{
    struct outbox *outbox = &client->outbox;
    outbox->last_busy[0] = '\0';
    int rc = BELLHOP_OK;
    for (size_t i = 0; i < request->count && rc == BELLHOP_OK; i++) {
        const struct outbox_entry *entry = &request->entries[i];
        struct bellhop_receipt receipt = answer_receipt(reply->receipts[i], entry->event_id);
        rc = settle_entry(client, entry, &receipt);
    }
    if (rc != BELLHOP_OK)
        return keep_for_later(client, request, rc);
    outbox->failures = 0;
    release(outbox, request);
    for (size_t i = 0; i < reply->n_verdicts; i++)
        note_verdict(client, reply->verdicts[i]);
    return BELLHOP_OK;
}

static void note_clock(struct outbox *outbox, int64_t server_time)
{
    enum { CLOCKS_AGREE_MS = 1000 };
    outbox->skew_ms = (server_time - clock_utc_us()) / 1000;
    outbox->clock[0] = '\0';
    if (llabs(outbox->skew_ms) > CLOCKS_AGREE_MS)
        text_format(outbox->clock, sizeof outbox->clock, "%.1f s %s", (double)llabs(outbox->skew_ms) / 1000,
                    outbox->skew_ms > 0 ? "behind" : "ahead");
}

static int on_publish_reply(struct bellhop_client *client, const WirePublishReply *reply, int64_t now_ms)
{
    struct outbox_request *request = find_request(&client->outbox, reply->request_id);
    if (reply->has_server_time)
        note_clock(&client->outbox, reply->server_time);
    if (reply->has_updates_since_at)
        client->outbox.updates_since_at = reply->updates_since_at;
    if (!request)
        return BELLHOP_OK; /* all of it is answered already */
    bool is_current = request->state == OUTBOX_SENT && request->request_id == reply->request_id;
    bool is_answer = !reply->has_retry_after_ms && reply->n_receipts == request->count;
    if (is_answer) {
        outbox_need_not_send(&client->outbox, request);
        return on_receipts(client, request, reply);
    }
    if (is_current && reply->has_retry_after_ms)
        on_busy(client, request, reply, now_ms);
    else if (is_current) {
        hold(&client->outbox, now_ms, 0);
        outbox_send_again(&client->outbox, request);
    }
    return BELLHOP_OK;
}

/* The service cannot read a request. Alone, an event is refused for good; together, each is tried alone. */
static int on_refused(struct bellhop_client *client, const WireRequestRefused *refused)
{
    struct outbox *outbox = &client->outbox;
    struct outbox_request *request = find_request(outbox, refused->request_id);
    if (!request || request->state != OUTBOX_SENT)
        return BELLHOP_OK;
    if (request->count > 1) {
        request->one_by_one = true;
        outbox_send_again(outbox, request);
        return BELLHOP_OK;
    }
    WireReceipt receipt = WIRE_RECEIPT__INIT;
    receipt.result = WIRE_RECEIPT__RESULT__REJECTED;
    receipt.reason = refused->reason;
    receipt.explanation = refused->explanation;
    struct bellhop_receipt shown = answer_receipt(&receipt, request->entries[0].event_id);
    int rc = settle_entry(client, &request->entries[0], &shown);
    if (rc != BELLHOP_OK)
        return keep_for_later(client, request, rc);
    release(outbox, request);
    return BELLHOP_OK;
}

static void on_verdict_reply(struct bellhop_client *client, const WireVerdictReply *reply, int64_t now_ms)
{
    struct question *question = &client->question;
    if (!question->is_open || !question->is_asked || reply->request_id != question->query_id)
        return;
    question->is_asked = false;
    question->ask_again_ms = now_ms + (reply->has_retry_after_ms ? reply->retry_after_ms : 0);
    if (reply->has_retry_after_ms)
        return;
    question->is_unknown = !reply->known;
    question->is_pending = true;
    if (reply->verdict)
        note_verdict(client, reply->verdict);
    if (question->is_pending && question->ask_again_ms <= now_ms)
        question->ask_again_ms = now_ms + 50; /* the service has waited already: not at once again */
}

static void on_update(struct bellhop_client *client, const WireVerdictUpdate *update)
{
    struct bellhop_update shown;
    if (!client->options.on_update || !answer_update(update, &client->received, &shown))
        return;
    client->is_in_callback = true;
    client->options.on_update(client->options.owner, &shown);
    client->is_in_callback = false;
}

int reply_receive(struct bellhop_client *client, struct slice message, int64_t now_ms)
{
    arena_reset(&client->received, 0);
    WireRegisterReply *reply =
        wire_unpack(&wire_register_reply__descriptor, message, &client->received, NULL);
    if (!reply)
        return BELLHOP_OK; /* no answer of ours: what waits for one is sent again in time */
    switch (reply->reply_case) {
    case WIRE_REGISTER_REPLY__REPLY_PUBLISH:
        return on_publish_reply(client, reply->publish, now_ms);
    case WIRE_REGISTER_REPLY__REPLY_VERDICT:
        on_verdict_reply(client, reply->verdict, now_ms);
        return BELLHOP_OK;
    case WIRE_REGISTER_REPLY__REPLY_UPDATE:
        on_update(client, reply->update);
        return BELLHOP_OK;
    case WIRE_REGISTER_REPLY__REPLY_REFUSED:
        return on_refused(client, reply->refused);
    case WIRE_REGISTER_REPLY__REPLY__NOT_SET:
    case _WIRE_REGISTER_REPLY__REPLY__CASE_IS_INT_SIZE:
        return BELLHOP_OK;
    }
    return BELLHOP_OK;
}
