/* outbox: sends what the spool holds, in order, several requests at a time, until each event is answered. */
#include "common/client/outbox.h"

#include "common/base/clock.h"
#include "common/client/client.h"
#include "common/client/why.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdlib.h>

enum {
    REQUEST_BYTES = 1024 * 1024, /* no further event is put into a request beyond it */
    QUERY_AGAIN_MS = 1000,
};

int outbox_init(struct outbox *outbox, size_t requests, size_t most_events)
{
    *outbox = (struct outbox){
        .request_count = requests, .most_events = most_events, .settled_capacity = requests * most_events};
    outbox->requests = calloc(requests, sizeof *outbox->requests);
    outbox->entries = calloc(requests * most_events, sizeof *outbox->entries);
    outbox->settled = calloc(outbox->settled_capacity, sizeof *outbox->settled);
    if (!outbox->requests || !outbox->entries || !outbox->settled)
        return BELLHOP_NO_MEMORY;
    for (size_t i = 0; i < requests; i++)
        outbox->requests[i].entries = outbox->entries + i * most_events;
    return BELLHOP_OK;
}

void outbox_clear(struct outbox *outbox)
{
    free(outbox->requests);
    free(outbox->entries);
    free(outbox->settled);
    free(outbox->last_event);
    *outbox = (struct outbox){0};
}

/* --- sending --- */

/* Gathers the entries of one request out of the spool; the events are copied into the client's arena. */
struct gathering {
    struct arena *arena;
    struct outbox_request *request;
    ProtobufCBinaryData *events;
    size_t most_events;
    size_t size_bytes;
    bool is_new; /* not sent before: its end is found here */
};

static bool gather(void *owner, const struct spool_entry *entry)
{
    struct gathering *gathering = owner;
    struct outbox_request *request = gathering->request;
    bool awaits = entry->flags & BELLHOP_AWAIT_VERDICT;
    if (!gathering->is_new && entry->number > request->last)
        return false;
    if (request->count && (request->count >= gathering->most_events || awaits != request->awaits ||
                           gathering->size_bytes + entry->event.size > REQUEST_BYTES))
        return false;
    uint8_t *copy = arena_copy(gathering->arena, entry->event.data, entry->event.size);
    if (!copy)
        return false;
    if (request->count == 0)
        request->first = entry->number;
    if (gathering->is_new)
        request->last = entry->number;
    request->awaits = awaits;
    gathering->events[request->count] = wire_bytes(slice_of(copy, entry->event.size));
    gathering->size_bytes += entry->event.size;
    request->entries[request->count].number = entry->number;
    memcpy(request->entries[request->count++].event_id, entry->event_id, BELLHOP_ID_SIZE);
    return true;
}

static int send_publish(struct bellhop_client *client, WirePublishBytes *publish, bool *ret_sent)
{
    WIRE_SET(publish, request_id, ++client->outbox.next_request);
    WIRE_SET(publish, sent_at, clock_utc_us());
    publish->has_want_updates = publish->want_updates = client->options.on_update != NULL;
    WireRegisterRequestBytes message = WIRE_REGISTER_REQUEST_BYTES__INIT;
    message.request_case = WIRE_REGISTER_REQUEST_BYTES__REQUEST_PUBLISH;
    message.publish = publish;
    return client_send(client, client->publisher, &message, ret_sent);
}

/* Kept for greet(); when there is no memory for it there is no greeting. */
static void remember_event(struct bellhop_client *client, ProtobufCBinaryData event)
{
    struct outbox *outbox = &client->outbox;
    uint8_t *copy = client->options.on_update ? realloc(outbox->last_event, event.len ? event.len : 1) : NULL;
    if (!copy)
        return;
    memcpy(copy, event.data, event.len);
    outbox->last_event = copy;
    outbox->last_event_size = event.len;
}

/* Updates go to the connection that published last. A new one with nothing to say repeats the last event,
 * which is in the log already: DUPLICATE, to a request that nobody waits for. */
static int greet(struct bellhop_client *client)
{
    struct outbox *outbox = &client->outbox;
    ProtobufCBinaryData event = wire_bytes(slice_of(outbox->last_event, outbox->last_event_size));
    WirePublishBytes publish = WIRE_PUBLISH_BYTES__INIT;
    publish.events = &event;
    publish.n_events = 1;
    bool is_sent;
    int rc = send_publish(client, &publish, &is_sent);
    outbox->is_unknown = outbox->is_unknown && !is_sent;
    return rc;
}

/* Sends one request, new or again. *ret_sent false: nothing to send, or no connection now. */
static int send_request(struct bellhop_client *client, struct outbox_request *request, int64_t now_ms,
                        bool *ret_sent)
{
    struct outbox *outbox = &client->outbox;
    arena_reset(&client->building, 0);
    struct gathering gathering = {.arena = &client->building,
                                  .request = request,
                                  .is_new = request->state == OUTBOX_FREE,
                                  .most_events = request->one_by_one ? 1 : outbox->most_events};
    gathering.events = arena_allocate(&client->building, outbox->most_events * sizeof *gathering.events);
    if (!gathering.events)
        return why_set(client->why, BELLHOP_NO_MEMORY, "no memory to send a request");
    request->count = 0;
    int rc = spool_walk(client->spool, gathering.is_new ? outbox->sent_upto : request->first - 1, gather,
                        &gathering);
    if (rc != BELLHOP_OK)
        return client_spool_result(client, rc);
    *ret_sent = false;
    if (request->count == 0) {
        request->state = OUTBOX_FREE;
        return BELLHOP_OK;
    }
    WirePublishBytes publish = WIRE_PUBLISH_BYTES__INIT;
    publish.events = gathering.events;
    publish.n_events = request->count;
    publish.has_await_verdict = publish.await_verdict = request->awaits;
    rc = send_publish(client, &publish, ret_sent);
    if (!*ret_sent)
        return rc;
    remember_event(client, gathering.events[request->count - 1]);
    outbox->is_unknown = false;
    request->earlier_id = gathering.is_new || request->one_by_one ? 0 : request->request_id;
    request->request_id = publish.request_id;
    if (gathering.is_new)
        outbox->sent_upto = request->last;
    else
        outbox->sent_again += (int64_t)request->count;
    outbox->in_flight += (int64_t)request->count;
    request->state = OUTBOX_SENT;
    request->due_ms = now_ms + client->options.answer_timeout_ms;
    return BELLHOP_OK;
}

void outbox_send_again(struct outbox *outbox, struct outbox_request *request)
{
    outbox->in_flight -= (int64_t)request->count;
    request->state = OUTBOX_AGAIN;
}

void outbox_need_not_send(struct outbox *outbox, struct outbox_request *request)
{
    if (request->state == OUTBOX_AGAIN)
        outbox->in_flight += (int64_t)request->count;
    request->state = OUTBOX_SENT;
}

/* A new connection knows nothing of what was sent over the old one; and what is overdue was lost. */
static void find_lost(struct bellhop_client *client, int64_t now_ms)
{
    struct outbox *outbox = &client->outbox;
    uint64_t connections = plug_connections(client->publisher);
    bool is_new = connections != outbox->connections;
    outbox->connections = connections;
    for (size_t i = 0; i < outbox->request_count; i++) {
        struct outbox_request *request = &outbox->requests[i];
        if (request->state == OUTBOX_SENT && (is_new || now_ms >= request->due_ms))
            outbox_send_again(outbox, request);
    }
    if (!is_new)
        return;
    client->question.is_asked = false;
    outbox->is_unknown = true;
}

/* The one to be sent again that holds the oldest entries; NULL: none. */
static struct outbox_request *oldest_again(struct outbox *outbox)
{
    struct outbox_request *oldest = NULL;
    for (size_t i = 0; i < outbox->request_count; i++) {
        struct outbox_request *request = &outbox->requests[i];
        if (request->state == OUTBOX_AGAIN && (!oldest || request->first < oldest->first))
            oldest = request;
    }
    return oldest;
}

static struct outbox_request *free_request(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->request_count; i++)
        if (outbox->requests[i].state == OUTBOX_FREE)
            return &outbox->requests[i];
    return NULL;
}

int outbox_send(struct bellhop_client *client, int64_t now_ms)
{
    struct outbox *outbox = &client->outbox;
    find_lost(client, now_ms);
    bool is_sent = plug_is_connected(client->publisher) && now_ms >= outbox->hold_until_ms;
    struct outbox_request *request;
    while (is_sent && (request = oldest_again(outbox))) {
        int rc = send_request(client, request, now_ms, &is_sent);
        if (rc != BELLHOP_OK)
            return rc;
        is_sent = is_sent || request->state == OUTBOX_FREE; /* nothing of it was left to be sent */
    }
    while (is_sent && outbox_left(client) > outbox->in_flight && (request = free_request(outbox))) {
        request->one_by_one = false;
        int rc = send_request(client, request, now_ms, &is_sent);
        if (rc != BELLHOP_OK)
            return rc;
    }
    bool has_nothing = outbox->is_unknown && outbox->last_event && outbox_left(client) == 0;
    return has_nothing && plug_is_connected(client->publisher) ? greet(client) : BELLHOP_OK;
}

int64_t outbox_due_ms(const struct bellhop_client *client, int64_t now_ms)
{
    const struct outbox *outbox = &client->outbox;
    int64_t due_ms = INT64_MAX;
    bool has_again = false, has_room = false;
    for (size_t i = 0; i < outbox->request_count; i++) {
        const struct outbox_request *request = &outbox->requests[i];
        has_again = has_again || request->state == OUTBOX_AGAIN;
        has_room = has_room || request->state == OUTBOX_FREE;
        if (request->state == OUTBOX_SENT && request->due_ms < due_ms)
            due_ms = request->due_ms;
    }
    bool has_work = has_again || (has_room && outbox_left(client) > outbox->in_flight);
    if (has_work && plug_is_connected(client->publisher)) {
        int64_t at_ms = outbox->hold_until_ms > now_ms ? outbox->hold_until_ms : now_ms;
        due_ms = at_ms < due_ms ? at_ms : due_ms;
    }
    return due_ms;
}

int64_t outbox_left(const struct bellhop_client *client)
{
    return spool_entry_count(client->spool) - (int64_t)client->outbox.settled_count;
}

int outbox_settle(struct bellhop_client *client)
{
    struct outbox *outbox = &client->outbox;
    if (outbox->settled_count == 0)
        return BELLHOP_OK;
    int rc = spool_remove(client->spool, outbox->settled, outbox->settled_count);
    if (rc != BELLHOP_OK)
        return client_spool_result(client, rc);
    outbox->settled_count = 0;
    return BELLHOP_OK;
}

/* --- asking for a verdict --- */

int outbox_ask(struct bellhop_client *client, int64_t now_ms, int64_t wait_ms)
{
    struct question *question = &client->question;
    bool is_lost = question->is_asked && now_ms >= question->ask_again_ms;
    if ((question->is_asked && !is_lost) || now_ms < question->ask_again_ms ||
        !plug_is_connected(client->publisher))
        return BELLHOP_OK;
    WireVerdictQuery query = WIRE_VERDICT_QUERY__INIT;
    WIRE_SET(&query, request_id, ++client->outbox.next_request);
    WIRE_SET(&query, event_id, wire_bytes(slice_of(question->event_id, BELLHOP_ID_SIZE)));
    WIRE_SET(&query, wait_ms, wait_ms);
    WireRegisterRequest message = WIRE_REGISTER_REQUEST__INIT;
    message.request_case = WIRE_REGISTER_REQUEST__REQUEST_VERDICT_QUERY;
    message.verdict_query = &query;
    bool is_sent;
    int rc = client_send(client, client->publisher, &message, &is_sent);
    if (!is_sent)
        return rc;
    question->is_asked = true;
    question->query_id = query.request_id;
    question->ask_again_ms = now_ms + wait_ms + QUERY_AGAIN_MS;
    return BELLHOP_OK;
}
