/* publishing: a client that tells what comes back. */
#include "services/cli/publish/publishing.h"

#include "common/base/clock.h"
#include "common/wire/json.h"
#include "common/wire/wire.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SKEW_TOLD_MS = 30000, MOST_WAITING = 2000, VERDICT_ARENA = 1 << 20 };

/* --- what comes back --- */

static const char *const result_words[] = {[BELLHOP_COMMITTED] = "committed",
                                           [BELLHOP_DUPLICATE] = "there already",
                                           [BELLHOP_CONFLICT] = "conflict",
                                           [BELLHOP_REJECTED] = "rejected"};

static void on_receipt(void *owner, const struct bellhop_receipt *receipt)
{
    struct publishing *publishing = owner;
    struct publishing_counts *counts = &publishing->counts;
    bool is_in = receipt->result == BELLHOP_COMMITTED || receipt->result == BELLHOP_DUPLICATE;
    counts->committed += receipt->result == BELLHOP_COMMITTED;
    counts->duplicates += receipt->result == BELLHOP_DUPLICATE;
    counts->refused += !is_in;
    char id[BELLHOP_ID_TEXT_SIZE];
    bellhop_id_format(receipt->event_id, id);
    if (publishing->as_json) {
        json_t *line = json_pack("{s:s, s:s}", "event_id", id, "result", result_words[receipt->result]);
        if (is_in)
            json_object_set_new(line, "position",
                                json_sprintf("%" PRIu32 "-%" PRIu64, receipt->epoch, receipt->seq));
        if (!is_in) {
            json_object_set_new(line, "reason", json_string(receipt->reason));
            json_object_set_new(line, "field", json_string(receipt->field));
            json_object_set_new(line, "explanation", json_string(receipt->explanation));
        }
        json_dumpf(line, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(line);
    } else if (!is_in) {
        command_complain("%s %s (%s%s%s): %s", id, result_words[receipt->result], receipt->reason,
                         receipt->field[0] ? ", " : "", receipt->field, receipt->explanation);
    } else if (publishing->is_single) {
        printf("%s at %" PRIu32 "-%" PRIu64 "  %s\n", result_words[receipt->result], receipt->epoch,
               receipt->seq, id);
    }
}

static void on_verdict(void *owner, const struct bellhop_verdict *verdict)
{
    struct publishing *publishing = owner;
    struct publishing_counts *counts = &publishing->counts;
    AUTO_CLEAR(bytes) line = {.size = 0};
    AUTO(arena) *arena = arena_new(VERDICT_ARENA);
    const WireVerdict *message = wire_unpack(&wire_verdict__descriptor,
                                             slice_of(verdict->message, verdict->message_size), arena, NULL);
    counts->verdicts++;
    counts->pending += verdict->outcome == BELLHOP_PENDING;
    if (!message)
        return;
    if (publishing->as_json) {
        wire_json_write(message, &line);
    } else {
        char id[BELLHOP_ID_TEXT_SIZE];
        bellhop_id_format(verdict->event_id, id);
        bytes_append_format(&line, "%s  ", id);
        narrate_verdict(message, &line);
    }
    puts(bytes_text(&line));
}

/* --- sending --- */

int publishing_send(struct publishing *publishing, const struct bellhop_event *event)
{
    struct bellhop_client *client = publishing->client;
    struct bellhop_status status;
    int rc;
    while ((rc = bellhop_status(client, &status)) == BELLHOP_OK && status.spooled >= MOST_WAITING)
        bellhop_process(client, 100);
    if (rc == BELLHOP_OK)
        rc = bellhop_publish(client, event, publishing->await_verdict ? BELLHOP_AWAIT_VERDICT : 0, NULL);
    if (rc == BELLHOP_OK)
        rc = bellhop_process(client, 0);
    return rc;
}

int publishing_await(struct publishing *publishing)
{
    struct bellhop_client *client = publishing->client;
    const struct publishing_counts *counts = &publishing->counts;
    int64_t ends_ms = clock_monotonic_ms() + publishing->timeout_ms;
    int rc = bellhop_flush(client, (int)publishing->timeout_ms);
    while (rc == BELLHOP_OK && publishing->await_verdict &&
           counts->verdicts < counts->committed + counts->duplicates && clock_monotonic_ms() < ends_ms)
        rc = bellhop_process(client, 50);
    struct bellhop_status status = {.clock = ""};
    bellhop_status(client, &status);
    if (llabs(status.skew_ms) > SKEW_TOLD_MS)
        command_complain("this machine's clock is %s the service's: the times of its events are corrected",
                         status.clock);
    if (status.spooled > 0) {
        bool is_silent = counts->committed + counts->duplicates + counts->refused == 0 && status.busy == 0;
        command_complain(
            "%" PRId64
            " events have no receipt%s%s; they may be in the log or not. Publish those with an id of "
            "their own again: the log takes an id only once",
            status.spooled, status.last_busy[0] ? ": " : "", status.last_busy);
        return is_silent ? EXIT_UNREACHABLE : EXIT_NO_ANSWER;
    }
    bool has_all = !publishing->await_verdict || counts->verdicts >= counts->committed + counts->duplicates;
    return has_all && counts->pending == 0 ? EXIT_DONE : EXIT_NO_ANSWER;
}

int publishing_open(struct publishing *publishing, const struct command_settings *settings,
                    const char *source)
{
    struct bellhop_options options = {
        .size = sizeof options,
        .publish_endpoint = settings->publish,
        .source = source ? source : settings->source,
        .owner = publishing,
        .on_receipt = on_receipt,
        .on_verdict = on_verdict,
    };
    if (bellhop_open(&options, &publishing->client) == BELLHOP_OK)
        return EXIT_DONE;
    command_complain("%s", bellhop_why(NULL));
    return EXIT_USAGE;
}

void publishing_close(struct publishing *publishing)
{
    bellhop_close(publishing->client);
    publishing->client = NULL;
}
