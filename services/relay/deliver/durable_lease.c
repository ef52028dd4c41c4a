/* durable_lease: a stream's name belongs to one relay at a time: asked for, kept, given back or lost. */
#include "services/relay/deliver/durable_state.h"

#include "common/service/log.h"

enum {
    LEASE_PATIENCE_MS = 30000, /* waiting for another relay's lease to end */
    LEASE_ASK_MS = 1000,
};

static void ask(struct durable *durable)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = (char *)durable->parts->instance;
    request.stream = durable->name;
    durable->lease_asked_ms = durable_now_ms(durable);
    persist_link_lease(durable->parts->persist, &request);
}

void durable_leased(struct durable *durable, bool is_granted, int64_t expires_ms)
{
    durable->lease_length_ms = expires_ms;
    durable->has_lease = is_granted;
    if (is_granted && durable->phase == DURABLE_LEASING && decision_source_is_ready(durable->parts->source)) {
        durable->phase = DURABLE_READING;
        durable_open_continue(durable);
    } else if (!is_granted && durable->phase != DURABLE_LEASING && durable->phase != DURABLE_GONE) {
        log_warning("stream-lost", "another relay has taken over a stream, its subscribers are refused",
                    FIELD("stream", durable->name));
        durable->parts->numbers->lost++;
        durable_sessions_refuse(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
    }
}

void durable_lease_release(struct durable *durable)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = (char *)durable->parts->instance;
    request.stream = durable->name;
    request.has_release = request.release = true;
    persist_link_lease(durable->parts->persist, &request);
    durable->has_lease = false;
}

void durable_lease_keep(struct durable *durable)
{
    int64_t now_ms = durable_now_ms(durable);
    bool is_waiting = durable->phase == DURABLE_LEASING;
    int64_t every_ms = is_waiting ? LEASE_ASK_MS : durable->lease_length_ms / 3;
    if (every_ms < LEASE_ASK_MS / 2)
        every_ms = LEASE_ASK_MS / 2;
    if (durable->lease_asked_ms == 0 || now_ms - durable->lease_asked_ms >= every_ms)
        ask(durable);
    if (is_waiting && now_ms - durable->opened_ms > LEASE_PATIENCE_MS)
        durable_sessions_refuse(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
}
