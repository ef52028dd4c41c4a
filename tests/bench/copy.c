/* copy: what PostgreSQL itself takes, on one connection: the yardstick of the bench.
 *
 *   copy URL ROWS       rows/s of binary COPY of the log's own newest rows into a table like the log's, with its
 *                       indexes and partitions: at 1,000 rows a commit, and all in one transaction
 *   copy URL single N   microseconds of a commit of one such row, N times
 *
 * The rows are read first and written from memory; the table is emptied before each run. Prints "name value". */
#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_PER_COMMIT = 1000, HEADER_BYTES = 19 };

struct rows {
    struct bytes data;
    size_t *ends; /* of each row in data */
    size_t count, capacity;
};

static void stop(PGconn *session, const char *what)
{
    fprintf(stderr, "copy: %s: %s", what, PQerrorMessage(session));
    exit(1);
}

static void run(PGconn *session, const char *statement)
{
    PGresult *result = PQexec(session, statement);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        stop(session, statement);
    PQclear(result);
}

/* A copy of the log's table: same columns, same indexes, same partitions. */
static void table_make(PGconn *session)
{
    run(session, "SET client_min_messages = warning");
    run(session, "DROP SCHEMA IF EXISTS bellhop_bench CASCADE");
    run(session, "CREATE SCHEMA bellhop_bench");
    run(session,
        "CREATE TABLE bellhop_bench.event (LIKE bellhop_log.event INCLUDING ALL) PARTITION BY RANGE (id)");
    run(session,
        "DO $$ DECLARE part record; BEGIN FOR part IN "
        "SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i "
        "JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'bellhop_log.event'::regclass LOOP "
        "EXECUTE format('CREATE TABLE bellhop_bench.%I PARTITION OF bellhop_bench.event %s', part.name, "
        "part.bound); END LOOP; END $$");
}

/* The server sends one row a message; the first has the file's header before it, the last is the trailer. */
static void rows_read(PGconn *session, size_t most, struct rows *ret_rows)
{
    char query[256];
    snprintf(query, sizeof query,
             "COPY (SELECT * FROM bellhop_log.event ORDER BY seq DESC LIMIT %zu) TO STDOUT (FORMAT binary)",
             most);
    PQclear(PQexec(session, query));
    char *message;
    for (int size; (size = PQgetCopyData(session, &message, 0)) > 0; PQfreemem(message)) {
        size_t skipped = ret_rows->count == 0 ? HEADER_BYTES : 0;
        if ((size_t)size <= skipped + 2)
            continue;
        if (ret_rows->count == ret_rows->capacity) {
            ret_rows->capacity = ret_rows->capacity ? 2 * ret_rows->capacity : 1024;
            ret_rows->ends = memory_resize(ret_rows->ends, ret_rows->capacity * sizeof *ret_rows->ends);
        }
        bytes_append(&ret_rows->data, message + skipped, (size_t)size - skipped);
        ret_rows->ends[ret_rows->count++] = ret_rows->data.size;
    }
    PQclear(PQgetResult(session));
    if (ret_rows->count < most) {
        fprintf(stderr, "copy: the log holds %zu rows, %zu are wanted\n", ret_rows->count, most);
        exit(1);
    }
}

static void rows_write(PGconn *session, const struct rows *rows, size_t from, size_t to)
{
    static const char header[HEADER_BYTES] = "PGCOPY\n\377\r\n";
    static const char trailer[] = {(char)0xff, (char)0xff};
    size_t begin = from ? rows->ends[from - 1] : 0;
    PQclear(PQexec(session, "COPY bellhop_bench.event FROM STDIN (FORMAT binary)"));
    if (PQputCopyData(session, header, sizeof header) != 1 ||
        PQputCopyData(session, (const char *)rows->data.data + begin, (int)(rows->ends[to - 1] - begin)) !=
            1 ||
        PQputCopyData(session, trailer, sizeof trailer) != 1 || PQputCopyEnd(session, NULL) != 1)
        stop(session, "COPY");
    PGresult *result = PQgetResult(session);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        stop(session, "COPY");
    PQclear(result);
    PQclear(PQgetResult(session));
}

/* Rows a second. */
static double measure(PGconn *session, const struct rows *rows, size_t per_commit)
{
    run(session, "TRUNCATE bellhop_bench.event");
    int64_t began_us = clock_monotonic_us();
    for (size_t from = 0; from < rows->count; from += per_commit)
        rows_write(session, rows, from, from + per_commit < rows->count ? from + per_commit : rows->count);
    return (double)rows->count * 1e6 / (double)(clock_monotonic_us() - began_us);
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void measure_single(PGconn *session, const struct rows *rows)
{
    int64_t *latencies_us = memory_allocate(rows->count * sizeof *latencies_us);
    run(session, "TRUNCATE bellhop_bench.event");
    for (size_t i = 0; i < rows->count; i++) {
        int64_t began_us = clock_monotonic_us();
        rows_write(session, rows, i, i + 1);
        latencies_us[i] = clock_monotonic_us() - began_us;
    }
    qsort(latencies_us, rows->count, sizeof *latencies_us, compare);
    printf("single_p50_us %lld\n", (long long)latencies_us[rows->count / 2]);
    printf("single_p99_us %lld\n", (long long)latencies_us[rows->count * 99 / 100]);
    free(latencies_us);
}

int main(int argc, char **argv)
{
    bool is_single = argc == 4 && text_equal(argv[2], "single");
    size_t count = argc >= 3 ? strtoul(argv[argc - 1], NULL, 10) : 0;
    if (count == 0 || (argc != 3 && !is_single)) {
        fprintf(stderr, "usage: copy URL ROWS | copy URL single COUNT\n");
        return 2;
    }
    PGconn *session = PQconnectdb(argv[1]);
    if (PQstatus(session) != CONNECTION_OK)
        stop(session, "could not connect");
    struct rows rows = {0};
    rows_read(session, count, &rows);
    table_make(session);
    if (is_single) {
        measure_single(session, &rows);
    } else {
        printf("copy_per_s %.0f\n", measure(session, &rows, ROWS_PER_COMMIT));
        printf("copy_once_per_s %.0f\n", measure(session, &rows, rows.count));
    }
    run(session, "DROP SCHEMA bellhop_bench CASCADE");
    PQfinish(session);
    bytes_clear(&rows.data);
    free(rows.ends);
    return 0;
}
