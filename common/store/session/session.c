/* session: the life of a libpq connection: connect, set up, idle, working, lost, again. */
#include "common/store/session/session.h"

#include "common/base/backoff.h"
#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"
#include "common/store/session/connection.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

enum session_state {
    SESSION_AWAY,       /* waiting for the next try */
    SESSION_CONNECTING, /* libpq says what it waits for */
    SESSION_SETTING_UP, /* the options' setup is the job */
    SESSION_IDLE,
    SESSION_WORKING,
};

struct session {
    struct loop *loop;
    struct session_calls calls;
    char *url;
    char *name;
    char *setup;
    int64_t answer_within_ms;

    PGconn *connection;
    struct loop_watch *watch;
    struct loop_timer timer; /* the next try, or the end of patience */
    enum session_state state;
    unsigned failures; /* in a row */

    /* the job */
    session_answered *answered;
    void *answer_owner;
    const struct slice *copies; /* not yet sent */
    size_t copy_count;
    PGresult *results[16];
    size_t result_count;
    char fault[WHY_SIZE];
    char sqlstate[6];
};

static const struct backoff session_backoff = {.first_ms = 100, .most_ms = 5000};
enum { CONNECT_WITHIN_MS = 5000 };

static void begin_connecting(struct session *session);
static void lose(struct session *session, const char *why);
static void pump(struct session *session);

/* libpq ends its messages with a line end, and some have several lines. */
static void copy_message(char *into, size_t size, const char *message)
{
    text_copy(into, size, message);
    size_t length = strlen(into);
    while (length > 0 && into[length - 1] == '\n')
        into[--length] = 0;
    for (char *at = into; *at; at++)
        if (*at == '\n')
            *at = ' ';
}

static void watch_for(struct session *session, unsigned events)
{
    loop_watch_events(session->loop, session->watch, events);
}

static void forget_results(struct session *session)
{
    for (size_t i = 0; i < session->result_count; i++)
        PQclear(session->results[i]);
    session->result_count = 0;
}

/* --- jobs --- */

static void begin_job(struct session *session, session_answered *answered, void *owner)
{
    session->answered = answered;
    session->answer_owner = owner;
    session->fault[0] = session->sqlstate[0] = 0;
    if (session->answer_within_ms)
        loop_timer_set(session->loop, &session->timer, session->answer_within_ms);
}

/* Call the job's owner. By then the session is ready for the next job. */
static void give_answer(struct session *session, bool is_lost)
{
    PGresult *results[COUNT_OF(session->results)];
    char fault[WHY_SIZE], sqlstate[6];
    size_t result_count = session->result_count;
    memcpy(results, session->results, sizeof results);
    memcpy(fault, session->fault, sizeof fault);
    memcpy(sqlstate, session->sqlstate, sizeof sqlstate);
    session->result_count = 0;
    session->copies = NULL;
    session->copy_count = 0;
    session_answered *answered = TAKE(session->answered);
    const struct session_answer answer = {
        .fault = fault[0] ? fault : NULL,
        .sqlstate = sqlstate,
        .is_lost = is_lost,
        .results = results,
        .result_count = result_count,
    };
    if (answered)
        answered(session->answer_owner, &answer);
    for (size_t i = 0; i < result_count; i++)
        PQclear(results[i]);
}

static void keep_error(struct session *session, const PGresult *result)
{
    if (session->fault[0])
        return; /* the first one is the reason for the others */
    copy_message(session->fault, sizeof session->fault, PQresultErrorMessage(result));
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    text_copy(session->sqlstate, sizeof session->sqlstate, sqlstate ? sqlstate : "");
    if (!session->fault[0])
        text_copy(session->fault, sizeof session->fault, "the server gave no reason");
}

static bool send_copy(struct session *session)
{
    if (session->copy_count == 0)
        return PQputCopyEnd(session->connection, "there is no data for this COPY") == 1;
    struct slice copy = *session->copies++;
    session->copy_count--;
    if (copy.size && PQputCopyData(session->connection, (const char *)copy.data, (int)copy.size) != 1)
        return false;
    return PQputCopyEnd(session->connection, NULL) == 1;
}

static bool keep_result(struct session *session, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK && session->result_count < COUNT_OF(session->results)) {
        session->results[session->result_count++] = result;
        return true;
    }
    bool is_fine = true;
    if (status == PGRES_COPY_IN)
        is_fine = send_copy(session);
    else if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
        keep_error(session, result);
    PQclear(result);
    return is_fine;
}

static void set_up(struct session *session);

static void end_job(struct session *session)
{
    loop_timer_clear(session->loop, &session->timer);
    if (session->state == SESSION_SETTING_UP) {
        forget_results(session);
        if (session->fault[0]) {
            char why[WHY_SIZE];
            text_copy(why, sizeof why, session->fault);
            lose(session, why);
            return;
        }
        session->state = SESSION_IDLE;
        session->calls.on_open(session->calls.owner);
        return;
    }
    session->state = SESSION_IDLE;
    if (!session->fault[0])
        session->failures = 0; /* connecting alone proves little: what comes first may fail each time */
    give_answer(session, false);
}

static bool is_working(const struct session *session)
{
    return session->state == SESSION_SETTING_UP || session->state == SESSION_WORKING;
}

/* Send what libpq holds back; false when the session is lost. */
static bool flush(struct session *session)
{
    int left = PQflush(session->connection);
    if (left < 0)
        return false;
    watch_for(session, LOOP_READABLE | (left ? LOOP_WRITABLE : 0));
    return true;
}

static void lose_connection(struct session *session)
{
    char why[WHY_SIZE];
    copy_message(why, sizeof why, PQerrorMessage(session->connection));
    lose(session, why[0] ? why : "the connection was closed");
}

/* Whatever the socket has brought. */
static void pump(struct session *session)
{
    if (!PQconsumeInput(session->connection)) {
        lose_connection(session);
        return;
    }
    while (is_working(session) && !PQisBusy(session->connection)) {
        PGresult *result = PQgetResult(session->connection);
        if (!result) {
            end_job(session);
            return;
        }
        bool is_copy = PQresultStatus(result) == PGRES_COPY_IN;
        if (!keep_result(session, result)) {
            lose_connection(session);
            return;
        }
        /* In the COPY state there is no next result before its data is on its way. */
        if (is_copy && !flush(session)) {
            lose_connection(session);
            return;
        }
    }
    if (PQstatus(session->connection) == CONNECTION_BAD)
        lose_connection(session);
}

/* --- connecting --- */

static void drop_connection(struct session *session)
{
    loop_watch_remove(session->loop, TAKE(session->watch));
    if (session->connection)
        PQfinish(TAKE(session->connection));
}

static void lose(struct session *session, const char *why)
{
    char reason[WHY_SIZE];
    text_copy(reason, sizeof reason, why);
    bool had_job = session->state == SESSION_WORKING;
    drop_connection(session);
    session->state = SESSION_AWAY;
    session->failures++;
    loop_timer_set(session->loop, &session->timer,
                   backoff_delay_ms(&session_backoff, session->failures, random_u64()));
    if (had_job) {
        text_copy(session->fault, sizeof session->fault, reason);
        give_answer(session, true);
    }
    forget_results(session);
    session->calls.on_lost(session->calls.owner, reason);
}

static void ready(void *owner, unsigned events);

/* libpq may have another socket after every step. */
static void poll_connection(struct session *session)
{
    loop_watch_remove(session->loop, TAKE(session->watch));
    PostgresPollingStatusType step = PQconnectPoll(session->connection);
    if (step == PGRES_POLLING_FAILED) {
        lose_connection(session);
        return;
    }
    unsigned events = step == PGRES_POLLING_WRITING ? LOOP_WRITABLE : LOOP_READABLE;
    session->watch =
        loop_descriptor_add(session->loop, PQsocket(session->connection), events, ready, session);
    if (step == PGRES_POLLING_OK)
        set_up(session);
}

static void set_up(struct session *session)
{
    session->state = SESSION_SETTING_UP;
    PQsetnonblocking(session->connection, 1);
    begin_job(session, NULL, NULL);
    if (!PQsendQuery(session->connection, session->setup) || !flush(session))
        lose_connection(session);
}

static void ready(void *owner, unsigned events)
{
    struct session *session = owner;
    if (session->state == SESSION_CONNECTING) {
        poll_connection(session);
        return;
    }
    if ((events & LOOP_WRITABLE) && !flush(session)) {
        lose_connection(session);
        return;
    }
    pump(session);
}

static void begin_connecting(struct session *session)
{
    session->connection = connection_begin(session->url, session->name);
    session->state = SESSION_CONNECTING;
    if (!session->connection || PQstatus(session->connection) == CONNECTION_BAD) {
        lose_connection(session);
        return;
    }
    session->watch =
        loop_descriptor_add(session->loop, PQsocket(session->connection), LOOP_WRITABLE, ready, session);
    loop_timer_set(session->loop, &session->timer, CONNECT_WITHIN_MS);
}

static void due(void *owner)
{
    struct session *session = owner;
    switch (session->state) {
    case SESSION_AWAY:
        begin_connecting(session);
        return;
    case SESSION_CONNECTING:
        lose(session, "no connection within 5 s");
        return;
    case SESSION_SETTING_UP:
    case SESSION_WORKING:
        lose(session, "no answer in time");
        return;
    case SESSION_IDLE:
        return;
    }
}

/* --- what owners see --- */

struct session *session_open(struct loop *loop, const struct session_options *options,
                             const struct session_calls *calls)
{
    struct session *session = NEW(session);
    session->loop = loop;
    session->calls = *calls;
    session->url = memory_copy_text(options->url);
    session->name = memory_copy_text(options->name);
    session->setup = memory_copy_text(options->setup);
    session->answer_within_ms = options->answer_within_ms;
    loop_timer_init(&session->timer, due, session);
    loop_timer_set(loop, &session->timer, 0);
    return session;
}

void session_close(struct session *session)
{
    loop_timer_clear(session->loop, &session->timer);
    drop_connection(session);
    forget_results(session);
    free(session->url);
    free(session->name);
    free(session->setup);
    free(session);
}

bool session_is_idle(const struct session *session)
{
    return session->state == SESSION_IDLE;
}

void session_restart(struct session *session, const char *why)
{
    if (session->state != SESSION_AWAY)
        lose(session, why);
}

/* The bytes of `value`, in `room` if it is a number. *ret_type is the parameter's type; 0 leaves it to the server. */
static struct slice value_bytes(const struct session_value *value, uint8_t room[static 8], Oid *ret_type)
{
    enum { BYTEA = 17, INT8 = 20, INT4 = 23 };
    switch (value->kind) {
    case VALUE_TEXT:
        *ret_type = 0;
        return slice_of_text(value->text);
    case VALUE_BYTES:
        *ret_type = BYTEA;
        return value->bytes;
    case VALUE_BIGINT:
        *ret_type = INT8;
        bytes_put_u64(room, (uint64_t)value->number);
        return slice_of(room, 8);
    case VALUE_INTEGER:
        *ret_type = INT4;
        bytes_put_u32(room, (uint32_t)value->number);
        return slice_of(room, 4);
    }
    assert(!"a value of no kind");
    return slice_of(NULL, 0);
}

/* A job that could not be sent is answered in a later turn, as a lost one. */
static void sent(struct session *session, bool is_sent)
{
    session->state = SESSION_WORKING;
    if (!is_sent || !flush(session))
        loop_timer_set(session->loop, &session->timer, 0);
}

void session_query(struct session *session, const char *sql, const struct session_value *values, size_t count,
                   session_answered *answered, void *owner)
{
    assert(session_is_idle(session) && count <= SESSION_VALUES_MOST);
    const char *data[SESSION_VALUES_MOST];
    uint8_t rooms[SESSION_VALUES_MOST][8];
    int sizes[SESSION_VALUES_MOST], formats[SESSION_VALUES_MOST];
    Oid types[SESSION_VALUES_MOST];
    for (size_t i = 0; i < count; i++) {
        struct slice bytes = value_bytes(&values[i], rooms[i], &types[i]);
        data[i] = bytes.data || values[i].kind == VALUE_TEXT ? (const char *)bytes.data : "";
        sizes[i] = (int)bytes.size;
        formats[i] = values[i].kind != VALUE_TEXT;
    }
    begin_job(session, answered, owner);
    sent(session,
         PQsendQueryParams(session->connection, sql, (int)count, types, data, sizes, formats, 1) == 1);
}

void session_script(struct session *session, const char *sql, const struct slice *copies, size_t copy_count,
                    session_answered *answered, void *owner)
{
    assert(session_is_idle(session));
    session->copies = copies;
    session->copy_count = copy_count;
    begin_job(session, answered, owner);
    sent(session, PQsendQuery(session->connection, sql) == 1);
}
