/* publishing: taking events in, waiting for their receipts and verdicts. */
#include "common/client/answer.h"
#include "common/client/drive.h"
#include "common/client/event.h"
#include "common/client/why.h"

#include "common/base/clock.h"
#include "common/wire/wire.h"

#include <stdlib.h>

/* --- taking in --- */

static int number_event(struct bellhop_client *client, WireEvent *event)
{
    const struct bellhop_options *options = &client->options;
    if (!options->numbered || event->has_sequence || !text_equal(event->source, options->source))
        return BELLHOP_OK;
    char name[256];
    text_format(name, sizeof name, "%s/%s", options->source, client->incarnation);
    int rc = spool_count_up(client->spool, name, &event->sequence);
    if (rc != BELLHOP_OK)
        return client_spool_result(client, rc);
    event->has_sequence = true;
    event->incarnation = client->incarnation;
    return BELLHOP_OK;
}

/* Within a transaction of the spool. */
static int publish_one(struct bellhop_client *client, const struct bellhop_event *built, unsigned flags,
                       int64_t now, uint8_t *ret_id)
{
    arena_reset(&client->building, 0);
    WireEvent *event = built ? event_build(built, &client->building, client->why) : NULL;
    if (!event)
        return BELLHOP_INVALID;
    struct uuid id;
    if (!event->source)
        event->source = (char *)client->options.source;
    event_identify(event, &client->minter, now, &id);
    int rc = number_event(client, event);
    if (rc == BELLHOP_OK)
        rc = event_validate(event, now, client->why);
    struct slice bytes = {NULL, 0};
    if (rc == BELLHOP_OK)
        rc = client_pack(client, event, &bytes);
    if (rc == BELLHOP_OK && bytes.size > WIRE_EVENT_MOST_BYTES)
        rc = why_set(client->why, BELLHOP_INVALID, "the event has %zu bytes; the most is %d", bytes.size,
                     WIRE_EVENT_MOST_BYTES);
    if (rc != BELLHOP_OK)
        return rc;
    if (ret_id)
        memcpy(ret_id, event->id.data, BELLHOP_ID_SIZE);
    return client_spool_result(client, spool_add(client->spool, event->id.data, flags, bytes));
}

int bellhop_publish_many(struct bellhop_client *client, const struct bellhop_event *const *events,
                         size_t count, unsigned flags, uint8_t (*ret_ids)[BELLHOP_ID_SIZE])
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    rc = spool_begin(client->spool);
    if (rc != BELLHOP_OK)
        return client_spool_result(client, rc);
    int64_t now = clock_utc_us();
    for (size_t i = 0; i < count && rc == BELLHOP_OK; i++)
        rc = publish_one(client, events[i], flags, now, ret_ids ? ret_ids[i] : NULL);
    if (rc != BELLHOP_OK) {
        spool_rollback(client->spool);
        return rc;
    }
    return client_spool_result(client, spool_commit(client->spool));
}

int bellhop_publish(struct bellhop_client *client, const struct bellhop_event *event, unsigned flags,
                    uint8_t ret_id[BELLHOP_ID_SIZE])
{
    uint8_t ids[1][BELLHOP_ID_SIZE];
    int rc = bellhop_publish_many(client, &event, 1, flags, ids);
    if (rc == BELLHOP_OK && ret_id)
        memcpy(ret_id, ids[0], BELLHOP_ID_SIZE);
    return rc;
}

int bellhop_flush(struct bellhop_client *client, int timeout_ms)
{
    int rc = client_may(client, true);
    if (rc != BELLHOP_OK)
        return rc;
    int64_t until = drive_until_ms(timeout_ms);
    while (outbox_left(client) > 0)
        if (!drive_once(client, until, false, &rc))
            return rc != BELLHOP_OK ? rc
                                    : why_set(client->why, BELLHOP_TIMEOUT, "%lld events have no receipt yet",
                                              (long long)outbox_left(client));
    return outbox_settle(client);
}

/* --- asking --- */

static int show_verdict(struct bellhop_client *client, const struct bellhop_verdict **ret_verdict)
{
    struct question *question = &client->question;
    arena_reset(&client->shown, 0);
    WireVerdict *verdict = wire_unpack(
        &wire_verdict__descriptor, slice_of(question->verdict, question->verdict_size), &client->shown, NULL);
    struct bellhop_verdict *shown = arena_allocate(&client->shown, sizeof *shown);
    if (!verdict || !shown || !answer_verdict(verdict, &client->shown, shown))
        return why_set(client->why, BELLHOP_NO_MEMORY, "a verdict is too large");
    *ret_verdict = shown;
    return BELLHOP_OK;
}

static void open_question(struct bellhop_client *client, const uint8_t event_id[BELLHOP_ID_SIZE])
{
    free(client->question.verdict);
    client->question = (struct question){.is_open = true};
    memcpy(client->question.event_id, event_id, BELLHOP_ID_SIZE);
}

/* Drive until the question is answered. It is asked of the service where the reply to the event did not bring
 * the answer; an event that is not sent yet may be unknown there without that meaning anything. */
static int wait_for_verdict(struct bellhop_client *client, int64_t until,
                            const struct bellhop_verdict **ret_verdict)
{
    struct question *question = &client->question;
    int rc = BELLHOP_OK;
    while (rc == BELLHOP_OK && !question->verdict) {
        if (question->is_refused)
            return BELLHOP_REFUSED;
        if (question->is_unknown && outbox_left(client) == 0)
            return why_set(client->why, BELLHOP_INVALID, "the log holds no such event");
        int left = drive_left_ms(until);
        if (question->is_pending)
            rc = outbox_ask(client, clock_monotonic_ms(), left < 0 || left > 1000 ? 1000 : left);
        if (rc == BELLHOP_OK && !drive_once(client, until, false, &rc) && rc == BELLHOP_OK)
            return why_set(client->why, BELLHOP_NO_ANSWER, "no verdict in time");
    }
    return rc == BELLHOP_OK ? show_verdict(client, ret_verdict) : rc;
}

static int close_question(struct bellhop_client *client, int rc)
{
    free(client->question.verdict);
    client->question = (struct question){.is_open = false};
    return rc;
}

int bellhop_ask(struct bellhop_client *client, const struct bellhop_event *event, int timeout_ms,
                const struct bellhop_verdict **ret_verdict)
{
    uint8_t id[BELLHOP_ID_SIZE];
    int rc = client_may(client, true);
    if (rc == BELLHOP_OK)
        rc = bellhop_publish(client, event, BELLHOP_AWAIT_VERDICT, id);
    if (rc != BELLHOP_OK)
        return rc;
    open_question(client, id);
    return close_question(client, wait_for_verdict(client, drive_until_ms(timeout_ms), ret_verdict));
}

int bellhop_verdict(struct bellhop_client *client, const uint8_t event_id[BELLHOP_ID_SIZE], int timeout_ms,
                    const struct bellhop_verdict **ret_verdict)
{
    int rc = client_may(client, true);
    if (rc != BELLHOP_OK)
        return rc;
    open_question(client, event_id);
    client->question.is_pending = true;
    return close_question(client, wait_for_verdict(client, drive_until_ms(timeout_ms), ret_verdict));
}

/* --- what there is --- */

int bellhop_status(struct bellhop_client *client, struct bellhop_status *ret_status)
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    const struct outbox *outbox = &client->outbox;
    *ret_status = (struct bellhop_status){
        .spooled = outbox_left(client),
        .in_flight = outbox->in_flight,
        .refused = spool_refused_count(client->spool),
        .sent_again = outbox->sent_again,
        .busy = outbox->busy,
        .last_busy = outbox->last_busy,
        .skew_ms = outbox->skew_ms,
        .clock = outbox->clock,
        .updates_since_at = outbox->updates_since_at,
    };
    return BELLHOP_OK;
}

int bellhop_refused_after(struct bellhop_client *client, int64_t number, struct bellhop_refused *ret_refused)
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    rc = spool_refused_after(client->spool, number, ret_refused);
    return rc == BELLHOP_NOT_OPEN ? rc : client_spool_result(client, rc);
}

int bellhop_refused_forget(struct bellhop_client *client, int64_t number)
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    return client_spool_result(client, spool_refused_forget(client->spool, number));
}
