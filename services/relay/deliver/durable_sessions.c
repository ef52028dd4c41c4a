/* durable_sessions: who has joined a stream, and that all who do want the same of it. */
#include "services/relay/deliver/durable_state.h"

enum { CREDIT_DEFAULT = 100, CREDIT_MOST = 10000 };

struct durable_session *durable_session_find(struct durable *durable, uint64_t session)
{
    for (size_t i = 0; i < durable->session_count; i++)
        if (durable->sessions[i].id == session)
            return &durable->sessions[i];
    return NULL;
}

void durable_session_refuse(struct durable *durable, uint64_t session, enum wire_reason reason,
                            const char *explanation)
{
    durable->parts->calls.on_refused(durable->parts->calls.owner, session, durable->name, reason,
                                     explanation);
}

void durable_session_done(struct durable *durable, uint64_t session, const char *request,
                          const char *decision_id, size_t count)
{
    const struct durable_done done = {
        .stream = durable->name, .request = request, .decision_id = decision_id, .count = count};
    durable->parts->calls.on_done(durable->parts->calls.owner, session, &done);
}

void durable_sessions_refuse(struct durable *durable, enum wire_reason reason, const char *explanation)
{
    durable->phase = DURABLE_GONE;
    for (size_t i = 0; i < durable->session_count; i++)
        durable_session_refuse(durable, durable->sessions[i].id, reason, explanation);
    durable->session_count = 0;
}

static void welcome(struct durable *durable, struct durable_session *session, bool is_new)
{
    session->joined_seq = durable_upto(durable);
    stream_join(durable->stream, session->id, session->credit, durable_now_ms(durable));
    durable->parts->calls.on_subscribed(durable->parts->calls.owner, session->id, durable->name,
                                        stream_position(durable->stream), is_new);
}

void durable_sessions_welcome(struct durable *durable)
{
    for (size_t i = 0; i < durable->session_count; i++)
        welcome(durable, &durable->sessions[i], durable->is_new);
}

/* --- coming and going --- */

static void set_start(struct durable_start *start, const WireFrom *from)
{
    if (!from)
        return;
    start->from = from->from_case;
    if (from->from_case == WIRE_FROM__FROM_AFTER)
        start->after = position_of(from->after);
    if (from->from_case == WIRE_FROM__FROM_SINCE_AT)
        start->since_at = from->since_at;
}

/* The first subscriber says where a new stream begins and what it takes; those that come later say the same.
 */
static bool agree(struct durable *durable, uint64_t session, const WireSubscribe *request)
{
    bool is_filter;
    char why[WHY_SIZE];
    AUTO(selection) *selection =
        selection_new(request->topics, request->n_topics, request->filter, &is_filter, why);
    if (!selection) {
        durable_session_refuse(durable, session, is_filter ? WIRE_BAD_FILTER : WIRE_BAD_TOPIC, why);
        return false;
    }
    if (!selection_is_known(selection, why)) {
        durable_session_refuse(durable, session, WIRE_BAD_TOPIC, why);
        return false;
    }
    if (!durable->selection) {
        durable->selection = TAKE(selection);
        set_start(&durable->start, request->from);
        return true;
    }
    bool asks_nothing = request->n_topics == 0 && !(request->filter && *request->filter);
    if (asks_nothing || selection_is(durable->selection, request->topics, request->n_topics, request->filter))
        return true;
    durable_session_refuse(durable, session, WIRE_BAD_TOPIC,
                           "the stream was begun with other topics or another filter");
    return false;
}

static unsigned credit_of(bool has_credit, uint32_t credit)
{
    return !has_credit ? CREDIT_DEFAULT : credit < CREDIT_MOST ? credit : CREDIT_MOST;
}

void durable_subscribe(struct durable *durable, uint64_t id, const WireSubscribe *request)
{
    if (durable->phase == DURABLE_GONE || durable->is_removed) {
        durable_session_refuse(durable, id, WIRE_STREAM_ELSEWHERE,
                               "the stream is being let go, subscribe again");
        return;
    }
    if (!agree(durable, id, request)) {
        durable_leave(durable, id); /* it may have been here already */
        return;
    }
    struct durable_session *session = durable_session_find(durable, id);
    if (!session && durable->session_count == STREAM_SESSIONS) {
        durable_session_refuse(durable, id, WIRE_TOO_MANY, "too many connections share this stream");
        return;
    }
    if (!session)
        session = &durable->sessions[durable->session_count++];
    *session = (struct durable_session){.id = id, .credit = credit_of(request->has_credit, request->credit)};
    if (durable->phase == DURABLE_OPEN) /* else when it is open */
        welcome(durable, session, false);
}

void durable_leave(struct durable *durable, uint64_t id)
{
    if (durable->stream)
        stream_leave(durable->stream, id, durable_now_ms(durable));
    struct durable_session *session = durable_session_find(durable, id);
    if (!session)
        return;
    *session = durable->sessions[--durable->session_count];
    if (durable->session_count == 0)
        durable->idle_since_ms = durable_now_ms(durable);
}

void durable_credit(struct durable *durable, uint64_t id, unsigned credit)
{
    struct durable_session *session = durable_session_find(durable, id);
    if (!session) {
        durable_session_refuse(durable, id, WIRE_UNKNOWN_STREAM, "this connection takes nothing of it");
        return;
    }
    session->credit = credit_of(true, credit);
    if (durable->phase == DURABLE_OPEN)
        stream_join(durable->stream, id, session->credit, durable_now_ms(durable));
    durable_session_done(durable, id, "credit", NULL, 0);
}
