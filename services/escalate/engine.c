/* engine: the phases, what is heard, opening and closing. */
#include "services/escalate/engine_state.h"

#include "common/base/list.h"
#include "common/base/memory.h"

#include <inttypes.h>

enum { TICK_MS = 1000, AGAIN_MS = 500 };

static const struct metric engine_metrics[] = {
    METRIC(struct engine_numbers, started_anew, "bellhop_escalate_started_anew_total", "",
           "times the state was rebuilt"),
    METRIC(struct engine_numbers, in_flight, "bellhop_escalate_batches_in_flight", "",
           "batches on their way to persist"),
    METRIC(struct engine_numbers, is_deciding, "bellhop_escalate_deciding", "",
           "1 on the instance that decides, 0 on a standby"),
};

static void begin(struct engine *engine);
static void catch_up(struct engine *engine);

/* Everything decided is sent and stored. */
static bool is_idle(const struct engine *engine)
{
    return engine->in_flight.count == 0 && decider_batch_events(engine->decider) == 0;
}

/* --- beginning --- */

/* The last event of the state must be the one at that position in the log: a restored database may hold
 * another. */
static void on_identity(void *owner, const struct log_page *page)
{
    struct engine *engine = owner;
    if (page->fault) {
        loop_timer_set(engine->loop, &engine->again, AGAIN_MS);
        return;
    }
    bool is_same = page->count == 1 && page->events[0]->position->epoch == engine->asked_epoch;
    if (engine->phase == ENGINE_CHECKING) {
        if (!is_same) {
            log_warning("snapshot-ignored", "could not use the snapshot, it belongs to another log");
            engine_use_nothing(engine);
        }
        catch_up(engine);
    } else if (!is_same) {
        engine_drop_snapshot(engine);
        engine_begin_anew(engine, "the log is not the one it was");
    }
}

static void check_identity(struct engine *engine)
{
    engine->asked_epoch = fold_epoch(decider_fold(engine->decider));
    log_read_events(engine->parts.database, decider_seq(engine->decider) - 1, 1, on_identity, engine);
}

static void begin(struct engine *engine)
{
    event_source_stop(engine->source);
    catch_up_stop(engine->catch_up);
    stored_check_stop(engine->check);
    database_forget(engine->parts.database, engine);
    persist_link_forget_decisions(engine->persist);
    deadline_clock_set(engine->clock, NULL, false);
    in_flight_clear(&engine->in_flight);
    loop_timer_clear(engine->loop, &engine->linger);
    engine->is_awaited = false;
    engine->wants_snapshot = engine->must_begin_anew = engine->has_looked = false;
    engine->phase = ENGINE_CHECKING;
    engine_use_snapshot(engine);
    if (decider_seq(engine->decider) > 0)
        check_identity(engine);
    else
        catch_up(engine);
}

static void on_again(void *owner)
{
    struct engine *engine = owner;
    if (engine->must_begin_anew)
        begin(engine);
    else if (engine->phase == ENGINE_CHECKING)
        check_identity(engine);
}

/* --- catching up, and what comes then --- */

static void catch_up(struct engine *engine)
{
    engine->phase = ENGINE_CATCHING_UP;
    catch_up_start(engine->catch_up, engine->decider);
}

static void set_ready(struct engine *engine)
{
    if (engine->is_ready)
        return;
    engine->is_ready = true;
    service_health_set("log", HEALTH_GREEN, "");
    service_ready();
}

static void stand_by(struct engine *engine)
{
    engine->phase = ENGINE_STANDING_BY;
    event_source_stop(engine->source);
    deadline_clock_set(engine->clock, NULL, false);
    if (lease_is_known(engine->lease))
        set_ready(engine);
}

static void decide(struct engine *engine)
{
    log_info("deciding", "began deciding", FIELD("seq", decider_seq(engine->decider)));
    engine->phase = ENGINE_DECIDING;
    deadline_clock_outage(engine->clock);
    event_source_start(engine->source, decider_seq(engine->decider));
}

static void on_caught_up(void *owner)
{
    struct engine *engine = owner;
    if (!lease_is_held(engine->lease))
        stand_by(engine);
    else if (engine->has_looked)
        decide(engine);
    else {
        engine->has_looked = true;
        catch_up(engine);
    }
}

static void on_broken(void *owner, const char *why)
{
    struct engine *engine = owner;
    if (engine->has_begun_at_zero) {
        engine_give_up(engine, why);
        return;
    }
    engine_drop_snapshot(engine);
    engine_begin_anew(engine, why);
}

/* --- the lease --- */

static void on_lease(void *owner, const WireLeaseResult *result)
{
    struct engine *engine = owner;
    bool has_changed = lease_answered(engine->lease, result);
    if (!result->granted && engine->phase == ENGINE_STANDING_BY)
        set_ready(engine);
    if (!has_changed)
        return;
    engine->has_looked = false;
    if (result->granted && engine->phase == ENGINE_STANDING_BY)
        catch_up(engine);
    else if (!result->granted && engine->phase == ENGINE_DECIDING && is_idle(engine))
        stand_by(engine);
    else if (!result->granted && engine->phase == ENGINE_DECIDING)
        engine_begin_anew(engine, "the lease was lost");
}

/* --- what is heard --- */

static void hear_epoch(struct engine *engine, uint32_t epoch)
{
    if (epoch <= engine->epoch)
        return;
    bool is_new = engine->epoch != 0;
    engine->epoch = epoch;
    if (!is_new)
        return;
    log_warning("epoch-raised", "another writer has taken over the log", FIELD("epoch", epoch));
    bool has_state = engine->phase == ENGINE_DECIDING || engine->phase == ENGINE_STANDING_BY;
    if (has_state && decider_seq(engine->decider) > 0)
        check_identity(engine);
}

static void on_hint(void *owner, const WireFeed *hint)
{
    struct engine *engine = owner;
    engine->is_head_known = true;
    hear_epoch(engine, hint->epoch);
    if (engine->phase == ENGINE_STANDING_BY && hint->cursor > decider_seq(engine->decider))
        catch_up(engine);
}

static void on_welcome(void *owner, const WireWelcome *welcome)
{
    struct engine *engine = owner;
    service_health_set("persist", HEALTH_GREEN, "");
    hear_epoch(engine, welcome->epoch);
    lease_ask(engine->lease);
}

static void on_lost(void *owner)
{
    struct engine *engine = owner;
    service_health_set("persist", HEALTH_YELLOW, "no connection to persist");
    deadline_clock_outage(engine->clock);
}

static void on_silence(void *owner)
{
    struct engine *engine = owner;
    deadline_clock_outage(engine->clock);
}

/* --- turns and ticks --- */

/* The log's first policy, once it is certain that there is none. */
static void propose(struct engine *engine)
{
    bool is_empty = engine->is_head_known && event_source_head(engine->source) == 0;
    bool has_none =
        event_source_is_at_head(engine->source) && fold_policy_version(decider_fold(engine->decider)) == 0;
    if (is_empty || has_none)
        proposal_send(engine->parts.proposal, engine->persist);
}

static void on_appended(void *owner, const WireAppendResult *result)
{
    struct engine *engine = owner;
    if (!deadline_clock_appended(engine->clock, result))
        proposal_appended(engine->parts.proposal, result);
}

static void turn(void *owner)
{
    struct engine *engine = owner;
    if (engine->phase != ENGINE_DECIDING || engine->must_begin_anew)
        return;
    engine_send_in_time(engine);
    if (engine->wants_snapshot && is_idle(engine)) {
        engine_write_snapshot(engine);
        event_source_pump(engine->source);
    }
    bool is_at_head = event_source_is_at_head(engine->source) && persist_link_is_connected(engine->persist) &&
                      !engine->is_stopping;
    deadline_clock_set(engine->clock, decider_fold(engine->decider), is_at_head);
    propose(engine);
    if (fold_policy_version(decider_fold(engine->decider)) > 0)
        set_ready(engine);
}

static void on_lingered(void *owner)
{
    struct engine *engine = owner;
    bool may_send = engine->phase == ENGINE_DECIDING && !engine->must_begin_anew;
    if (may_send && decider_batch_events(engine->decider) > 0 && in_flight_has_room(&engine->in_flight))
        engine_send(engine);
}

static void measure(void *numbers)
{
    struct engine *engine = CONTAINER_OF(numbers, struct engine, numbers);
    engine->numbers.in_flight = (int64_t)engine->in_flight.count;
    engine->numbers.is_deciding = engine->phase == ENGINE_DECIDING;
}

/* Is there a case that nobody comes to, or an event that could not be decided? */
static void check_health(struct engine *engine)
{
    struct fold_counts counts;
    fold_count(decider_fold(engine->decider), &counts);
    service_health_set("attendance", counts.unattended ? HEALTH_RED : HEALTH_GREEN,
                       counts.unattended ? "a case has reached the top and nobody is home there" : "");
    if (decider_numbers(engine->decider)->quarantined)
        service_health_set("quarantine", HEALTH_RED, "an event could not be decided");
}

static void tick(void *owner)
{
    struct engine *engine = owner;
    loop_timer_set(engine->loop, &engine->tick, TICK_MS);
    deadline_clock_check(engine->clock);
    check_health(engine);
    engine_consider_snapshot(engine);
    const struct in_flight_batch *first = in_flight_first(&engine->in_flight);
    if (first && first->state == IN_FLIGHT_DOUBTED)
        stored_check_start(engine->check, &first->batch);
}

/* --- opening and closing --- */

static bool open_links(struct engine *engine, char *why, size_t why_size)
{
    const struct engine_parts *parts = &engine->parts;
    const struct persist_link_calls persist_calls = {
        .on_welcome = on_welcome,
        .on_lost = on_lost,
        .on_appended = on_appended,
        .on_decided = engine_on_decided,
        .on_lease = on_lease,
        .owner = engine,
    };
    const struct event_source_calls source_calls = {
        .on_event = engine_on_event, .on_hint = on_hint, .on_silence = on_silence, .owner = engine};
    const struct event_source_settings source_settings = {.feed = parts->config->feed,
                                                          .database = parts->database};
    engine->persist = persist_link_open(parts->context, engine->loop, parts->config->append, engine->instance,
                                        &persist_calls, why, why_size);
    if (engine->persist)
        engine->source =
            event_source_open(parts->context, engine->loop, &source_settings, &source_calls, why, why_size);
    return engine->source != NULL;
}

struct engine *engine_open(const struct engine_parts *parts, char *why, size_t why_size)
{
    AUTO(engine) *engine = NEW(engine);
    engine->parts = *parts;
    engine->loop = parts->loop;
    text_format(engine->instance, sizeof engine->instance, "escalate-%016" PRIx64,
                marker_instance(parts->marker));
    loop_timer_init(&engine->tick, tick, engine);
    loop_timer_init(&engine->again, on_again, engine);
    loop_timer_init(&engine->linger, on_lingered, engine);
    if (!open_links(engine, why, why_size))
        return NULL;
    const struct catch_up_calls catch_up_calls = {
        .on_done = on_caught_up, .on_broken = on_broken, .owner = engine};
    engine->catch_up = catch_up_new(engine->loop, parts->database, &catch_up_calls);
    engine->lease = lease_new(engine->loop, engine->persist, engine->instance);
    engine->check = stored_check_new(parts->database, engine_on_checked, engine);
    engine->clock = deadline_clock_new(engine->loop, engine->persist, parts->config->grace.ms);
    service_health_set("log", HEALTH_YELLOW, "catching up with the log");
    begin(engine);
    metrics_add_measured(service_metrics(), engine_metrics, COUNT_OF(engine_metrics), &engine->numbers,
                         measure);
    loop_at_turn_end(engine->loop, turn, engine);
    loop_timer_set(engine->loop, &engine->tick, TICK_MS);
    return TAKE(engine);
}

void engine_stop(struct engine *engine)
{
    engine->is_stopping = true;
}

void engine_drain(struct engine *engine, int64_t grace_ms)
{
    int64_t end_ms = loop_now_ms(engine->loop) + grace_ms;
    while (engine->phase == ENGINE_DECIDING && !engine->must_begin_anew && !is_idle(engine) &&
           loop_now_ms(engine->loop) < end_ms)
        loop_turn(engine->loop, 100);
    bool is_settled =
        engine->phase == ENGINE_STANDING_BY || (engine->phase == ENGINE_DECIDING && is_idle(engine));
    if (is_settled && !engine->must_begin_anew)
        engine_write_snapshot(engine);
    lease_release(engine->lease);
}

void engine_close(struct engine *engine)
{
    loop_turn_end_remove(engine->loop, turn, engine);
    loop_timer_clear(engine->loop, &engine->tick);
    loop_timer_clear(engine->loop, &engine->again);
    loop_timer_clear(engine->loop, &engine->linger);
    database_forget(engine->parts.database, engine);
    metrics_remove(service_metrics(), &engine->numbers);
    catch_up_free(engine->catch_up);
    stored_check_free(engine->check);
    lease_free(engine->lease);
    deadline_clock_free(engine->clock);
    if (engine->source)
        event_source_close(engine->source);
    if (engine->persist)
        persist_link_close(engine->persist);
    decider_free(engine->decider);
    free(engine);
}
