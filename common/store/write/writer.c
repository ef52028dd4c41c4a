/* writer: lock, look, migrate, take over, write. */
#include "common/store/write/writer.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/session/result.h"
#include "common/store/session/session.h"

#include <assert.h>
#include <stdlib.h>

#define WRITER_LOCK "7019338452125"

enum { LOOK_AGAIN_MS = 500 };

static const char *const writer_setup =
    "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET timezone = 'UTC'; "
    "SET idle_in_transaction_session_timeout = '30s'; "
    "SET client_min_messages = error; "
    "SET plan_cache_mode = force_generic_plan";

/* Every transaction begins with this statement: (epoch, head, new head, time of the last event, cursor, new cursor).
 * NULL for one of the last three changes nothing. */
static const char writer_statement[] =
    "PREPARE bellhop_write (integer, bigint, bigint, timestamptz, bigint, bigint) AS UPDATE bellhop_log.head "
    "h"
    " SET head = $3, recorded_at = coalesce($4, h.recorded_at), cursor = coalesce($6, h.cursor)"
    " WHERE bellhop_log.may_write(h, $1, $2, $5)";

struct writer {
    struct session *session;
    struct loop *loop;
    struct writer_calls calls;
    enum writer_state state;
    bool has_lock;
    uint32_t last_epoch; /* that this process wrote in */
    bool has_several_hosts;
    struct loop_timer again;
    struct schema *schema;

    /* the operation */
    writer_stored *stored;
    writer_found_rows *found;
    void *owner;
    const struct batch *batch;
    struct months months; /* that this session has found or made */
    struct bytes ids;
};

static void look(void *owner);

static void become(struct writer *writer, enum writer_state state, const struct writer_place *place,
                   const char *why)
{
    writer->state = state;
    writer->calls.on_state(writer->calls.owner, state, place, why);
}

static void look_again(struct writer *writer, enum writer_state state, const char *why)
{
    loop_timer_set(writer->loop, &writer->again, LOOK_AGAIN_MS);
    become(writer, state, NULL, why);
}

/* --- taking over, from the last step to the first --- */

/* After a fault the session begins again, once its back-off is over. */
static bool step_failed(struct writer *writer, const struct session_answer *answer)
{
    if (!answer->fault)
        return false;
    if (!answer->is_lost)
        session_restart(writer->session, answer->fault);
    return true;
}

static void took_over(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    if (step_failed(writer, answer))
        return;
    const PGresult *result = answer->results[0];
    const struct writer_place place = {
        .epoch = (uint32_t)result_number(result, 0, 0),
        .head = (uint64_t)result_number(result, 0, 1),
        .cursor = (uint64_t)result_number(result, 0, 2),
        .sources_seq = (uint64_t)result_number(result, 0, 3),
        .recorded_at = result_number(result, 0, 1) ? result_time(result, 0, 4) : 0,
    };
    writer->last_epoch = place.epoch;
    become(writer, WRITER_READY, &place, "");
}

static void has_raised(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    if (!step_failed(writer, answer))
        session_query(writer->session,
                      "SELECT epoch, head, cursor, sources_seq, recorded_at FROM bellhop_log.take_over()",
                      NULL, 0, took_over, writer);
}

/* A restored database has forgotten the epochs since its backup: none of them may come again, nor may the positions in
 * them. */
static void raise_epoch(struct writer *writer)
{
    session_query(writer->session, "UPDATE bellhop_log.head SET epoch = $1 WHERE epoch < $1",
                  &INTEGER_VALUE((int32_t)writer->last_epoch), 1, has_raised, writer);
}

static void has_prepared(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    if (!step_failed(writer, answer))
        raise_epoch(writer);
}

static void prepare(struct writer *writer)
{
    writer->months = (struct months){0};
    session_query(writer->session, writer_statement, NULL, 0, has_prepared, writer);
}

static void has_schema(void *owner, const struct schema_result *result)
{
    struct writer *writer = owner;
    if (result->is_refused) {
        become(writer, WRITER_REFUSED, NULL, result->fault);
    } else if (result->fault) {
        session_restart(writer->session, result->fault);
    } else {
        if (writer->calls.on_schema)
            writer->calls.on_schema(writer->calls.owner, result);
        prepare(writer);
    }
    schema_free(TAKE(writer->schema));
}

static void looked_at_settings(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    if (step_failed(writer, answer))
        return;
    const char *unsafe = result_text(answer->results[0], 0, 0);
    if (unsafe)
        look_again(writer, WRITER_UNSAFE, unsafe);
    else
        writer->schema = schema_apply(writer->session, has_schema, writer);
}

/* If a failover is possible, only what a standby has confirmed is safe. */
static void look_at_settings(struct writer *writer)
{
    session_query(writer->session,
                  "SELECT CASE WHEN pg_is_in_recovery() THEN 'the server is a read-only standby'"
                  " WHEN NOT current_setting('fsync')::boolean THEN 'fsync is off'"
                  " WHEN NOT current_setting('full_page_writes')::boolean THEN 'full_page_writes is off'"
                  " WHEN current_setting('synchronous_commit') = 'off' THEN 'synchronous_commit is off'"
                  " WHEN $1::int > 0 AND current_setting('synchronous_commit') = 'local'"
                  " THEN 'there are several hosts and synchronous_commit is local'"
                  " WHEN $1::int > 0 AND current_setting('synchronous_standby_names') = ''"
                  " THEN 'there are several hosts and synchronous_standby_names is empty' END",
                  &INTEGER_VALUE(writer->has_several_hosts), 1, looked_at_settings, writer);
}

static void asked_for_lock(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    if (step_failed(writer, answer))
        return;
    writer->has_lock = result_number(answer->results[0], 0, 0);
    if (writer->has_lock)
        look_at_settings(writer);
    else
        look_again(writer, WRITER_STANDBY, "another writer is at work");
}

/* The next step of a session that is not ready. */
static void look(void *owner)
{
    struct writer *writer = owner;
    if (!session_is_idle(writer->session) || writer->state == WRITER_READY || writer->state == WRITER_REFUSED)
        return;
    if (writer->has_lock)
        look_at_settings(writer);
    else
        session_query(writer->session, "SELECT pg_try_advisory_lock(" WRITER_LOCK ")", NULL, 0,
                      asked_for_lock, writer);
}

static void opened(void *owner)
{
    struct writer *writer = owner;
    writer->has_lock = false;
    look(writer);
}

static void lost(void *owner, const char *why)
{
    struct writer *writer = owner;
    writer->has_lock = false;
    loop_timer_clear(writer->loop, &writer->again);
    if (writer->state != WRITER_REFUSED)
        become(writer, WRITER_AWAY, NULL, why);
}

/* --- open and close --- */

static bool names_several_hosts(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool has_several = false;
    for (const PQconninfoOption *option = options; option && option->keyword; option++)
        if ((text_equal(option->keyword, "host") || text_equal(option->keyword, "hostaddr")) && option->val)
            has_several |= strchr(option->val, ',') != NULL;
    PQconninfoFree(options);
    return has_several;
}

struct writer *writer_open(struct loop *loop, const char *url, const struct writer_calls *calls)
{
    struct writer *writer = NEW(writer);
    writer->loop = loop;
    writer->calls = *calls;
    writer->has_several_hosts = names_several_hosts(url);
    loop_timer_init(&writer->again, look, writer);
    const struct session_options options = {
        .url = url, .name = "bellhop-persist", .setup = writer_setup, .answer_within_ms = 40000};
    const struct session_calls session_calls = {.on_open = opened, .on_lost = lost, .owner = writer};
    writer->session = session_open(loop, &options, &session_calls);
    return writer;
}

void writer_close(struct writer *writer)
{
    loop_timer_clear(writer->loop, &writer->again);
    session_close(writer->session);
    schema_free(writer->schema);
    bytes_clear(&writer->ids);
    free(writer);
}

enum writer_state writer_state_of(const struct writer *writer)
{
    return writer->state;
}

bool writer_is_idle(const struct writer *writer)
{
    return writer->state == WRITER_READY && session_is_idle(writer->session);
}

/* --- store --- */

static enum writer_result result_of(const struct session_answer *answer)
{
    if (!answer->fault)
        return WRITER_STORED;
    if (answer->is_lost)
        return WRITER_LOST;
    if (text_equal(answer->sqlstate, "23505"))
        return WRITER_REPEATED;
    if (text_equal(answer->sqlstate, "BH002"))
        return WRITER_MOVED;
    return WRITER_FAILED;
}

static void has_stored(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    enum writer_result result = result_of(answer);
    if (result == WRITER_STORED)
        months_learn(&writer->months, &writer->batch->events);
    else
        writer->months = (struct months){0};
    bool is_to_begin_anew = result == WRITER_FAILED && text_starts_with(answer->sqlstate, "BH");
    char why[WHY_SIZE];
    text_copy(why, sizeof why, answer->fault ? answer->fault : "");
    /* Taken over, or unsafe: begin again with the lock and the settings. */
    if (is_to_begin_anew)
        session_restart(writer->session, why);
    TAKE(writer->stored)(writer->owner, result, why);
}

void writer_store(struct writer *writer, struct batch *batch, const struct batch_place *place,
                  writer_stored *stored, void *owner)
{
    assert(writer_is_idle(writer));
    writer->stored = stored;
    writer->owner = owner;
    writer->batch = batch;
    struct batch_place known = *place;
    known.months = &writer->months;
    batch_compose(batch, &known);
    session_script(writer->session, bytes_text(&batch->sql), batch->copies, batch->copy_count, has_stored,
                   writer);
}

/* --- find --- */

static void has_found(void *owner, const struct session_answer *answer)
{
    struct writer *writer = owner;
    const PGresult *result = answer->fault ? NULL : answer->results[0];
    size_t count = result ? (size_t)PQntuples(result) : 0;
    struct writer_found *found = memory_allocate(count * sizeof *found);
    for (size_t i = 0; i < count; i++)
        found[i] = (struct writer_found){
            .row = (size_t)result_number(result, (int)i, 0),
            .seq = (uint64_t)result_number(result, (int)i, 1),
            .epoch = (uint32_t)result_number(result, (int)i, 2),
            .canonical = result_bytes(result, (int)i, 3),
            .recorded_at = result_time(result, (int)i, 4),
        };
    TAKE(writer->found)(writer->owner, found, count, answer->fault);
    free(found);
}

/* Ids are sent as an array of texts; the answer has the number of their row. */
void writer_find(struct writer *writer, const struct batch *batch, writer_found_rows *found, void *owner)
{
    assert(writer_is_idle(writer));
    writer->found = found;
    writer->owner = owner;
    AUTO_CLEAR(bytes) rows = {0};
    bytes_reset(&writer->ids);
    bytes_append_u8(&writer->ids, '{');
    bytes_append_u8(&rows, '{');
    for (size_t i = 0; i < batch->events.count; i++) {
        if (batch->events.rows[i].is_dropped)
            continue;
        char id[UUID_TEXT_SIZE];
        uuid_format(&batch->events.rows[i].id, id);
        bytes_append_format(&writer->ids, "%s%s", writer->ids.size > 1 ? "," : "", id);
        bytes_append_format(&rows, "%s%zu", rows.size > 1 ? "," : "", i);
    }
    bytes_append_u8(&writer->ids, '}');
    bytes_append_u8(&rows, '}');
    const struct session_value values[] = {TEXT_VALUE(bytes_text(&writer->ids)),
                                           TEXT_VALUE(bytes_text(&rows))};
    session_query(writer->session,
                  "SELECT w.place, e.seq, e.epoch, e.event, e.recorded_at FROM bellhop_log.event e"
                  " JOIN unnest($1::uuid[], $2::bigint[]) AS w (id, place) ON w.id = e.id"
                  " WHERE e.id = ANY ($1::uuid[])",
                  values, COUNT_OF(values), has_found, writer);
}
