/* import (bellhop import calls): a log of telephone calls becomes events, once, however often it is imported.
 *
 * The whole file is read and understood before anything is sent, so a bad row imports nothing. Rows are
 * published in the file's order, one request after the other: what is decided of a call may rest on the calls
 * before it. */
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/client/bellhop.h"
#include "common/wire/json.h"
#include "services/cli/publish/call.h"
#include "services/cli/publish/publish.h"
#include "services/cli/terminal/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    REQUEST_EVENTS = 500,
    MOST_WAITING = 4 * REQUEST_EVENTS,
    MOST_TOLD = 20,
    EVENT_ARENA = 16 * 1024,
    SILENCE_MS = 30000
};
enum { MOST_FILE_BYTES = 1 << 30 };

struct arguments {
    const char *path;
    const char *zone;
};

/* One call, and where the file has it. */
struct imported_call {
    struct call call;
    size_t line;
};

struct import {
    const char *path;
    struct zone zone;
    struct imported_call *calls;
    size_t count, capacity;
    size_t bad_rows, phantoms, negative_menus;
    size_t events;
    uint64_t committed, duplicates, refused;
    struct progress progress;
};

/* --- reading --- */

static void row_complain(struct import *import, const char *why)
{
    if (import->bad_rows++ < MOST_TOLD)
        command_complain("%s, %s", import->path, why);
}

static void call_add(struct import *import, const struct call *call, size_t line)
{
    if (call->outcome == CALL_PHANTOM) {
        import->phantoms++;
        return;
    }
    if (import->count == import->capacity) {
        import->capacity = 2 * import->capacity + 1024;
        import->calls = memory_resize_array(import->calls, import->capacity, sizeof *import->calls);
    }
    import->calls[import->count++] = (struct imported_call){.call = *call, .line = line};
    import->events += 2 + (call->vru_seconds >= 0) + (call->q_seconds > 0);
    import->negative_menus += call->vru_seconds < 0;
}

/* All rows, or as many complaints. */
static int rows_read(struct import *import, struct csv *csv)
{
    char why[WHY_SIZE];
    struct csv_row row;
    struct call_columns columns;
    int got = csv_next(csv, &row, why, sizeof why);
    if (got == 0)
        text_format(why, sizeof why, "the file is empty");
    if (got <= 0 || call_read_columns(&columns, &row, why, sizeof why) < 0) {
        row_complain(import, why);
        return EXIT_USAGE;
    }
    while ((got = csv_next(csv, &row, why, sizeof why)) > 0) {
        struct call call;
        if (call_read(&call, &columns, &row, why, sizeof why) < 0)
            row_complain(import, why);
        else
            call_add(import, &call, row.line);
    }
    if (got < 0)
        row_complain(import, why);
    return import->bad_rows == 0 ? EXIT_DONE : EXIT_USAGE;
}

static int calls_read(struct import *import)
{
    AUTO_CLEAR(bytes) file = {.size = 0};
    int rc = file_read_all(import->path, MOST_FILE_BYTES, &file);
    if (rc < 0) {
        command_complain("could not read \"%s\": %s", import->path,
                         rc == -EFBIG ? "it is larger than 1 GiB" : strerror(-rc));
        return EXIT_USAGE;
    }
    struct csv csv;
    csv_init(&csv, bytes_slice(&file));
    rc = rows_read(import, &csv);
    csv_clear(&csv);
    if (import->bad_rows > MOST_TOLD)
        command_complain("%s: %zu more rows cannot be read", import->path, import->bad_rows - MOST_TOLD);
    if (rc != EXIT_DONE)
        command_complain("nothing was imported");
    return rc;
}

/* --- publishing --- */

static void on_receipt(void *owner, const struct bellhop_receipt *receipt)
{
    struct import *import = owner;
    bool is_refused = receipt->result == BELLHOP_CONFLICT || receipt->result == BELLHOP_REJECTED;
    import->committed += receipt->result == BELLHOP_COMMITTED;
    import->duplicates += receipt->result == BELLHOP_DUPLICATE;
    if (is_refused && import->refused++ < MOST_TOLD) {
        char id[BELLHOP_ID_TEXT_SIZE];
        bellhop_id_format(receipt->event_id, id);
        command_complain("event %s was refused (%s%s%s): %s", id, receipt->reason,
                         receipt->field[0] ? ", " : "", receipt->field, receipt->explanation);
    }
}

static uint64_t answered(const struct import *import)
{
    return import->committed + import->duplicates + import->refused;
}

/* Drives the client until at most `most` events have no receipt. Gives up when nothing at all is answered for
 * a while. */
static int receipts_await(struct import *import, struct bellhop_client *client, int64_t most)
{
    struct bellhop_status status = {.spooled = 0};
    uint64_t seen = answered(import);
    int64_t since_ms = clock_monotonic_ms();
    while (bellhop_status(client, &status) == BELLHOP_OK && status.spooled > most) {
        if (bellhop_process(client, 100) != BELLHOP_OK)
            break;
        if (answered(import) != seen) {
            seen = answered(import);
            since_ms = clock_monotonic_ms();
            progress_update(&import->progress, seen);
        } else if (clock_monotonic_ms() - since_ms > SILENCE_MS) {
            break;
        }
    }
    if (status.spooled <= most)
        return EXIT_DONE;
    progress_end(&import->progress);
    command_complain("no answer for %d s%s%s", SILENCE_MS / 1000, status.last_busy[0] ? ": " : "",
                     status.last_busy);
    return seen == 0 && status.busy == 0 ? EXIT_UNREACHABLE : EXIT_NO_ANSWER;
}

static int event_publish(struct bellhop_client *client, const WireEvent *made, struct bytes *json)
{
    struct bellhop_event *event = NULL;
    bytes_reset(json);
    wire_json_write(made, json);
    int rc = bellhop_event_from_json((const char *)json->data, json->size, &event);
    if (rc == BELLHOP_OK)
        rc = bellhop_publish(client, event, 0, NULL);
    bellhop_event_free(event);
    return rc;
}

static int call_publish(struct import *import, struct bellhop_client *client,
                        const struct imported_call *imported, struct arena *arena, struct bytes *json)
{
    WireEvent *events[CALL_MOST_EVENTS];
    arena_reset(arena, 0);
    int count = call_make_events(&imported->call, &import->zone, arena, events);
    for (int i = 0; i < count; i++) {
        if (event_publish(client, events[i], json) != BELLHOP_OK) {
            const char *why = bellhop_why(client);
            command_complain("%s, line %zu: %s", import->path, imported->line,
                             why[0] ? why : bellhop_why(NULL));
            return EXIT_NEGATIVE;
        }
    }
    return count < 0 ? EXIT_NEGATIVE : receipts_await(import, client, MOST_WAITING);
}

static int calls_publish(struct import *import, struct bellhop_client *client)
{
    AUTO(arena) *arena = arena_new(EVENT_ARENA);
    AUTO_CLEAR(bytes) json = {.size = 0};
    int rc = EXIT_DONE;
    progress_begin(&import->progress, "importing calls", import->events);
    for (size_t i = 0; i < import->count && rc == EXIT_DONE; i++)
        rc = call_publish(import, client, &import->calls[i], arena, &json);
    if (rc == EXIT_DONE)
        rc = receipts_await(import, client, 0);
    progress_end(&import->progress);
    return rc;
}

/* --- what it was --- */

static void negative_menus_tell(const struct import *import)
{
    if (import->negative_menus == 0)
        return;
    printf("  %zu calls have a negative menu time; no menu is reported for them:\n", import->negative_menus);
    size_t told = 0;
    for (size_t i = 0; i < import->count && told < MOST_TOLD; i++) {
        const struct imported_call *imported = &import->calls[i];
        if (imported->call.vru_seconds >= 0)
            continue;
        printf("    line %zu: %s, %" PRId64 " s\n", imported->line, imported->call.interaction,
               imported->call.vru_seconds);
        told++;
    }
    if (import->negative_menus > told)
        printf("    and %zu more\n", import->negative_menus - told);
}

static void summary_tell(const struct import *import, int64_t took_ms, bool is_whole)
{
    printf("%zu calls in %s, %zu events: %" PRIu64 " new, %" PRIu64 " were there already, %" PRIu64
           " refused (%" PRId64 ".%03d s)\n",
           import->count, import->path, import->events, import->committed, import->duplicates,
           import->refused, took_ms / 1000, (int)(took_ms % 1000));
    if (import->phantoms > 0)
        printf("  %zu rows are PHANTOM, which the log itself says to ignore; they were skipped\n",
               import->phantoms);
    negative_menus_tell(import);
    if (!is_whole)
        printf("  %" PRIu64
               " events have no receipt: import the file again; what is already in the log is recognised\n",
               (uint64_t)import->events - answered(import));
    else if (import->events > 0 && import->duplicates == import->events)
        printf("  everything was there already: nothing was added\n");
}

static int import_all(const struct command_settings *settings, struct import *import)
{
    struct bellhop_options options = {
        .size = sizeof options,
        .publish_endpoint = settings->publish,
        .owner = import,
        .on_receipt = on_receipt,
        .request_events = REQUEST_EVENTS,
        .requests_in_flight = 1, /* order matters: a BUSY in the middle must not let later calls pass */
    };
    struct bellhop_client *client = NULL;
    int rc = calls_read(import);
    if (rc != EXIT_DONE)
        return rc;
    if (bellhop_open(&options, &client) != BELLHOP_OK) {
        command_complain("%s", bellhop_why(NULL));
        return EXIT_USAGE;
    }
    int64_t began_ms = clock_monotonic_ms();
    rc = calls_publish(import, client);
    bellhop_close(client);
    summary_tell(import, clock_monotonic_ms() - began_ms, rc == EXIT_DONE);
    return rc == EXIT_DONE && import->refused > 0 ? EXIT_NEGATIVE : rc;
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    struct import import = {.path = arguments->path};
    char why[WHY_SIZE];
    int rc = EXIT_USAGE;
    if (zone_read(&import.zone, arguments->zone, why, sizeof why) < 0)
        command_complain("--zone: %s", why);
    else
        rc = import_all(call->settings, &import);
    zone_clear(&import.zone);
    free(import.calls);
    return rc;
}

static void word_read(void *owner, const char *word, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    if (state->arg_num == 0 && !text_equal(word, "calls"))
        argp_error(state, "cannot import \"%s\", only calls", word);
    else if (state->arg_num == 1)
        arguments->path = word;
    else if (state->arg_num > 1)
        argp_error(state, "one FILE at a time: what is \"%s\"?", word);
}

static void check(void *owner, const struct argp_state *state)
{
    const struct arguments *arguments = owner;
    if (!arguments->path)
        argp_error(state, "which FILE?");
}

static const struct option_row options[] = {
    {"zone", 'z', "ZONE", "the time zone of the times in the file, such as Asia/Jerusalem (default UTC)",
     option_read_text, offsetof(struct arguments, zone)},
    {0},
};

const struct command import_command = {
    .name = "import",
    .summary = "import a log of telephone calls",
    .usage = "calls FILE.csv",
    .help = "Import a log of telephone calls, one row per call, in the format that the Technion publishes. "
            "Importing the same file again adds nothing.\v"
            "Exit codes: 0 everything is in the log, 1 some events were refused, 2 the file cannot be used "
            "(nothing was imported), 3 bellhop-ingest cannot be reached, 4 some events have no receipt "
            "(import the file again).",
    .options = options,
    .word = word_read,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .zone = "UTC"),
    .run = run,
};
