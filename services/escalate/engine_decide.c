/* engine_decide: events in, decisions out; the first policy; snapshots between two events. */
#include "services/escalate/engine_state.h"

#include "common/base/clock.h"
#include "services/escalate/snapshot.h"

#include <string.h>

enum {
    SNAPSHOT_EVENTS = 250000, /* a restart reads no more than about these */
    LINGER_MS = 5,
};

static bool engine_has_room(const struct engine *engine)
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

/* That nothing was to be decided about events only moves the cursor: unless somebody waits for it, it may wait a moment
 * for company, and spare everybody a message and a transaction. */
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
    if (engine->phase != ENGINE_DECIDING || !engine_has_room(engine))
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

static void engine_settle(struct engine *engine)
{
    in_flight_take_stored(&engine->in_flight);
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
        engine_settle(engine);
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
    engine_settle(engine);
}

/* --- the log's first policy --- */

void engine_propose(struct engine *engine)
{
    bool is_empty = engine->is_head_known && event_source_head(engine->source) == 0;
    bool has_none =
        event_source_is_at_head(engine->source) && fold_policy_version(decider_fold(engine->decider)) == 0;
    if (engine->has_proposed || !(is_empty || has_none))
        return;
    struct uuid id;
    WireEvent event = proposal_event(engine->parts.proposal, clock_utc_us(), &id);
    engine->has_proposed = true;
    engine->proposal_id = persist_link_append_event(engine->persist, &event);
    log_info("policy-proposed", "the log has no policy, proposing one",
             FIELD("policy", proposal_name(engine->parts.proposal)));
}

void engine_on_appended(void *owner, const WireAppendResult *result)
{
    struct engine *engine = owner;
    if (deadline_clock_appended(engine->clock, result) || result->batch_id != engine->proposal_id)
        return;
    engine->proposal_id = 0;
    const WireReceipt *receipt = result->n_receipts ? result->receipts[0] : NULL;
    if (!receipt || receipt->result != WIRE_RECEIPT__RESULT__COMMITTED)
        log_error("policy-not-taken", "the log did not take the proposed policy",
                  FIELD("reason", receipt ? receipt->reason : "no receipt"),
                  FIELD("explanation", receipt ? receipt->explanation : ""));
}

/* --- snapshots --- */

void engine_write_snapshot(struct engine *engine)
{
    struct fold *fold = decider_fold(engine->decider);
    engine->wants_snapshot = false;
    engine->snapshot_ms = loop_now_ms(engine->loop);
    if (fold_seq(fold) == engine->snapshot_seq)
        return;
    int rc = snapshot_write(engine->parts.config->state_directory, fold);
    if (rc == 0)
        engine->snapshot_seq = fold_seq(fold);
    else
        log_warning("snapshot-not-written", "could not write the snapshot", FIELD("reason", strerror(-rc)));
}

void engine_consider_snapshot(struct engine *engine)
{
    int64_t age_ms = loop_now_ms(engine->loop) - engine->snapshot_ms;
    uint64_t events = decider_seq(engine->decider) - engine->snapshot_seq;
    bool is_due =
        *engine->parts.config->state_directory &&
        ((age_ms >= engine->parts.config->snapshot_interval.ms && events > 0) || events >= SNAPSHOT_EVENTS);
    if (is_due && engine->phase == ENGINE_DECIDING)
        engine->wants_snapshot = true;
    else if (is_due && engine->phase == ENGINE_STANDING_BY)
        engine_write_snapshot(engine);
}
