/* desk: requests in, answers out. */
#include "services/persist/desk.h"

#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/link/link.h"
#include "common/store/read/log_reader.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "services/persist/announcer.h"
#include "services/persist/append_door.h"
#include "services/persist/committer.h"
#include "services/persist/leases.h"
#include "services/persist/storable.h"
#include "services/persist/verdicts.h"

enum {
    LEASES_MOST = 10000,
    SCRATCH_BYTES = 16 * 1024 * 1024, /* one event, decoded */
    RETRY_AFTER_MS = 200,
    STANDBY_PATIENCE_MS = 10000,
};

struct desk {
    struct loop *loop;
    const struct persist_config *config;
    struct link_context *links;
    struct append_door *door; /* NULL until the lock is held */
    struct committer *committer;
    struct verdicts *verdicts;
    struct announcer *announcer;
    struct database *database; /* for one question after a takeover */
    struct leases *leases;
    struct commit_receipts receipts;
    struct arena scratch;
    struct loop_timer displaced; /* we are bound, but another writer has the lock */
    bool is_paused;
    bool is_draining;
};

static bool reply_to(void *owner, const struct link_peer *peer, const WireAppendReply *reply)
{
    const struct desk *desk = owner;
    return desk->door && append_door_reply(desk->door, peer, reply);
}

/* --- greetings and leases --- */

static void on_hello(void *owner, const struct link_peer *peer, const WireHello *hello)
{
    struct desk *desk = owner;
    const struct committer_place *place = committer_place(desk->committer);
    if (hello->want_updates)
        verdicts_listen(desk->verdicts, peer);
    WireWelcome welcome = WIRE_WELCOME__INIT;
    WIRE_SET(&welcome, epoch, place->epoch);
    WIRE_SET(&welcome, head, place->head);
    WIRE_SET(&welcome, cursor, place->cursor);
    reply_to(desk, peer, REPLY(WELCOME, welcome, &welcome));
}

static void on_lease(void *owner, const struct link_peer *peer, const WireLeaseRequest *request)
{
    struct desk *desk = owner;
    const char *name = request->stream ? request->stream : "";
    const char *instance = request->instance ? request->instance : "";
    if (request->release) {
        leases_release(desk->leases, name, instance);
        return;
    }
    struct lease lease = leases_ask(desk->leases, name, instance, loop_now_ms(desk->loop));
    WireLeaseResult result = WIRE_LEASE_RESULT__INIT;
    WIRE_SET(&result, granted, lease.is_granted);
    result.holder = (char *)lease.holder;
    result.has_expires_ms = lease.holder != NULL;
    result.expires_ms = lease.expires_ms;
    result.stream = request->stream;
    reply_to(desk, peer, REPLY(LEASE, lease, &result));
}

/* --- events --- */

static void answer_append(struct desk *desk, const struct link_peer *peer, WireAppendResult *result)
{
    reply_to(desk, peer, REPLY(RESULT, result, result));
}

static void answer_busy(struct desk *desk, const struct link_peer *peer, uint64_t batch_id,
                        const char *reason)
{
    WireAppendResult result = WIRE_APPEND_RESULT__INIT;
    WIRE_SET(&result, batch_id, batch_id);
    WIRE_SET(&result, epoch, committer_place(desk->committer)->epoch);
    WIRE_SET(&result, retry_after_ms, RETRY_AFTER_MS);
    result.busy_reason = (char *)reason;
    answer_append(desk, peer, &result);
}

static const char *busy_reason(const struct desk *desk)
{
    return desk->is_draining ? "stopping" : committer_busy_reason(desk->committer);
}

/* Senders wait while the filling commit is full: the transaction under way ends soon. */
static void pause_when_full(struct desk *desk)
{
    bool is_full = committer_is_full(desk->committer) && !committer_busy_reason(desk->committer);
    if (is_full == desk->is_paused || !desk->door)
        return;
    desk->is_paused = is_full;
    append_door_pause(desk->door, is_full);
}

static void on_append(void *owner, const struct link_peer *peer, const WireAppendBatch *batch)
{
    struct desk *desk = owner;
    const char *busy = busy_reason(desk);
    for (size_t i = 0; i < batch->n_updates_for; i++)
        verdicts_want(desk->verdicts, batch->updates_for[i], peer);
    if (!busy && batch->n_events && committer_log_is_empty(desk->committer) &&
        !commit_begins_log(batch, &desk->scratch))
        busy = "no_policy";
    if (busy) {
        answer_busy(desk, peer, batch->batch_id, busy);
        return;
    }
    commit_add_append(committer_filling(desk->committer), committer_recent(desk->committer), peer, batch,
                      &desk->scratch);
    for (size_t i = 0; i < batch->n_rejected; i++)
        committer_note_rejected(desk->committer, batch->rejected[i]);
    pause_when_full(desk);
}

/* --- decisions and streams --- */

/* `reason` NULL: stored. */
static void answer_decisions(struct desk *desk, const struct link_peer *peer, uint64_t batch_id,
                             const char *reason)
{
    const struct committer_place *place = committer_place(desk->committer);
    WirePosition cursor = position_message((struct position){.epoch = place->epoch, .seq = place->cursor});
    WireDecisionResult result = WIRE_DECISION_RESULT__INIT;
    WIRE_SET(&result, batch_id, batch_id);
    WIRE_SET(&result, stored, !reason);
    result.reason = (char *)reason;
    result.cursor = &cursor;
    reply_to(desk, peer, REPLY(DECISIONS, decisions, &result));
}

static const char *decisions_refusal(struct desk *desk, const WireDecisionBatch *batch)
{
    const struct committer_place *place = committer_place(desk->committer);
    uint64_t after = batch->after ? batch->after->seq : 0;
    if (busy_reason(desk))
        return "busy";
    if (!leases_allow(desk->leases, "", batch->instance ? batch->instance : "", loop_now_ms(desk->loop)))
        return "no_lease";
    if (batch->upto && batch->upto->epoch > place->epoch)
        return "old_epoch";
    if (after != committer_cursor_to_be(desk->committer))
        return "cursor_moved";
    if (batch->upto && batch->upto->seq > place->head)
        return "beyond_head";
    return NULL;
}

static void on_decisions(void *owner, const struct link_peer *peer, const WireDecisionBatch *batch)
{
    struct desk *desk = owner;
    const char *refusal = decisions_refusal(desk, batch);
    if (!refusal && !commit_add_decisions(committer_filling(desk->committer), peer, batch, &desk->scratch)) {
        refusal = "malformed";
        log_error("decisions-malformed", "refused a malformed batch of decisions",
                  FIELD("instance", batch->instance), FIELD("decisions", batch->n_decisions));
    }
    if (refusal)
        answer_decisions(desk, peer, batch->batch_id, refusal);
    pause_when_full(desk);
}

static void answer_stream(struct desk *desk, const struct link_peer *peer, uint64_t write_id,
                          const char *reason)
{
    WireStreamResult result = WIRE_STREAM_RESULT__INIT;
    WIRE_SET(&result, write_id, write_id);
    WIRE_SET(&result, stored, !reason);
    result.reason = (char *)reason;
    reply_to(desk, peer, REPLY(STREAM, stream, &result));
}

static void on_stream(void *owner, const struct link_peer *peer, const WireStreamWrite *write)
{
    struct desk *desk = owner;
    enum wire_reason refused = storable_check_stream(write);
    const char *reason = NULL;
    if (busy_reason(desk))
        reason = "busy";
    else if (refused != WIRE_FINE)
        reason = wire_reason_word(refused);
    else if (!leases_allow(desk->leases, write->stream, write->instance ? write->instance : "",
                           loop_now_ms(desk->loop)))
        reason = "no_lease";
    if (reason)
        answer_stream(desk, peer, write->write_id, reason);
    else
        commit_add_stream(committer_filling(desk->committer), peer, write);
}

static void on_verdict_read(void *owner, const struct link_peer *peer, const WireVerdictRead *read)
{
    struct desk *desk = owner;
    verdicts_read(desk->verdicts, peer, read);
}

/* --- commits --- */

static void on_stored(void *owner, const struct commit *commit, const struct committer_place *before)
{
    struct desk *desk = owner;
    const struct committer_place *place = committer_place(desk->committer);
    for (size_t i = 0; i < commit->append_count; i++) {
        WireAppendResult result;
        commit_receipts(commit, &commit->appends[i], place->epoch, &desk->receipts, &result);
        answer_append(desk, &commit->appends[i].peer, &result);
    }
    for (size_t i = 0; i < commit->decider_count; i++)
        answer_decisions(desk, &commit->deciders[i].peer, commit->deciders[i].id, NULL);
    for (size_t i = 0; i < commit->stream_count; i++)
        answer_stream(desk, &commit->streams[i].peer, commit->streams[i].id, NULL);
    verdicts_note(desk->verdicts, commit, before, place);
    announcer_announce(desk->announcer, commit, before, place);
    pause_when_full(desk);
}

static void on_abandoned(void *owner, const struct commit *commit, const char *reason)
{
    struct desk *desk = owner;
    for (size_t i = 0; i < commit->append_count; i++)
        answer_busy(desk, &commit->appends[i].peer, commit->appends[i].batch_id, reason);
    for (size_t i = 0; i < commit->decider_count; i++)
        answer_decisions(desk, &commit->deciders[i].peer, commit->deciders[i].id, "busy");
    for (size_t i = 0; i < commit->stream_count; i++)
        answer_stream(desk, &commit->streams[i].peer, commit->streams[i].id, "busy");
}

/* When commits change places at the end of a turn, there may be room again. */
static void turn(void *owner)
{
    struct desk *desk = owner;
    pause_when_full(desk);
}

/* --- the writer's state --- */

static const struct append_door_calls desk_door_calls = {
    .on_hello = on_hello,
    .on_append = on_append,
    .on_decisions = on_decisions,
    .on_verdict_read = on_verdict_read,
    .on_lease = on_lease,
    .on_stream = on_stream,
};

/* The lock is ours. */
static void bind_doors(struct desk *desk)
{
    char why[WHY_SIZE];
    struct append_door_calls calls = desk_door_calls;
    calls.owner = desk;
    const char *append = config_append_bind(desk->config), *feed = config_feed_bind(desk->config);
    if (announcer_bind(desk->announcer, desk->links, feed, why, sizeof why) < 0) {
        log_error("feed-not-bound", "could not bind the feed, giving up", FIELD("endpoint", feed),
                  FIELD("reason", why));
        loop_stop(desk->loop, 1);
        return;
    }
    desk->door = append_door_open(desk->links, desk->loop, append, &calls, why, sizeof why);
    if (!desk->door) {
        log_error("append-not-bound", "could not bind the append door, giving up", FIELD("endpoint", append),
                  FIELD("reason", why));
        loop_stop(desk->loop, 1);
        return;
    }
    service_endpoint("append", append_door_endpoint(desk->door));
    service_endpoint("feed", announcer_endpoint(desk->announcer));
    service_ready();
}

/* When the first event beyond the cursor was recorded. */
static void on_undecided(void *owner, const struct log_page *page)
{
    struct desk *desk = owner;
    if (page->count)
        announcer_set_undecided(desk->announcer, page->events[0]->recorded_at);
}

static void writer_is_ready(struct desk *desk)
{
    const struct committer_place *place = committer_place(desk->committer);
    service_health_set("database", HEALTH_GREEN, "");
    log_info("writing", "took over the log", FIELD("epoch", place->epoch), FIELD("head", place->head),
             FIELD("cursor", place->cursor));
    announcer_begin(desk->announcer, place);
    if (place->cursor < place->head)
        log_read_events(desk->database, place->cursor, 1, on_undecided, desk);
    verdicts_begin(desk->verdicts, place);
}

/* We are bound, but another writer got the lock: after a while this process is restarted, as a standby. */
static void displaced(void *owner)
{
    struct desk *desk = owner;
    log_error("displaced", "another writer has taken over, stopping");
    loop_stop(desk->loop, 1);
}

static void on_state(void *owner, enum writer_state state, const char *why)
{
    struct desk *desk = owner;
    if (state != WRITER_STANDBY)
        loop_timer_clear(desk->loop, &desk->displaced);
    if ((state == WRITER_READY || state == WRITER_UNSAFE) && !desk->door)
        bind_doors(desk);
    switch (state) {
    case WRITER_READY:
        writer_is_ready(desk);
        return;
    case WRITER_STANDBY:
        service_health_set("database", desk->door ? HEALTH_RED : HEALTH_YELLOW,
                           "standing by: another writer is at work");
        if (desk->door && !loop_timer_is_set(&desk->displaced)) /* the state comes again and again */
            loop_timer_set(desk->loop, &desk->displaced, STANDBY_PATIENCE_MS);
        return;
    case WRITER_REFUSED:
        service_health_set("database", HEALTH_RED, why);
        log_error("schema-refused", "cannot write to this schema, giving up", FIELD("reason", why));
        loop_stop(desk->loop, 1);
        return;
    case WRITER_AWAY:
    case WRITER_UNSAFE:
        service_health_set("database", HEALTH_RED, why);
        return;
    }
}

/* --- open and close --- */

struct desk *desk_open(struct loop *loop, const struct persist_config *config)
{
    struct desk *desk = NEW(desk);
    desk->loop = loop;
    desk->config = config;
    desk->links = link_context_new();
    desk->leases = leases_new(LEASES_MOST, random_u64());
    arena_init(&desk->scratch, SCRATCH_BYTES);
    desk->announcer = announcer_new(loop);
    desk->verdicts = verdicts_open(loop, config->database_url, reply_to, desk);
    desk->database = database_open(loop, config->database_url, "bellhop-persist", NULL, NULL);
    loop_timer_init(&desk->displaced, displaced, desk);
    const struct committer_calls calls = {
        .on_state = on_state, .on_stored = on_stored, .on_abandoned = on_abandoned, .owner = desk};
    desk->committer = committer_open(loop, config, &calls);
    loop_at_turn_end(loop, turn, desk);
    return desk;
}

void desk_drain(struct desk *desk, int64_t grace_ms)
{
    desk->is_draining = true;
    committer_drain(desk->committer, grace_ms);
}

void desk_close(struct desk *desk)
{
    loop_turn_end_remove(desk->loop, turn, desk);
    loop_timer_clear(desk->loop, &desk->displaced);
    committer_close(desk->committer);
    database_close(desk->database);
    verdicts_close(desk->verdicts);
    announcer_close(desk->announcer);
    if (desk->door)
        append_door_close(desk->door);
    link_context_free(desk->links);
    leases_free(desk->leases);
    commit_receipts_clear(&desk->receipts);
    arena_clear(&desk->scratch);
    free(desk);
}
