/* append_door: decoding, dispatch, encoding. */
#include "services/persist/append_door.h"

#include "common/base/memory.h"
#include "common/service/refusals.h"
#include "common/service/service.h"
#include "common/wire/refusal.h"
#include "common/wire/wire.h"
#include "services/persist/reply.h"

enum {
    ARENA_BYTES = 48 * 1024 * 1024, /* of address space; only what a request needs is touched */
    MESSAGE_MOST_BYTES = 16 * 1024 * 1024,
    QUEUE_MESSAGES = 10000,
};

struct append_door_numbers {
    uint64_t requests;
    uint64_t refused;
    uint64_t replies_dropped;
};

struct append_door {
    struct loop *loop;
    struct link_router *router;
    struct append_door_calls calls;
    struct arena arena;
    struct bytes packed;
    struct refusals refusals;
    struct append_door_numbers numbers;
};

static const struct metric append_door_metrics[] = {
    METRIC(struct append_door_numbers, requests, "bellhop_persist_requests_total", "", "requests received"),
    METRIC(struct append_door_numbers, refused, "bellhop_persist_requests_refused_total", "",
           "requests that could not be read"),
    METRIC(struct append_door_numbers, replies_dropped, "bellhop_persist_replies_dropped_total", "",
           "replies that could not be delivered; their peer asks again"),
};

bool append_door_reply(struct append_door *door, const struct link_peer *peer, const WireAppendReply *reply)
{
    bytes_reset(&door->packed);
    wire_pack(reply, &door->packed);
    enum link_sent sent = link_router_send(door->router, peer, bytes_slice(&door->packed));
    door->numbers.replies_dropped += sent != LINK_SENT;
    return sent != LINK_UNREACHABLE;
}

static void refuse(struct append_door *door, const struct link_peer *peer, enum wire_reason reason)
{
    WireAppendRefused refused = WIRE_APPEND_REFUSED__INIT;
    refused.reason = (char *)wire_reason_word(reason);
    refused.explanation = (char *)wire_reason_meaning(reason);
    door->numbers.refused++;
    struct wire_refusal refusal;
    wire_refuse(&refusal, reason, "", "%s", refused.explanation);
    refusals_add(&door->refusals, loop_now_ms(door->loop), link_router_sender(door->router), &refusal);
    append_door_reply(door, peer, REPLY(REFUSED, refused, &refused));
}

static void has_message(void *owner, const struct link_peer *peer, struct slice message)
{
    struct append_door *door = owner;
    const struct append_door_calls *calls = &door->calls;
    door->numbers.requests++;
    arena_reset(&door->arena, 0);
    bool is_full = false;
    const WireAppendRequest *request =
        wire_unpack(&wire_append_request__descriptor, message, &door->arena, &is_full);
    if (!request) {
        refuse(door, peer, is_full ? WIRE_TOO_LARGE : WIRE_MALFORMED);
        return;
    }
    switch (request->request_case) {
    case WIRE_APPEND_REQUEST__REQUEST_HELLO:
        calls->on_hello(calls->owner, peer, request->hello);
        return;
    case WIRE_APPEND_REQUEST__REQUEST_BATCH:
        calls->on_append(calls->owner, peer, request->batch);
        return;
    case WIRE_APPEND_REQUEST__REQUEST_DECISIONS:
        calls->on_decisions(calls->owner, peer, request->decisions);
        return;
    case WIRE_APPEND_REQUEST__REQUEST_VERDICT_READ:
        calls->on_verdict_read(calls->owner, peer, request->verdict_read);
        return;
    case WIRE_APPEND_REQUEST__REQUEST_LEASE:
        calls->on_lease(calls->owner, peer, request->lease);
        return;
    case WIRE_APPEND_REQUEST__REQUEST_STREAM:
        calls->on_stream(calls->owner, peer, request->stream);
        return;
    case WIRE_APPEND_REQUEST__REQUEST__NOT_SET:
    case _WIRE_APPEND_REQUEST__REQUEST__CASE_IS_INT_SIZE:
        refuse(door, peer, WIRE_NO_REQUEST);
        return;
    }
}

struct append_door *append_door_open(struct link_context *context, struct loop *loop, const char *endpoint,
                                     const struct append_door_calls *calls, char *why, size_t why_size)
{
    AUTO(append_door) *door = NEW(append_door);
    door->loop = loop;
    door->calls = *calls;
    door->refusals = (struct refusals){
        .id = "request-refused",
        .sentence = "refused a request: only ingest, escalate and relay of this version may connect here"};
    arena_init(&door->arena, ARENA_BYTES);
    metrics_add(service_metrics(), append_door_metrics, COUNT_OF(append_door_metrics), &door->numbers);
    const struct link_options options = {
        .most_message_bytes = MESSAGE_MOST_BYTES, .high_water_mark = QUEUE_MESSAGES, .linger_ms = 500};
    const struct link_router_calls router_calls = {.on_message = has_message, .owner = door};
    door->router = link_router_bind(context, loop, endpoint, &options, &router_calls, why, why_size);
    return door->router ? TAKE(door) : NULL;
}

void append_door_close(struct append_door *door)
{
    metrics_remove(service_metrics(), &door->numbers);
    link_router_close(door->router);
    arena_clear(&door->arena);
    bytes_clear(&door->packed);
    free(door);
}

void append_door_pause(struct append_door *door, bool is_paused)
{
    link_router_pause(door->router, is_paused);
}

const char *append_door_endpoint(const struct append_door *door)
{
    return link_router_endpoint(door->router);
}
