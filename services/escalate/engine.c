/* engine: the phases, the lease, what is heard, opening and closing. */
#include "services/escalate/engine_state.h"

#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "services/escalate/snapshot.h"

#include <inttypes.h>

enum {
    TICK_MS = 1000,
    AGAIN_MS = 500,
    LEASE_ASK_MS = 1000,
};

static const struct metric engine_metrics[] = {
    METRIC(struct engine_numbers, started_anew, "bellhop_escalate_started_anew_total", "",
           "times the state was made anew"),
    METRIC(struct engine_numbers, in_flight, "bellhop_escalate_batches_in_flight", "",
           "batches on their way to persist"),
    METRIC(struct engine_numbers, is_deciding, "bellhop_escalate_deciding", "",
           "1 on the instance that decides, 0 on a standby"),
};

static void engine_begin(struct engine *engine);
static void engine_catch_up(struct engine *engine);

/* Nothing decided waits to be sent or stored. */
static bool engine_is_idle(const struct engine *engine)
{
    return engine->in_flight.count == 0 && decider_batch_events(engine->decider) == 0;
}

void engine_begin_anew(struct engine *engine, const char *reason)
{
    if (engine->must_begin_anew)
        return;
    log_warning("beginning-anew", "making the state anew from what is stored", FIELD("reason", reason));
    engine->must_begin_anew = true;
    engine->numbers.started_anew++;
    loop_timer_set(engine->loop, &engine->again, 0);
}

void engine_give_up(struct engine *engine, const char *why)
{
    log_error("log-unusable", "could not go on from what is stored, stopping", FIELD("reason", why));
    service_health_set("log", HEALTH_RED, why);
    loop_stop(engine->loop, 1);
}

/* --- beginning --- */

static void engine_use(struct engine *engine, struct fold *fold)
{
    decider_free(engine->decider);
    engine->decider = decider_new(fold, engine->parts.marker);
    decider_register(engine->decider, service_metrics());
    engine->snapshot_seq = fold_seq(fold);
    engine->has_begun_at_zero = fold_seq(fold) == 0;
}

static void engine_use_snapshot(struct engine *engine)
{
    char why[WHY_SIZE];
    struct fold *fold = snapshot_read(engine->parts.config->state_directory, random_u64(), why, sizeof why);
    if (fold)
        log_info("snapshot-read", "beginning from the snapshot", FIELD("seq", fold_seq(fold)));
    else if (*why)
        log_warning("snapshot-ignored", "could not use the snapshot, reading the whole log",
                    FIELD("reason", why));
    engine_use(engine, fold ? fold : fold_new(NULL, random_u64()));
}

/* The event that the state ends with must be the one that stands there in the log: a restored database may
 * have written another in its place. */
static void engine_on_identity(void *owner, const struct log_page *page)
{
    struct engine *engine = owner;
    if (page->fault) {
        loop_timer_set(engine->loop, &engine->again, AGAIN_MS);
        return;
    }
    bool is_same = page->count == 1 && page->events[0]->position->epoch == engine->asked_epoch;
    if (engine->phase == ENGINE_CHECKING) {
        if (!is_same) {
            log_warning("snapshot-ignored", "could not use the snapshot, it is of another log");
            snapshot_remove(engine->parts.config->state_directory);
            engine_use(engine, fold_new(NULL, random_u64()));
        }
        engine_catch_up(engine);
    } else if (!is_same) {
        snapshot_remove(engine->parts.config->state_directory);
        engine_begin_anew(engine, "the log is not the one it was");
    }
}

static void engine_check_identity(struct engine *engine)
{
    engine->asked_epoch = fold_epoch(decider_fold(engine->decider));
    log_read_events(engine->parts.database, decider_seq(engine->decider) - 1, 1, engine_on_identity, engine);
}

static void engine_begin(struct engine *engine)
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
        engine_check_identity(engine);
    else
        engine_catch_up(engine);
}

static void engine_on_again(void *owner)
{
    struct engine *engine = owner;
    if (engine->must_begin_anew)
        engine_begin(engine);
    else if (engine->phase == ENGINE_CHECKING)
        engine_check_identity(engine);
}

/* --- catching up, and what comes then --- */

static void engine_catch_up(struct engine *engine)
{
    engine->phase = ENGINE_CATCHING_UP;
    catch_up_start(engine->catch_up, engine->decider);
}

static void engine_set_ready(struct engine *engine)
{
    if (engine->is_ready)
        return;
    engine->is_ready = true;
    service_health_set("log", HEALTH_GREEN, "");
    service_ready();
}

static void engine_stand_by(struct engine *engine)
{
    engine->phase = ENGINE_STANDING_BY;
    event_source_stop(engine->source);
    deadline_clock_set(engine->clock, NULL, false);
    if (engine->is_lease_known)
        engine_set_ready(engine);
}

static void engine_decide(struct engine *engine)
{
    log_info("deciding", "deciding from here on", FIELD("seq", decider_seq(engine->decider)));
    engine->phase = ENGINE_DECIDING;
    deadline_clock_outage(engine->clock);
    event_source_start(engine->source, decider_seq(engine->decider));
}

static void engine_on_caught_up(void *owner)
{
    struct engine *engine = owner;
    if (!engine->has_lease)
        engine_stand_by(engine);
    else if (engine->has_looked)
        engine_decide(engine);
    else {
        engine->has_looked = true;
        engine_catch_up(engine);
    }
}

static void engine_on_broken(void *owner, const char *why)
{
    struct engine *engine = owner;
    if (engine->has_begun_at_zero) {
        engine_give_up(engine, why);
        return;
    }
    snapshot_remove(engine->parts.config->state_directory);
    engine_begin_anew(engine, why);
}

/* --- the lease --- */

static void engine_ask_lease(void *owner)
{
    struct engine *engine = owner;
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = engine->instance;
    persist_link_lease(engine->persist, &request);
    loop_timer_set(engine->loop, &engine->lease, LEASE_ASK_MS);
}

/* A standby may go on at once. */
static void engine_release_lease(struct engine *engine)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = engine->instance;
    request.has_release = request.release = true;
    if (engine->has_lease && persist_link_lease(engine->persist, &request))
        loop_turn(engine->loop, 0);
    engine->has_lease = false;
}

static void engine_on_lease(void *owner, const WireLeaseResult *result)
{
    struct engine *engine = owner;
    engine->is_lease_known = true;
    if (!result->granted && engine->phase == ENGINE_STANDING_BY)
        engine_set_ready(engine);
    if (result->granted == engine->has_lease)
        return;
    engine->has_lease = result->granted;
    engine->has_looked = false;
    if (result->granted)
        log_info("lease-granted", "this instance decides");
    else
        log_warning("lease-lost", "another instance decides, standing by", FIELD("holder", result->holder));
    if (result->granted && engine->phase == ENGINE_STANDING_BY)
        engine_catch_up(engine);
    else if (!result->granted && engine->phase == ENGINE_DECIDING && engine_is_idle(engine))
        engine_stand_by(engine);
    else if (!result->granted && engine->phase == ENGINE_DECIDING)
        engine_begin_anew(engine, "the lease was lost");
}

/* --- what is heard --- */

static void engine_hear_epoch(struct engine *engine, uint32_t epoch)
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
        engine_check_identity(engine);
}

static void engine_on_hint(void *owner, const WireFeed *hint)
{
    struct engine *engine = owner;
    engine->is_head_known = true;
    engine_hear_epoch(engine, hint->epoch);
    if (engine->phase == ENGINE_STANDING_BY && hint->cursor > decider_seq(engine->decider))
        engine_catch_up(engine);
}

static void engine_on_welcome(void *owner, const WireWelcome *welcome)
{
    struct engine *engine = owner;
    service_health_set("persist", HEALTH_GREEN, "");
    engine_hear_epoch(engine, welcome->epoch);
    engine_ask_lease(engine);
}

static void engine_on_lost(void *owner)
{
    struct engine *engine = owner;
    service_health_set("persist", HEALTH_YELLOW, "no connection to persist");
    deadline_clock_outage(engine->clock);
}

static void engine_on_silence(void *owner)
{
    struct engine *engine = owner;
    deadline_clock_outage(engine->clock);
}

/* --- turns and ticks --- */

static void engine_turn(void *owner)
{
    struct engine *engine = owner;
    if (engine->phase != ENGINE_DECIDING || engine->must_begin_anew)
        return;
    engine_send_in_time(engine);
    if (engine->wants_snapshot && engine_is_idle(engine)) {
        engine_write_snapshot(engine);
        event_source_pump(engine->source);
    }
    bool is_at_head = event_source_is_at_head(engine->source) && persist_link_is_connected(engine->persist) &&
                      !engine->is_stopping;
    deadline_clock_set(engine->clock, decider_fold(engine->decider), is_at_head);
    engine_propose(engine);
    if (fold_policy_version(decider_fold(engine->decider)) > 0)
        engine_set_ready(engine);
}

static void engine_on_lingered(void *owner)
{
    struct engine *engine = owner;
    bool may_send = engine->phase == ENGINE_DECIDING && !engine->must_begin_anew;
    if (may_send && decider_batch_events(engine->decider) > 0 && in_flight_has_room(&engine->in_flight))
        engine_send(engine);
}

static void engine_measure(void *numbers)
{
    struct engine *engine = CONTAINER_OF(numbers, struct engine, numbers);
    engine->numbers.in_flight = (int64_t)engine->in_flight.count;
    engine->numbers.is_deciding = engine->phase == ENGINE_DECIDING;
}

/* Of cases that nobody comes to, and of what could not be decided. */
static void engine_check_health(struct engine *engine)
{
    struct fold_counts counts;
    fold_count(decider_fold(engine->decider), &counts);
    service_health_set("attendance", counts.unattended ? HEALTH_RED : HEALTH_GREEN,
                       counts.unattended ? "a case is at the top, and nobody is home there" : "");
    if (decider_numbers(engine->decider)->quarantined)
        service_health_set("quarantine", HEALTH_RED, "an event could not be decided");
}

static void engine_tick(void *owner)
{
    struct engine *engine = owner;
    loop_timer_set(engine->loop, &engine->tick, TICK_MS);
    deadline_clock_check(engine->clock);
    engine_check_health(engine);
    engine_consider_snapshot(engine);
    const struct in_flight_batch *first = in_flight_first(&engine->in_flight);
    if (first && first->state == IN_FLIGHT_DOUBTED)
        stored_check_start(engine->check, &first->batch);
}

/* --- opening and closing --- */

static bool engine_connect(struct engine *engine, char *why, size_t why_size)
{
    const struct engine_parts *parts = &engine->parts;
    const struct persist_link_calls persist_calls = {
        .on_welcome = engine_on_welcome,
        .on_lost = engine_on_lost,
        .on_appended = engine_on_appended,
        .on_decided = engine_on_decided,
        .on_lease = engine_on_lease,
        .owner = engine,
    };
    const struct event_source_calls source_calls = {.on_event = engine_on_event,
                                                    .on_hint = engine_on_hint,
                                                    .on_silence = engine_on_silence,
                                                    .owner = engine};
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
    loop_timer_init(&engine->tick, engine_tick, engine);
    loop_timer_init(&engine->lease, engine_ask_lease, engine);
    loop_timer_init(&engine->again, engine_on_again, engine);
    loop_timer_init(&engine->linger, engine_on_lingered, engine);
    if (!engine_connect(engine, why, why_size))
        return NULL;
    const struct catch_up_calls catch_up_calls = {
        .on_done = engine_on_caught_up, .on_broken = engine_on_broken, .owner = engine};
    engine->catch_up = catch_up_new(engine->loop, parts->database, &catch_up_calls);
    engine->check = stored_check_new(parts->database, engine_on_checked, engine);
    engine->clock = deadline_clock_new(engine->loop, engine->persist, parts->config->grace.ms);
    service_health_set("log", HEALTH_YELLOW, "catching up with the log");
    engine_begin(engine);
    metrics_add_measured(service_metrics(), engine_metrics, COUNT_OF(engine_metrics), &engine->numbers,
                         engine_measure);
    loop_at_turn_end(engine->loop, engine_turn, engine);
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
    while (engine->phase == ENGINE_DECIDING && !engine->must_begin_anew && !engine_is_idle(engine) &&
           loop_now_ms(engine->loop) < end_ms)
        loop_turn(engine->loop, 100);
    bool is_settled =
        engine->phase == ENGINE_STANDING_BY || (engine->phase == ENGINE_DECIDING && engine_is_idle(engine));
    if (is_settled && !engine->must_begin_anew)
        engine_write_snapshot(engine);
    engine_release_lease(engine);
}

void engine_close(struct engine *engine)
{
    loop_turn_end_remove(engine->loop, engine_turn, engine);
    loop_timer_clear(engine->loop, &engine->tick);
    loop_timer_clear(engine->loop, &engine->lease);
    loop_timer_clear(engine->loop, &engine->again);
    loop_timer_clear(engine->loop, &engine->linger);
    database_forget(engine->parts.database, engine);
    metrics_remove(service_metrics(), &engine->numbers);
    catch_up_free(engine->catch_up);
    stored_check_free(engine->check);
    deadline_clock_free(engine->clock);
    event_source_free(engine->source);
    persist_link_free(engine->persist);
    decider_free(engine->decider);
    free(engine);
}
