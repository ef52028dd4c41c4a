/* committer: the state machine between commits and the writer. */
#include "services/persist/committer.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "services/persist/committer_numbers.h"
#include "services/persist/migrate.h"
#include "services/persist/source_keeper.h"

enum committer_step {
    COMMITTER_IDLE,    /* `storing` is empty */
    COMMITTER_FINDING, /* which of its ids are in the log */
    COMMITTER_STORING,
    COMMITTER_UNKNOWN, /* the session was lost: stored or not */
};

enum {
    PATIENCE_MS = 3000,           /* with an unknown outcome */
    FULL_BYTES = 8 * 1024 * 1024, /* of rows */
    TRIES_MOST = 5,
    HEALED_MS = 5000, /* without a failed transaction */
    SLOW_MS = 5000,   /* of one transaction */
    WATCH_MS = 1000,
};

struct committer {
    struct loop *loop;
    struct committer_calls calls;
    struct writer *writer;
    struct source_keeper *sources;
    struct recent *recent;
    struct rejected_quota *quota;
    struct commit *filling;
    struct commit *storing;
    struct commit *spare; /* empty, except while the senders of a stored one are answered */
    enum committer_step step;
    struct committer_place place;
    struct loop_timer patience;
    struct loop_timer watch; /* for a database that does not answer a transaction */
    int logged_version;      /* of the schema */
    int64_t batch_events;
    int64_t began_us;
    bool is_suspicious; /* the last commit had ids that were in the log: find first */
    bool is_unfinished; /* the storing commit was lost with an unknown outcome */
    bool is_failing;    /* transactions have failed, the last one at failed_ms */
    int64_t failed_ms;
    uint64_t lost_head; /* the head before it */
    struct committer_numbers numbers;
};

static void turn(void *owner);
static void store(struct committer *committer);

/* --- ends --- */

static void count(struct committer *committer, const struct commit *commit)
{
    struct committer_numbers *numbers = &committer->numbers;
    numbers->transactions++;
    numbers->events += event_rows_count(&commit->batch->events);
    numbers->decisions += commit->decision_count;
    for (size_t i = 0; i < commit->entry_count; i++) {
        numbers->duplicates += commit->entries[i].result == WIRE_RECEIPT__RESULT__DUPLICATE;
        numbers->conflicts += commit->entries[i].result == WIRE_RECEIPT__RESULT__CONFLICT;
    }
    numbers->head = (int64_t)committer->place.head;
    numbers->cursor = (int64_t)committer->place.cursor;
    numbers->not_kept = rejected_quota_exceeded(committer->quota);
    numbers->recent = (int64_t)recent_count(committer->recent);
    histogram_observe_us(&numbers->seconds, clock_monotonic_us() - committer->began_us);
}

/* The storing commit is over. */
static void end(struct committer *committer)
{
    committer->step = COMMITTER_IDLE;
    committer->is_unfinished = false;
    commit_reset(committer->storing);
}

/* What the log, the recent ids and the sources learn of a stored commit. */
static void learn(struct committer *committer, struct commit *commit)
{
    committer->place.head += event_rows_count(&commit->batch->events);
    commit_settle(commit, committer->recent, committer->place.epoch);
    committer->filling->now = clock_utc_us();
    commit_keep_conflicts(commit, committer->filling);
    source_keeper_note(committer->sources, commit->batch);
    if (commit->batch->upto != commit->batch->after)
        committer->place.cursor = commit->batch->upto;
    count(committer, commit);
}

/* PostgreSQL works on the next commit's rows while the senders of this one are answered. */
static void settle(struct committer *committer)
{
    struct commit *stored = committer->storing;
    struct committer_place before = committer->place;
    learn(committer, stored);
    committer->storing = committer->spare;
    committer->spare = stored;
    end(committer);
    if (!batch_is_empty(committer->filling->batch))
        turn(committer);
    committer->calls.on_stored(committer->calls.owner, stored, &before);
    commit_reset(stored);
}

static void abandon(struct committer *committer, struct commit *commit, const char *reason)
{
    if (commit_is_empty(commit))
        return;
    committer->numbers.abandoned++;
    commit_abandon(commit, committer->recent);
    committer->calls.on_abandoned(committer->calls.owner, commit, reason);
    commit_reset(commit);
}

/* Repeats in the filling commit may depend on events of the storing one: both are given up. */
static void abandon_all(struct committer *committer, const char *reason)
{
    abandon(committer, committer->storing, reason);
    abandon(committer, committer->filling, reason);
    source_keeper_write_all(committer->sources);
    end(committer);
}

static void lost_patience(void *owner)
{
    struct committer *committer = owner;
    if (committer->step == COMMITTER_UNKNOWN)
        abandon_all(committer, "database_away");
}

static void lose(struct committer *committer)
{
    committer->step = COMMITTER_UNKNOWN;
    committer->numbers.unknown++;
    loop_timer_set(committer->loop, &committer->patience, PATIENCE_MS);
}

/* A full disk fails a hundred transactions a second: only the beginning and the end are reported. */
static void fails(struct committer *committer, const char *why)
{
    char reason[WHY_SIZE];
    text_format(reason, sizeof reason, "transactions fail, their senders have to try again: %s", why);
    service_health_set("transactions", HEALTH_RED, reason);
    committer->is_failing = true;
    committer->failed_ms = loop_now_ms(committer->loop);
}

static void succeeds(struct committer *committer)
{
    if (!committer->is_failing || loop_now_ms(committer->loop) - committer->failed_ms < HEALED_MS)
        return;
    committer->is_failing = false;
    service_health_set("transactions", HEALTH_GREEN, "");
}

static void watch(void *owner)
{
    struct committer *committer = owner;
    bool is_under_way = committer->step == COMMITTER_FINDING || committer->step == COMMITTER_STORING;
    loop_timer_set(committer->loop, &committer->watch, WATCH_MS);
    if (!is_under_way || clock_monotonic_us() - committer->began_us < SLOW_MS * 1000)
        return;
    service_health_set(
        "transactions", HEALTH_RED,
        "the database does not answer a transaction and senders are waiting: look at the database, "
        "its disk and its locks");
    committer->is_failing = true;
    committer->failed_ms = loop_now_ms(committer->loop);
}

/* --- finding --- */

/* A transaction is stored whole or not at all: what was in the log before ours began is a repeat. */
static void on_found(void *owner, const struct writer_found *found, size_t count, const char *fault)
{
    struct committer *committer = owner;
    if (fault) {
        if (writer_state_of(committer->writer) != WRITER_READY)
            lose(committer);
        else
            abandon_all(committer, "database_failed");
        return;
    }
    struct commit_found *rows = memory_allocate(count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct commit_found){
            .row = found[i].row,
            .epoch = found[i].epoch,
            .seq = found[i].seq,
            .canonical = found[i].canonical,
            .recorded_at = found[i].recorded_at,
            .is_ours = committer->is_unfinished && found[i].seq > committer->lost_head,
        };
    committer->numbers.found += count;
    committer->is_suspicious = count > 0 && !committer->is_unfinished;
    commit_drop_found(committer->storing, committer->recent, rows, count);
    free(rows);
    store(committer);
}

static void find(struct committer *committer)
{
    committer->step = COMMITTER_FINDING;
    writer_find(committer->writer, committer->storing->batch, on_found, committer);
}

/* --- storing --- */

static void on_stored(void *owner, enum writer_result result, const char *why)
{
    struct committer *committer = owner;
    switch (result) {
    case WRITER_STORED:
        succeeds(committer);
        settle(committer);
        return;
    case WRITER_REPEATED:
        if (++committer->storing->tries < TRIES_MOST &&
            event_rows_count(&committer->storing->batch->events) > 0)
            find(committer);
        else
            abandon_all(committer, "database_failed");
        return;
    case WRITER_MOVED:
        log_warning("cursor-moved",
                    "decisions arrived for events that are already decided, their sender looks again",
                    FIELD("reason", why));
        abandon_all(committer, "database_failed");
        return;
    case WRITER_FAILED:
        fails(committer, why);
        abandon_all(committer, "database_failed");
        return;
    case WRITER_LOST:
        committer->is_unfinished = true;
        committer->lost_head = committer->place.head;
        lose(committer);
        return;
    }
}

static int64_t time_of_record(const struct committer *committer)
{
    int64_t now = clock_utc_us();
    return now > committer->place.recorded_at ? now : committer->place.recorded_at;
}

static void store(struct committer *committer)
{
    struct batch *batch = committer->storing->batch;
    if (batch_is_empty(batch)) {
        settle(committer); /* repeats only */
        return;
    }
    const struct batch_place place = {
        .epoch = committer->place.epoch,
        .first_seq = committer->place.head + 1,
        .recorded_at = time_of_record(committer),
    };
    committer->place.recorded_at = place.recorded_at;
    committer->step = COMMITTER_STORING;
    writer_store(committer->writer, batch, &place, on_stored, committer);
}

static void begin(struct committer *committer)
{
    committer->began_us = clock_monotonic_us();
    bool must_find = committer->is_suspicious || committer->storing->has_conflict;
    if (must_find && event_rows_count(&committer->storing->batch->events) > 0)
        find(committer);
    else
        store(committer);
}

/* At the end of every turn: everything that it brought is stored together. */
static void turn(void *owner)
{
    struct committer *committer = owner;
    if (committer->step != COMMITTER_IDLE || !writer_is_idle(committer->writer) ||
        !source_keeper_is_ready(committer->sources))
        return;
    source_keeper_write(committer->sources, committer->filling->batch, committer->place.head);
    if (commit_is_empty(committer->filling))
        return;
    struct commit *filled = committer->filling;
    committer->filling = committer->storing;
    committer->storing = filled;
    begin(committer);
}

/* --- the writer's state --- */

/* Was the commit stored that was under way when the session ended? The cursor shows it for its decisions, the ids for
 * its events. */
static void resume(struct committer *committer)
{
    struct batch *batch = committer->storing->batch;
    if (batch->upto != batch->after && committer->place.cursor >= batch->upto) {
        /* stored, and everything else with it; its events are found by their ids */
        bytes_reset(&batch->statements);
        batch->decision_count = 0;
        body_rows_reset(&batch->bodies);
        bytes_reset(&batch->decisions);
        batch->after = batch->upto;
    }
    committer->began_us = clock_monotonic_us();
    if (event_rows_count(&batch->events) > 0)
        find(committer);
    else
        store(committer);
}

static void ready(struct committer *committer, const struct writer_place *place)
{
    committer->numbers.takeovers++;
    committer->place = (struct committer_place){.epoch = place->epoch,
                                                .head = place->head,
                                                .cursor = place->cursor,
                                                .recorded_at = place->recorded_at};
    committer->numbers.epoch = place->epoch;
    committer->numbers.head = (int64_t)place->head;
    committer->numbers.cursor = (int64_t)place->cursor;
    loop_timer_clear(committer->loop, &committer->patience);
    source_keeper_begin(committer->sources, place->sources_seq, place->head);
}

static void on_state(void *owner, enum writer_state state, const struct writer_place *place, const char *why)
{
    struct committer *committer = owner;
    if (state == WRITER_READY)
        ready(committer, place);
    else
        abandon(committer, committer->filling, "database_away");
    committer->calls.on_state(committer->calls.owner, state, why);
    if (state == WRITER_READY && committer->step == COMMITTER_UNKNOWN)
        resume(committer);
}

static void on_schema(void *owner, const struct schema_result *result)
{
    struct committer *committer = owner;
    migrate_log(&committer->logged_version, result);
}

/* --- what others see --- */

struct committer *committer_open(struct loop *loop, const struct persist_config *config,
                                 const struct committer_calls *calls)
{
    struct committer *committer = NEW(committer);
    committer->loop = loop;
    committer->calls = *calls;
    committer->batch_events = config->batch_events;
    committer->recent = recent_new((size_t)config->recent_events, random_u64());
    committer->quota = rejected_quota_new((uint64_t)config->rejected_quota, random_u64());
    committer->filling = commit_new(committer->quota);
    committer->storing = commit_new(committer->quota);
    committer->spare = commit_new(committer->quota);
    committer->sources = source_keeper_open(loop, config);
    loop_timer_init(&committer->patience, lost_patience, committer);
    loop_timer_init(&committer->watch, watch, committer);
    loop_timer_set(loop, &committer->watch, WATCH_MS);
    loop_at_turn_end(loop, turn, committer);
    committer_numbers_register(&committer->numbers);
    const struct writer_calls writer_calls = {
        .on_state = on_state, .on_schema = on_schema, .owner = committer};
    committer->writer = writer_open(loop, config->database_url, &writer_calls);
    return committer;
}

void committer_close(struct committer *committer)
{
    metrics_remove(service_metrics(), &committer->numbers);
    loop_turn_end_remove(committer->loop, turn, committer);
    loop_timer_clear(committer->loop, &committer->watch);
    loop_timer_clear(committer->loop, &committer->patience);
    writer_close(committer->writer);
    source_keeper_close(committer->sources);
    commit_free(committer->filling);
    commit_free(committer->storing);
    commit_free(committer->spare);
    recent_free(committer->recent);
    rejected_quota_free(committer->quota);
    free(committer);
}

const char *committer_busy_reason(const struct committer *committer)
{
    switch (writer_state_of(committer->writer)) {
    case WRITER_AWAY:
        return "database_away";
    case WRITER_STANDBY:
        return "standby";
    case WRITER_UNSAFE:
        return "database_unsafe";
    case WRITER_REFUSED:
        return "schema_refused";
    case WRITER_READY:
        /* While the sources are being read, a little work may wait. */
        return committer_is_full(committer) && !source_keeper_is_ready(committer->sources) ? "starting"
                                                                                           : NULL;
    }
    return "database_away";
}

struct commit *committer_filling(struct committer *committer)
{
    committer->filling->now = clock_utc_us();
    return committer->filling;
}

struct recent *committer_recent(struct committer *committer)
{
    return committer->recent;
}

bool committer_is_full(const struct committer *committer)
{
    const struct commit *commit = committer->filling;
    return (int64_t)commit->entry_count >= committer->batch_events ||
           commit->batch->events.copy.size + commit->packed.size >= FULL_BYTES;
}

uint64_t committer_cursor_to_be(const struct committer *committer)
{
    const struct batch *filling = committer->filling->batch, *storing = committer->storing->batch;
    return filling->upto ? filling->upto : storing->upto ? storing->upto : committer->place.cursor;
}

void committer_note_rejected(struct committer *committer, const WireRejectedEvent *rejected)
{
    source_keeper_note_rejected(committer->sources, rejected, clock_utc_us());
}

bool committer_log_is_empty(const struct committer *committer)
{
    return committer->place.head == 0 && event_rows_count(&committer->storing->batch->events) == 0 &&
           event_rows_count(&committer->filling->batch->events) == 0;
}

const struct committer_place *committer_place(const struct committer *committer)
{
    return &committer->place;
}

void committer_drain(struct committer *committer, int64_t grace_ms)
{
    int64_t until_ms = clock_monotonic_ms() + grace_ms;
    while ((committer->step != COMMITTER_IDLE || !commit_is_empty(committer->filling)) &&
           clock_monotonic_ms() < until_ms)
        loop_turn(committer->loop, 50);
}
