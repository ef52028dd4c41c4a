/* durable_answers: what sessions say of their deliveries. A confirmation is answered once it is stored. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/memory.h"

void durable_answers_refuse(struct durable *durable, uint64_t session, const char *decision_id,
                            const char *complaint)
{
    char explanation[WHY_SIZE];
    text_format(explanation, sizeof explanation, "%s: %s", decision_id, complaint);
    durable_session_refuse(durable, session, WIRE_UNKNOWN_VALUE, explanation);
}

bool durable_answers_place(struct durable *durable, uint64_t session, const char *decision_id,
                           struct place *ret_place)
{
    struct decision_id id;
    if (durable->phase != DURABLE_OPEN || decision_id_parse(decision_id, &id) != 0) {
        durable_answers_refuse(durable, session, decision_id, "no such delivery was made");
        return false;
    }
    *ret_place = (struct place){.seq = id.position.seq, .ordinal = id.ordinal};
    return true;
}

static void answer_later(struct durable *durable, uint64_t session, const char *decision_id)
{
    struct durable_answers *waiting = &durable->waiting;
    MAKE_ROOM(waiting->all, waiting->count, waiting->capacity);
    struct durable_answer *answer = &waiting->all[waiting->count++];
    answer->session = session;
    text_copy(answer->decision_id, sizeof answer->decision_id, decision_id);
    durable->is_dirty = true;
}

void durable_confirm(struct durable *durable, uint64_t session, char **decision_ids, size_t count)
{
    struct place place;
    for (size_t i = 0; i < count; i++) {
        if (!durable_answers_place(durable, session, decision_ids[i], &place))
            continue;
        switch (stream_confirm(durable->stream, session, place, durable_now_ms(durable))) {
        case STREAM_SETTLED:
            durable->parts->numbers->confirmed++;
            answer_later(durable, session, decision_ids[i]);
            break;
        case STREAM_WAS_SETTLED:
            answer_later(durable, session, decision_ids[i]);
            break;
        case STREAM_WILL_RETURN:
        case STREAM_UNKNOWN:
            durable_answers_refuse(durable, session, decision_ids[i], "no such delivery was made");
            break;
        }
    }
}

void durable_refuse(struct durable *durable, uint64_t session, const WireRefuse *request)
{
    struct place place;
    if (!durable_answers_place(durable, session, request->decision_id, &place))
        return;
    durable->parts->numbers->refused++;
    switch (stream_refuse(durable->stream, session, place, request->reason, request->for_good,
                          durable_now_ms(durable))) {
    case STREAM_SETTLED:
        durable->is_dirty = true;
        break;
    case STREAM_UNKNOWN:
        durable_answers_refuse(durable, session, request->decision_id, "no such delivery was made");
        return;
    case STREAM_WAS_SETTLED:
    case STREAM_WILL_RETURN:
        break;
    }
    durable_session_done(durable, session, "refuse", request->decision_id, 0);
}

void durable_answers_ask(struct durable *durable)
{
    struct durable_answers spare = durable->asked;
    durable->asked = durable->waiting;
    durable->waiting = spare;
    durable->waiting.count = 0;
}

/* Each session hears of its own in one message. */
void durable_answers_send(struct durable *durable)
{
    const struct durable_calls *calls = &durable->parts->calls;
    struct durable_answers *asked = &durable->asked;
    char **ids = memory_allocate((asked->count + 1) * sizeof *ids);
    for (size_t i = 0; i < durable->session_count; i++) {
        uint64_t session = durable->sessions[i].id;
        size_t count = 0;
        for (size_t j = 0; j < asked->count; j++)
            if (asked->all[j].session == session)
                ids[count++] = asked->all[j].decision_id;
        if (count > 0)
            calls->on_confirmed(calls->owner, session, durable->name, ids, count);
    }
    free(ids);
    asked->count = 0;
}

void durable_answers_clear(struct durable_answers *answers)
{
    free(answers->all);
    *answers = (struct durable_answers){0};
}
