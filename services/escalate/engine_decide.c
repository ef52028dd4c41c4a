/* engine_decide: events in, decisions out. */
#include "services/escalate/engine_state.h"

enum { LINGER_MS = 5 };

static bool has_room(const struct engine *engine)
{
    bool is_held = engine->is_stopping || engine->wants_snapshot || engine->must_begin_anew;
    return !is_held && (in_flight_has_room(&engine->in_flight) || !decider_batch_is_full(engine->decider));
}

void engine_send(struct engine *engine)
{
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    message.instance = engine->instance;
    engine->is_awaited = false;
    loop_timer_clear(engine->loop, &engine->linger);
    struct decided_batch batch = decider_take_batch(engine->decider, engine->epoch, &message);
    uint64_t id = persist_link_decide(engine->persist, &message);
    in_flight_add(&engine->in_flight, id, &batch);
}

/* A batch without decisions only moves the cursor. Unless somebody waits for it, it may wait a moment for more events,
 * which saves a message and a transaction. */
void engine_send_in_time(struct engine *engine)
{
    if (decider_batch_events(engine->decider) == 0 || !in_flight_has_room(&engine->in_flight))
        return;
    if (decider_batch_decisions(engine->decider) > 0 || engine->is_awaited || engine->wants_snapshot ||
        engine->is_stopping)
        engine_send(engine);
    else if (!loop_timer_is_set(&engine->linger))
        loop_timer_set(engine->loop, &engine->linger, LINGER_MS);
}

bool engine_on_event(void *owner, const WireLoggedEvent *record)
{
    struct engine *engine = owner;
    if (engine->phase != ENGINE_DECIDING || !has_room(engine))
        return false;
    char why[WHY_SIZE];
    if (decider_decide(engine->decider, record, why) != 0) {
        engine_give_up(engine, why);
        engine->is_stopping = true;
        return false;
    }
    engine->is_awaited |= record->is_awaited;
    if (decider_batch_is_full(engine->decider) && in_flight_has_room(&engine->in_flight))
        engine_send(engine);
    return true;
}

static void settle(struct engine *engine)
{
    in_flight_drop_stored(&engine->in_flight);
    const struct in_flight_batch *first = in_flight_first(&engine->in_flight);
    if (first && first->state == IN_FLIGHT_DOUBTED)
        stored_check_start(engine->check, &first->batch);
    event_source_pump(engine->source);
}

void engine_on_decided(void *owner, const WireDecisionResult *result)
{
    struct engine *engine = owner;
    if (engine->phase != ENGINE_DECIDING)
        return;
    uint64_t cursor = result->cursor ? result->cursor->seq : 0;
    if (in_flight_answered(&engine->in_flight, result->batch_id, result->stored, cursor))
        settle(engine);
    else
        engine_begin_anew(engine, result->reason);
}

void engine_on_checked(void *owner, bool is_known, bool is_same)
{
    struct engine *engine = owner;
    if (!is_known)
        return; /* the next tick asks again */
    if (!is_same) {
        engine_begin_anew(engine, "another instance has decided");
        return;
    }
    in_flight_vouch(&engine->in_flight);
    settle(engine);
}
