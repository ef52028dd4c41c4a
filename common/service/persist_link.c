/* persist_link: a list of kept requests, in order, over one dealer. */
#include "common/service/persist_link.h"

#include "common/base/arena.h"
#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/list.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/service/log.h"
#include "common/wire/append_batch.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

enum {
    REPLY_ARENA_BYTES = 8 * 1024 * 1024,
    RETRY_MOST_MS = 2000,
    HELLO_AGAIN_MS = 1000,
    LINGER_MS = 200, /* the last words: a lease given back */
};

/* A request that carries `body`: REQUEST(HELLO, hello, &hello). */
#define REQUEST(kind, field, body)                                                                           \
    (&(WireAppendRequest){.base = PROTOBUF_C_MESSAGE_INIT(&wire_append_request__descriptor),                 \
                          .request_case = WIRE_APPEND_REQUEST__REQUEST_##kind,                               \
                          .field = (body)})

struct kept_request {
    struct list_node node;
    uint64_t id;
    WireAppendRequest__RequestCase kind;
    struct bytes packed;
    int64_t sent_us; /* 0: never yet */
};

struct persist_link {
    struct loop *loop;
    struct link_dealer *dealer;
    struct persist_link_calls calls;
    char *peer;
    struct list kept; /* in order of asking */
    struct map by_id;
    uint64_t last_id;
    bool is_welcome;         /* on this connection */
    struct loop_timer retry; /* sends the hello, or all that is kept, again */
    unsigned failures;       /* busy answers in a row */
    struct arena arena;
    struct bytes packed;
    struct persist_link_numbers numbers;
};

/* --- sending --- */

static void retry_later(struct persist_link *link, int64_t least_ms)
{
    static const struct backoff backoff = {.first_ms = 20, .most_ms = RETRY_MOST_MS};
    int64_t delay_ms = backoff_delay_ms(&backoff, ++link->failures, random_u64());
    if (!loop_timer_is_set(&link->retry))
        loop_timer_set(link->loop, &link->retry, delay_ms > least_ms ? delay_ms : least_ms);
}

/* For a request that is not kept. False: it is not on its way. */
static bool send_once(struct persist_link *link, const WireAppendRequest *request)
{
    bytes_reset(&link->packed);
    wire_pack(request, &link->packed);
    return link_dealer_send(link->dealer, bytes_slice(&link->packed)) == LINK_SENT;
}

static void say_hello(struct persist_link *link)
{
    WireHello hello = WIRE_HELLO__INIT;
    hello.peer = link->peer;
    hello.has_want_updates = hello.want_updates = link->calls.on_update != NULL;
    send_once(link, REQUEST(HELLO, hello, &hello));
    retry_later(link, HELLO_AGAIN_MS);
}

/* False when it is not on its way; then it is sent again with the others. */
static bool send_one(struct persist_link *link, struct kept_request *kept)
{
    if (link_dealer_send(link->dealer, bytes_slice(&kept->packed)) != LINK_SENT) {
        retry_later(link, 0);
        return false;
    }
    link->numbers.sent++;
    link->numbers.sent_again += kept->sent_us != 0;
    kept->sent_us = clock_monotonic_us();
    return true;
}

/* Those asked up to `last_id`. */
static void send_kept(struct persist_link *link, uint64_t last_id)
{
    LIST_EACH(node, &link->kept) {
        struct kept_request *kept = CONTAINER_OF(node, struct kept_request, node);
        if (kept->id > last_id || !send_one(link, kept))
            return;
    }
}

static void try_again(void *owner)
{
    struct persist_link *link = owner;
    if (!link_dealer_is_connected(link->dealer))
        return;
    if (link->is_welcome)
        send_kept(link, link->last_id);
    else
        say_hello(link);
}

static void on_connected(void *owner)
{
    struct persist_link *link = owner;
    link->is_welcome = false;
    loop_timer_clear(link->loop, &link->retry);
    say_hello(link);
}

static void on_disconnected(void *owner)
{
    struct persist_link *link = owner;
    loop_timer_clear(link->loop, &link->retry);
    link->is_welcome = false;
    if (link->calls.on_lost)
        link->calls.on_lost(link->calls.owner);
}

/* --- answers --- */

static void kept_free(struct kept_request *kept)
{
    bytes_clear(&kept->packed);
    free(kept);
}

static void drop(struct persist_link *link, uint64_t id)
{
    struct kept_request *kept = map_take(&link->by_id, &id, sizeof id);
    list_remove(&kept->node);
    kept_free(kept);
}

/* The request is answered and no longer kept; false when it was not kept. */
static bool settle(struct persist_link *link, uint64_t id)
{
    const struct kept_request *kept = map_find(&link->by_id, &id, sizeof id);
    link->numbers.unknown += !kept;
    if (!kept)
        return false;
    histogram_observe_us(&link->numbers.answered, clock_monotonic_us() - kept->sent_us);
    link->failures = 0;
    drop(link, id);
    return true;
}

static bool is_busy(const char *reason)
{
    return reason && text_equal(reason, "busy");
}

static void on_result(struct persist_link *link, const WireAppendResult *result)
{
    if (result->has_retry_after_ms && !link->calls.on_busy)
        retry_later(link, result->retry_after_ms);
    else if (!settle(link, result->batch_id))
        return;
    else if (result->has_retry_after_ms)
        link->calls.on_busy(link->calls.owner, result);
    else if (link->calls.on_appended)
        link->calls.on_appended(link->calls.owner, result);
}

/* Decisions that came before those of `id` are still to be stored. */
static bool has_earlier_decisions(const struct persist_link *link, uint64_t id)
{
    LIST_EACH(node, &link->kept) {
        const struct kept_request *kept = CONTAINER_OF(node, struct kept_request, node);
        if (kept->kind == WIRE_APPEND_REQUEST__REQUEST_DECISIONS)
            return kept->id < id;
    }
    return false;
}

static void on_decided(struct persist_link *link, const WireDecisionResult *result)
{
    bool is_too_soon = !result->stored && has_earlier_decisions(link, result->batch_id);
    if (!result->stored && (is_too_soon || is_busy(result->reason)))
        retry_later(link, 0);
    else if (settle(link, result->batch_id) && link->calls.on_decided)
        link->calls.on_decided(link->calls.owner, result);
}

static void on_stream(struct persist_link *link, const WireStreamResult *result)
{
    if (!result->stored && is_busy(result->reason))
        retry_later(link, 0);
    else if (settle(link, result->write_id) && link->calls.on_stream)
        link->calls.on_stream(link->calls.owner, result);
}

static void on_welcome(struct persist_link *link, const WireWelcome *welcome)
{
    loop_timer_clear(link->loop, &link->retry);
    link->is_welcome = true;
    link->failures = 0;
    uint64_t asked_before = link->last_id;
    if (link->calls.on_welcome)
        link->calls.on_welcome(link->calls.owner, welcome);
    send_kept(link, asked_before);
}

static void on_reply(struct persist_link *link, const WireAppendReply *reply)
{
    switch (reply->reply_case) {
    case WIRE_APPEND_REPLY__REPLY_WELCOME:
        on_welcome(link, reply->welcome);
        break;
    case WIRE_APPEND_REPLY__REPLY_RESULT:
        on_result(link, reply->result);
        break;
    case WIRE_APPEND_REPLY__REPLY_DECISIONS:
        on_decided(link, reply->decisions);
        break;
    case WIRE_APPEND_REPLY__REPLY_STREAM:
        on_stream(link, reply->stream);
        break;
    case WIRE_APPEND_REPLY__REPLY_LEASE:
        if (link->calls.on_lease)
            link->calls.on_lease(link->calls.owner, reply->lease);
        break;
    case WIRE_APPEND_REPLY__REPLY_VERDICT:
        if (link->calls.on_verdict)
            link->calls.on_verdict(link->calls.owner, reply->verdict);
        break;
    case WIRE_APPEND_REPLY__REPLY_UPDATE:
        if (link->calls.on_update)
            link->calls.on_update(link->calls.owner, reply->update);
        break;
    case WIRE_APPEND_REPLY__REPLY_REFUSED:
        link->numbers.refused++;
        log_error("append-refused", "persist could not decode our request",
                  FIELD("reason", reply->refused->reason), FIELD("explanation", reply->refused->explanation));
        break;
    case WIRE_APPEND_REPLY__REPLY__NOT_SET:
    case _WIRE_APPEND_REPLY__REPLY__CASE_IS_INT_SIZE:
        link->numbers.unknown++;
        break;
    }
}

static void on_message(void *owner, struct slice message)
{
    struct persist_link *link = owner;
    arena_reset(&link->arena, 0);
    const WireAppendReply *reply = wire_unpack(&wire_append_reply__descriptor, message, &link->arena, NULL);
    if (reply) {
        on_reply(link, reply);
        return;
    }
    link->numbers.unknown++;
    log_error("append-reply-unreadable", "could not decode an answer from persist",
              FIELD("bytes", message.size));
}

/* --- asking --- */

/* `request` is an AppendRequest, or one whose batch is encoded already. */
static void ask(struct persist_link *link, uint64_t id, WireAppendRequest__RequestCase kind,
                const void *request)
{
    struct kept_request *kept = NEW(kept_request);
    kept->id = id;
    kept->kind = kind;
    wire_pack(request, &kept->packed);
    list_append(&link->kept, &kept->node);
    map_put(&link->by_id, &kept->id, sizeof kept->id, kept);
    /* While the kept requests wait to be sent again, none may overtake them. */
    if (!loop_timer_is_set(&link->retry) && link->is_welcome)
        send_one(link, kept);
}

uint64_t persist_link_append(struct persist_link *link, struct bytes *batch)
{
    WireAppendBatch tail = WIRE_APPEND_BATCH__INIT;
    WIRE_SET(&tail, batch_id, ++link->last_id);
    wire_pack(&tail, batch);
    WireAppendRequestBytes request = WIRE_APPEND_REQUEST_BYTES__INIT;
    WIRE_SET(&request, batch, wire_bytes(bytes_slice(batch)));
    ask(link, tail.batch_id, WIRE_APPEND_REQUEST__REQUEST_BATCH, &request);
    return tail.batch_id;
}

uint64_t persist_link_append_event(struct persist_link *link, const WireEvent *event)
{
    AUTO_CLEAR(bytes) batch = {0};
    append_batch_add_own(&batch, event);
    return persist_link_append(link, &batch);
}

uint64_t persist_link_decide(struct persist_link *link, WireDecisionBatch *batch)
{
    WIRE_SET(batch, batch_id, ++link->last_id);
    ask(link, batch->batch_id, WIRE_APPEND_REQUEST__REQUEST_DECISIONS, REQUEST(DECISIONS, decisions, batch));
    return batch->batch_id;
}

uint64_t persist_link_write_stream(struct persist_link *link, WireStreamWrite *write)
{
    WIRE_SET(write, write_id, ++link->last_id);
    ask(link, write->write_id, WIRE_APPEND_REQUEST__REQUEST_STREAM, REQUEST(STREAM, stream, write));
    return write->write_id;
}

bool persist_link_lease(struct persist_link *link, WireLeaseRequest *lease)
{
    return link->is_welcome && send_once(link, REQUEST(LEASE, lease, lease));
}

bool persist_link_read_verdict(struct persist_link *link, WireVerdictRead *read)
{
    return link->is_welcome && send_once(link, REQUEST(VERDICT_READ, verdict_read, read));
}

void persist_link_forget_decisions(struct persist_link *link)
{
    LIST_EACH_SAFE(node, &link->kept) {
        struct kept_request *kept = CONTAINER_OF(node, struct kept_request, node);
        if (kept->kind == WIRE_APPEND_REQUEST__REQUEST_DECISIONS)
            drop(link, kept->id);
    }
}

size_t persist_link_open_count(const struct persist_link *link)
{
    return link->by_id.count;
}

const struct persist_link_numbers *persist_link_numbers(const struct persist_link *link)
{
    return &link->numbers;
}

bool persist_link_is_connected(const struct persist_link *link)
{
    return link->is_welcome;
}

/* --- opening --- */

struct persist_link *persist_link_open(struct link_context *context, struct loop *loop, const char *endpoint,
                                       const char *peer, const struct persist_link_calls *calls, char *why,
                                       size_t why_size)
{
    AUTO(persist_link) *link = NEW(persist_link);
    link->loop = loop;
    link->calls = *calls;
    link->peer = memory_copy_text(peer);
    list_init(&link->kept);
    map_init(&link->by_id, random_u64());
    arena_init(&link->arena, REPLY_ARENA_BYTES);
    loop_timer_init(&link->retry, try_again, link);
    const struct link_dealer_calls dealer_calls = {
        .on_message = on_message,
        .on_connected = on_connected,
        .on_disconnected = on_disconnected,
        .owner = link,
    };
    const struct link_options options = {.most_message_bytes = 64 * 1024 * 1024, .linger_ms = LINGER_MS};
    link->dealer = link_dealer_connect(context, loop, endpoint, &options, &dealer_calls, why, why_size);
    return link->dealer ? TAKE(link) : NULL;
}

void persist_link_close(struct persist_link *link)
{
    loop_timer_clear(link->loop, &link->retry);
    if (link->dealer)
        link_dealer_close(link->dealer);
    LIST_EACH_SAFE(node, &link->kept)
        kept_free(CONTAINER_OF(node, struct kept_request, node));
    map_clear(&link->by_id);
    arena_clear(&link->arena);
    bytes_clear(&link->packed);
    free(link->peer);
    free(link);
}
