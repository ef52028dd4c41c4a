/* store_bench: the writer's speed beside PostgreSQL's own, on the same rows, in the same table.
 *
 *   store_bench URL copy ROWS PER_COMMIT     raw binary COPY, so many rows a commit (0: all in one): rows a
 * second store_bench URL writer ROWS PER_BATCH    the writer, its place and months kept: rows a second
 *   store_bench URL commit COUNT             one row a commit by raw COPY: microseconds
 *   store_bench URL single COUNT             one event a batch through the writer: microseconds
 *
 * The database is used by nobody else. Prints lines "name value". */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/store/session.h"
#include "common/store/writer.h"
#include "common/wire/canonical.h"
#include "common/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>

struct bench {
    struct loop *loop;
    struct session *session;
    struct writer *writer;
    struct batch *batch;
    struct batch_place place;
    struct uuid_minter minter;
    bool is_ready;
    bool is_busy;
};

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "store_bench: %s: %s\n", what, why ? why : "");
    exit(1);
}

/* --- rows --- */

static void add_event(struct bench *bench, size_t number)
{
    char interaction[32];
    snprintf(interaction, sizeof interaction, "visit-%zu", number / 4);
    int64_t now = clock_utc_us();
    struct uuid id = uuid_mint(&bench->minter, now);
    WireInteractionOpened opened = WIRE_INTERACTION_OPENED__INIT;
    opened.has_channel = true;
    opened.channel = WIRE_CHANNEL__COUNTER;
    WireEvent event = WIRE_EVENT__INIT;
    event.has_id = event.has_sequence = event.has_occurred_at = true;
    event.id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = id.bytes};
    event.source = (char *)"harbour/till-1";
    event.sequence = number + 1;
    event.incarnation = (char *)"a";
    event.occurred_at = now;
    event.store_id = (char *)"harbour";
    event.interaction_id = interaction;
    event.employee_id = (char *)"employee-17";
    event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
    event.interaction_opened = &opened;
    AUTO_CLEAR(bytes) canonical = {0};
    wire_event_canonical(&event, &canonical);
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    append.has_event = append.has_sent_at = append.has_occurred_at = true;
    append.event = wire_bytes(bytes_slice(&canonical));
    append.sent_at = append.occurred_at = now;
    event_rows_add(&bench->batch->events, &append, &event);
}

static void fill(struct bench *bench, size_t rows)
{
    batch_reset(bench->batch);
    for (size_t i = 0; i < rows; i++)
        add_event(bench, bench->place.first_seq + i);
}

/* --- raw COPY --- */

static void answered(void *owner, const struct session_answer *answer)
{
    struct bench *bench = owner;
    if (answer->fault)
        fail("a statement failed", answer->fault);
    bench->is_busy = false;
}

static void opened(void *owner)
{
    ((struct bench *)owner)->is_ready = true;
}

static void lost(void *owner, const char *why)
{
    (void)owner;
    fail("the session was lost", why);
}

static void wait_for(struct bench *bench, const bool *flag, bool value)
{
    while (*flag != value)
        loop_turn(bench->loop, 1000);
}

static void script(struct bench *bench, const char *sql, const struct slice *copies, size_t count)
{
    bench->is_busy = true;
    session_script(bench->session, sql, copies, count, answered, bench);
    wait_for(bench, &bench->is_busy, false);
}

static void copy_rows_of_batch(struct bench *bench)
{
    char sql[512];
    snprintf(sql, sizeof sql, "COPY bellhop_log.event (%s) FROM STDIN (FORMAT binary)", event_rows_columns);
    struct slice copy = bytes_slice(&bench->batch->events.copy);
    script(bench, sql, &copy, 1);
    bench->place.first_seq += bench->batch->events.count;
}

static void open_session(struct bench *bench, const char *url)
{
    const struct session_options options = {
        .url = url, .name = "store_bench", .setup = "SET statement_timeout = 0"};
    const struct session_calls calls = {.on_open = opened, .on_lost = lost, .owner = bench};
    bench->session = session_open(bench->loop, &options, &calls);
    wait_for(bench, &bench->is_ready, true);
    script(bench, "SELECT bellhop_log.add_month(date_trunc('month', now() AT TIME ZONE 'UTC')::date)", NULL,
           0);
}

/* Positions are unique for the index, beyond the log's own. */
static void bench_copy(struct bench *bench, size_t rows, size_t per_commit)
{
    int64_t spent_us = 0;
    bench->place = (struct batch_place){.epoch = 1, .first_seq = 1000000000, .recorded_at = clock_utc_us()};
    for (size_t done = 0; done < rows; done += per_commit) {
        fill(bench, per_commit);
        event_rows_position(&bench->batch->events, 1, bench->place.first_seq, bench->place.recorded_at);
        int64_t began_us = clock_monotonic_us();
        copy_rows_of_batch(bench);
        spent_us += clock_monotonic_us() - began_us;
    }
    printf("copy_rows_per_second %.0f\n", (double)rows * 1e6 / (double)spent_us);
}

/* --- the writer --- */

static void on_state(void *owner, enum writer_state state, const struct writer_place *place, const char *why)
{
    struct bench *bench = owner;
    if (state != WRITER_READY)
        fail(writer_state_name(state), why);
    bench->place = (struct batch_place){.epoch = place->epoch, .first_seq = place->head + 1};
    bench->is_ready = true;
}

static void stored(void *owner, enum writer_result result, const char *why)
{
    struct bench *bench = owner;
    if (result != WRITER_STORED)
        fail("not stored", why);
    bench->is_busy = false;
}

static void store(struct bench *bench)
{
    bench->is_busy = true;
    bench->place.recorded_at = clock_utc_us();
    writer_store(bench->writer, bench->batch, &bench->place, stored, bench);
    wait_for(bench, &bench->is_busy, false);
    bench->place.first_seq += bench->batch->events.count;
}

static void open_writer(struct bench *bench, const char *url)
{
    const struct writer_calls calls = {.on_state = on_state, .owner = bench};
    bench->writer = writer_open(bench->loop, url, &calls);
    wait_for(bench, &bench->is_ready, true);
}

static void bench_writer(struct bench *bench, size_t rows, size_t per_batch)
{
    int64_t spent_us = 0;
    for (size_t done = 0; done < rows; done += per_batch) {
        fill(bench, per_batch);
        int64_t began_us = clock_monotonic_us();
        store(bench);
        spent_us += clock_monotonic_us() - began_us;
    }
    printf("writer_rows_per_second %.0f\n", (double)rows * 1e6 / (double)spent_us);
}

/* --- one at a time --- */

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void bench_one_at_a_time(struct bench *bench, size_t count, bool through_writer)
{
    int64_t *spent_us = allocate(count * sizeof *spent_us);
    if (!through_writer)
        bench->place =
            (struct batch_place){.epoch = 1, .first_seq = 2000000000, .recorded_at = clock_utc_us()};
    for (size_t i = 0; i < count; i++) {
        fill(bench, 1);
        int64_t began_us = clock_monotonic_us();
        if (through_writer) {
            store(bench);
        } else {
            event_rows_position(&bench->batch->events, 1, bench->place.first_seq, bench->place.recorded_at);
            copy_rows_of_batch(bench);
        }
        spent_us[i] = clock_monotonic_us() - began_us;
    }
    qsort(spent_us, count, sizeof *spent_us, compare_times);
    const char *name = through_writer ? "single" : "commit";
    printf("%s_p50_us %lld\n%s_p99_us %lld\n", name, (long long)spent_us[count / 2], name,
           (long long)spent_us[count * 99 / 100]);
    free(spent_us);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage", "store_bench URL copy|writer|commit|single COUNT [PER_COMMIT]");
    struct bench bench = {.loop = loop_new(), .batch = batch_new()};
    const char *url = argv[1], *what = argv[2];
    size_t count = strtoul(argv[3], NULL, 10), each = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    bool is_raw = strcmp(what, "copy") == 0 || strcmp(what, "commit") == 0;
    if (is_raw)
        open_session(&bench, url);
    else
        open_writer(&bench, url);
    if (strcmp(what, "copy") == 0)
        bench_copy(&bench, count, each ? each : count);
    else if (strcmp(what, "writer") == 0)
        bench_writer(&bench, count, each ? each : 1000);
    else
        bench_one_at_a_time(&bench, count, !is_raw);
    session_free(bench.session);
    writer_free(bench.writer);
    batch_free(bench.batch);
    loop_free(bench.loop);
    return 0;
}
