/* log_stream: two COPYs in binary form, merged by position. */
#include "common/store/read/log_stream.h"

#include "common/base/memory.h"
#include "common/store/session/connection.h"
#include "common/store/session/result.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* One COPY … TO STDOUT, row by row. */
struct outflow {
    PGconn *connection;
    bool is_copying;
    bool is_begun;     /* the header was read */
    char *row;         /* libpq's; NULL: none at hand */
    struct slice left; /* of the row: what was not read yet */
};

struct log_stream {
    char *url;
    struct outflow events, decisions;
    bool has_decisions;
    uint64_t decision_seq; /* of the decision at hand */
    struct slice decision;
    WireLoggedEvent record;
    WirePosition position;
    struct slice *list; /* the decisions of the last event */
    char **rows;        /* and the rows they lie in */
    size_t count, capacity;
};

/* Rows come in index order: sorting a whole log would take the server's memory or disk. */
static const char stream_setup[] =
    "SET default_transaction_read_only = on; SET timezone = 'UTC'; SET jit = off; SET statement_timeout = 0;"
    " SET enable_sort = off; SET enable_bitmapscan = off; SET enable_seqscan = off";

/* --- one flow of rows --- */

static int fail(const struct outflow *flow, const char *what, char why[static WHY_SIZE])
{
    const char *message = flow->connection ? PQerrorMessage(flow->connection) : "";
    text_format(why, WHY_SIZE, "%s%s%.*s", what, *message ? ": " : "", (int)strcspn(message, "\n"), message);
    return -EIO;
}

static void flow_close(struct outflow *flow)
{
    PQfreemem(flow->row);
    PQfinish(flow->connection);
    *flow = (struct outflow){0};
}

static int run(struct outflow *flow, const char *sql, PGresult **ret_result, char why[static WHY_SIZE])
{
    PGresult *result = PQexec(flow->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_OUT) {
        PQclear(result);
        return fail(flow, "the server refused a query", why);
    }
    if (ret_result)
        *ret_result = result;
    else
        PQclear(result);
    return 0;
}

/* A session that is not copying; one that was left in the middle of a copy is closed. */
static int flow_open(struct outflow *flow, const char *url, char why[static WHY_SIZE])
{
    if (flow->is_copying || (flow->connection && PQstatus(flow->connection) != CONNECTION_OK))
        flow_close(flow);
    flow->is_begun = false;
    if (flow->connection)
        return 0;
    flow->connection = connection_open(url, "bellhop");
    if (!flow->connection || PQstatus(flow->connection) != CONNECTION_OK) {
        fail(flow, "could not connect", why);
        flow_close(flow);
        return -EIO;
    }
    return run(flow, stream_setup, NULL, why);
}

static int flow_copy(struct outflow *flow, const char *sql, char why[static WHY_SIZE])
{
    int rc = run(flow, sql, NULL, why);
    flow->is_copying = !rc;
    return rc;
}

static int flow_end(struct outflow *flow, char why[static WHY_SIZE])
{
    PGresult *result;
    int rc = 0;
    flow->is_copying = false;
    while ((result = PQgetResult(flow->connection))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            rc = fail(flow, "the server ended the copy early", why);
        PQclear(result);
    }
    return rc;
}

static bool read_bytes(struct slice *from, size_t size, struct slice *ret_bytes)
{
    if (from->size < size)
        return false;
    *ret_bytes = slice_of(from->data, size);
    *from = slice_of(from->data + size, from->size - size);
    return true;
}

/* A column; NULL is empty and has no data. */
static bool read_value(struct slice *row, struct slice *ret_value)
{
    struct slice length;
    *ret_value = slice_of(NULL, 0);
    if (!read_bytes(row, 4, &length))
        return false;
    int32_t size = (int32_t)bytes_get_u32(length.data);
    return size < 0 || read_bytes(row, (size_t)size, ret_value);
}

static int64_t number_of(struct slice value)
{
    return value.size == 8   ? (int64_t)bytes_get_u64(value.data)
           : value.size == 4 ? (int32_t)bytes_get_u32(value.data)
                             : 0;
}

/* The first row comes behind the header: a signature of 11 bytes, flags, and an extension with its length. */
static bool skip_header(struct outflow *flow)
{
    struct slice ignored, length;
    if (flow->is_begun)
        return true;
    flow->is_begun = true;
    return read_bytes(&flow->left, 15, &ignored) && read_bytes(&flow->left, 4, &length) &&
           read_bytes(&flow->left, bytes_get_u32(length.data), &ignored);
}

/* 1: a row with `columns` columns; 0: the end; -EIO. */
static int flow_next(struct outflow *flow, unsigned columns, char why[static WHY_SIZE])
{
    struct slice count;
    PQfreemem(TAKE(flow->row));
    int size = flow->is_copying ? PQgetCopyData(flow->connection, &flow->row, 0) : -1;
    if (size == -1)
        return flow->is_copying ? flow_end(flow, why) : 0;
    if (size < 0)
        return fail(flow, "the server ended the copy early", why);
    flow->left = slice_of(flow->row, (size_t)size);
    if (!skip_header(flow) || !read_bytes(&flow->left, 2, &count))
        return fail(flow, "the server's rows cannot be read", why);
    if (bytes_get_u16(count.data) == UINT16_MAX) /* the trailer */
        return flow_next(flow, columns, why);
    return bytes_get_u16(count.data) == columns ? 1 : fail(flow, "the server's rows cannot be read", why);
}

/* --- beginning --- */

struct log_stream *log_stream_new(const char *url)
{
    struct log_stream *stream = NEW(log_stream);
    stream->url = memory_copy_text(url);
    return stream;
}

static void forget_rows(struct log_stream *stream)
{
    for (size_t i = 0; i < stream->count; i++)
        PQfreemem(stream->rows[i]);
    stream->count = 0;
}

void log_stream_free(struct log_stream *stream)
{
    if (!stream)
        return;
    forget_rows(stream);
    flow_close(&stream->events);
    flow_close(&stream->decisions);
    free(stream->list);
    free(stream->rows);
    free(stream->url);
    free(stream);
}

static int read_head(struct log_stream *stream, struct log_head *ret_at, char why[static WHY_SIZE])
{
    PGresult *result = NULL;
    int rc = run(&stream->events,
                 "SELECT epoch, head, cursor, (extract(epoch FROM recorded_at) * 1000000)::bigint"
                 " FROM bellhop_log.head",
                 &result, why);
    if (rc)
        return rc;
    if (PQntuples(result) == 1)
        *ret_at = (struct log_head){
            .epoch = (uint32_t)strtoul(PQgetvalue(result, 0, 0), NULL, 10),
            .head = strtoull(PQgetvalue(result, 0, 1), NULL, 10),
            .cursor = strtoull(PQgetvalue(result, 0, 2), NULL, 10),
            .recorded_at = strtoll(PQgetvalue(result, 0, 3), NULL, 10),
        };
    else
        rc = fail(&stream->events, "the log has no head", why);
    PQclear(result);
    return rc;
}

/* What is decided no longer changes, so two sessions see the same of it. Events of one type are few: they are found by
 * a scan, and sorted. */
static int copy_events(struct log_stream *stream, const struct log_range *range, uint64_t upto,
                       char why[static WHY_SIZE])
{
    char sql[640], narrowed[64] = "";
    if (range->type)
        text_format(narrowed, sizeof narrowed, " AND type = %d", range->type);
    text_format(sql, sizeof sql,
                "SET enable_seqscan = %s; SET enable_sort = %s; COPY (SELECT epoch, seq, recorded_at, "
                "occurred_at, sent_at, skew_ms, event"
                " FROM bellhop_log.event WHERE seq > %" PRIu64 " AND seq <= %" PRIu64
                "%s ORDER BY seq) TO STDOUT (FORMAT binary)",
                range->type ? "on" : "off", range->type ? "on" : "off", range->after, upto, narrowed);
    return flow_copy(&stream->events, sql, why);
}

static int copy_decisions(struct log_stream *stream, const struct log_range *range, uint64_t upto,
                          char why[static WHY_SIZE])
{
    char sql[256];
    text_format(sql, sizeof sql,
                "COPY (SELECT seq, decision FROM bellhop_log.decision WHERE seq > %" PRIu64
                " AND seq <= %" PRIu64 " ORDER BY seq, ordinal) TO STDOUT (FORMAT binary)",
                range->after, upto);
    int rc = flow_open(&stream->decisions, stream->url, why);
    return rc ? rc : flow_copy(&stream->decisions, sql, why);
}

int log_stream_begin(struct log_stream *stream, const struct log_range *range, struct log_head *ret_at,
                     char why[static WHY_SIZE])
{
    forget_rows(stream);
    stream->has_decisions = false;
    int rc = flow_open(&stream->events, stream->url, why);
    if (!rc)
        rc = read_head(stream, ret_at, why);
    if (rc)
        return rc;
    bool is_alone = range->without_decisions || range->type;
    uint64_t upto = is_alone ? ret_at->head : ret_at->cursor;
    upto = range->upto && range->upto < upto ? range->upto : upto;
    rc = copy_events(stream, range, upto, why);
    if (rc || is_alone)
        return rc;
    rc = copy_decisions(stream, range, upto, why);
    stream->has_decisions = !rc;
    stream->decision_seq = 0;
    return rc;
}

/* --- reading --- */

static bool read_event(struct log_stream *stream)
{
    enum { EPOCH, SEQ, RECORDED_AT, OCCURRED_AT, SENT_AT, SKEW_MS, EVENT, COLUMNS };
    struct slice values[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        if (!read_value(&stream->events.left, &values[i]))
            return false;
    stream->position = position_message((struct position){.epoch = (uint32_t)number_of(values[EPOCH]),
                                                          .seq = (uint64_t)number_of(values[SEQ])});
    WireLoggedEvent *record = &stream->record;
    wire_logged_event__init(record);
    record->position = &stream->position;
    WIRE_SET(record, recorded_at, number_of(values[RECORDED_AT]) + STORE_TIME_ZERO);
    WIRE_SET(record, occurred_at, number_of(values[OCCURRED_AT]) + STORE_TIME_ZERO);
    record->has_sent_at = values[SENT_AT].data != NULL;
    record->sent_at = record->has_sent_at ? number_of(values[SENT_AT]) + STORE_TIME_ZERO : 0;
    record->has_skew_ms = values[SKEW_MS].data != NULL;
    record->skew_ms = number_of(values[SKEW_MS]);
    WIRE_SET(record, event, wire_bytes(values[EVENT]));
    return true;
}

/* The next decision at hand; at the end its position is beyond all events. */
static int next_decision(struct log_stream *stream, char why[static WHY_SIZE])
{
    struct slice seq;
    int rc = flow_next(&stream->decisions, 2, why);
    stream->decision_seq = UINT64_MAX;
    if (rc <= 0)
        return rc;
    if (!read_value(&stream->decisions.left, &seq) || !read_value(&stream->decisions.left, &stream->decision))
        return fail(&stream->decisions, "the server's rows cannot be read", why);
    stream->decision_seq = (uint64_t)number_of(seq);
    return 0;
}

static void keep_decision(struct log_stream *stream)
{
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity ? 2 * stream->capacity : 16;
        stream->list = memory_resize_array(stream->list, stream->capacity, sizeof *stream->list);
        stream->rows = memory_resize_array(stream->rows, stream->capacity, sizeof *stream->rows);
    }
    stream->list[stream->count] = stream->decision;
    stream->rows[stream->count++] = TAKE(stream->decisions.row);
}

static int gather_decisions(struct log_stream *stream, uint64_t seq, char why[static WHY_SIZE])
{
    int rc = 0;
    while (!rc && stream->decision_seq <= seq) {
        if (stream->decision_seq == seq)
            keep_decision(stream);
        rc = next_decision(stream, why);
    }
    return rc;
}

int log_stream_next(struct log_stream *stream, struct streamed_event *ret_event, char why[static WHY_SIZE])
{
    forget_rows(stream);
    int rc = flow_next(&stream->events, 7, why);
    if (rc <= 0)
        return rc;
    if (!read_event(stream))
        return fail(&stream->events, "the server's rows cannot be read", why);
    if (stream->has_decisions && (rc = gather_decisions(stream, stream->position.seq, why)))
        return rc;
    *ret_event =
        (struct streamed_event){.record = &stream->record, .decisions = stream->list, .count = stream->count};
    return 1;
}
