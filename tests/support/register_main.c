/* register_main: a point of sale for scenario tests, on the client library: publishes, and says what it
 * heard.
 *
 *   register SPOOL SOURCE COUNT [PAUSE_US]   take COUNT events in, one every PAUSE_US, then flush
 *   register SPOOL SOURCE remedy MINOR       ask for a remedy, say the verdict, then wait for the answer
 *
 * Prints a line for each event taken in ("taken ID"), each receipt ("committed ID", "duplicate ID" …),
 * verdict
 * ("verdict OUTCOME ID") and update ("answer GRANTED MINOR TEXT"), and in the end what it knows of its clock and of the
 * updates it hears ("clock 3600.0 s behind", "since MICROSECONDS"). Exit 0 when all was answered. */
#include "common/base/text.h"
#include "common/client/bellhop.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

static void say_id(const char *word, const uint8_t id[BELLHOP_ID_SIZE])
{
    char text[BELLHOP_ID_TEXT_SIZE];
    bellhop_id_format(id, text);
    printf("%s %s\n", word, text);
    fflush(stdout);
}

static void on_receipt(void *owner, const struct bellhop_receipt *receipt)
{
    static const char *const words[] = {"", "committed", "duplicate", "conflict", "rejected"};
    (void)owner;
    say_id(words[receipt->result], receipt->event_id);
}

static void on_update(void *owner, const struct bellhop_update *update)
{
    const struct bellhop_verdict_case *now = &update->case_now;
    printf("case %s %s %s\n", now->state, now->role, now->acknowledged_by);
    fflush(stdout);
    *(int *)owner += text_equal(now->state, "resolved") || text_equal(now->state, "overtaken");
    if (!update->answer.answer[0])
        return;
    printf("answer %s %lld %s\n", update->answer.answer, (long long)update->answer.amount_minor,
           update->answer.text);
    fflush(stdout);
}

static int complain(const char *what, int rc, const struct bellhop_client *client)
{
    fprintf(stderr, "register: could not %s: %s: %s\n", what, bellhop_error_text(rc), bellhop_why(client));
    return 1;
}

static struct bellhop_event *wait_event(int number)
{
    struct bellhop_event *event = bellhop_event_new("wait_reported");
    bellhop_event_set_text(event, "store_id", "17");
    bellhop_event_set_text(event, "interaction_id", "i-1");
    bellhop_event_set_text(event, "wait_reported.kind", "HOLD");
    bellhop_event_set_int(event, "wait_reported.duration_ms", number);
    return event;
}

static int publish_many(struct bellhop_client *client, int count, unsigned pause_us)
{
    for (int i = 0; i < count; i++) {
        uint8_t id[BELLHOP_ID_SIZE];
        struct bellhop_event *event = wait_event(i);
        int rc = bellhop_publish(client, event, 0, id);
        bellhop_event_free(event);
        if (rc != BELLHOP_OK)
            return complain("take an event in", rc, client);
        say_id("taken", id);
        rc = bellhop_process(client, 0);
        if (rc != BELLHOP_OK)
            return complain("publish", rc, client);
        usleep(pause_us);
    }
    int rc = bellhop_flush(client, PATIENCE_MS);
    return rc == BELLHOP_OK ? 0 : complain("flush", rc, client);
}

static int ask_for_remedy(struct bellhop_client *client, int minor, const int *updates)
{
    struct bellhop_event *event = bellhop_event_new("remedy_requested");
    bellhop_event_set_text(event, "store_id", "17");
    bellhop_event_set_text(event, "interaction_id", "i-1");
    bellhop_event_set_text(event, "employee_id", "mira");
    bellhop_event_set_text(event, "remedy_requested.remedy_id", "r-1");
    bellhop_event_set_text(event, "remedy_requested.kind", "REFUND");
    bellhop_event_set_int(event, "remedy_requested.amount.minor", minor);
    bellhop_event_set_text(event, "remedy_requested.amount.currency", "EUR");
    const struct bellhop_verdict *verdict;
    int rc = bellhop_ask(client, event, PATIENCE_MS, &verdict);
    bellhop_event_free(event);
    if (rc != BELLHOP_OK)
        return complain("ask", rc, client);
    printf("verdict %d %s\n", verdict->outcome, verdict->case_count ? verdict->cases[0].escalation_id : "-");
    fflush(stdout);
    bool is_open = verdict->outcome == BELLHOP_ESCALATED;
    while (is_open && *updates == 0) { /* as an event loop of the application's own would */
        struct pollfd ready = {.fd = bellhop_fd(client), .events = POLLIN};
        poll(&ready, 1, bellhop_wait_ms(client));
        if ((rc = bellhop_process(client, 0)) != BELLHOP_OK)
            return complain("wait for the answer", rc, client);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    int updates = 0;
    struct bellhop_options options = {.size = sizeof options,
                                      .spool_path = argv[1],
                                      .source = argv[2],
                                      .numbered = 1,
                                      .answer_timeout_ms = 1000,
                                      .owner = &updates,
                                      .on_receipt = on_receipt,
                                      .on_update = on_update};
    struct bellhop_client *client;
    int rc = bellhop_open(&options, &client);
    if (rc != BELLHOP_OK)
        return complain("open", rc, NULL);
    if (text_equal(argv[3], "remedy"))
        rc = ask_for_remedy(client, argc > 4 ? atoi(argv[4]) : 100, &updates);
    else
        rc = publish_many(client, atoi(argv[3]), argc > 4 ? (unsigned)atoi(argv[4]) : 0);
    struct bellhop_status status;
    if (bellhop_status(client, &status) == BELLHOP_OK)
        printf("clock %s\nsince %lld\n", status.clock, (long long)status.updates_since_at);
    bellhop_close(client);
    return rc;
}
