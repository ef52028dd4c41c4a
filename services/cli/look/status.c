/* status (bellhop status): is everything there, and does it keep up? */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/door.h"
#include "common/store/read/status_reader.h"
#include "services/cli/log/reader.h"
#include "services/cli/look/look.h"
#include "services/cli/terminal/narrate.h"
#include "services/cli/terminal/table.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { KNOCK_MS = 2000, MOST_TROUBLED = 20, HEALTH_SIZE = 16 * 1024 };

/* What is asked of one service. */
struct knock {
    const char *name;
    const char *http;     /* its HTTP door, "": none */
    const char *endpoint; /* a socket it binds, NULL: none */
    bool is_up, is_well;
    char said[WHY_SIZE];
};

struct arguments {
    bool as_json;
};

struct report {
    bool as_json;
    bool is_red;
    bool is_blind; /* the database did not answer */
    struct knock knocks[4];
    struct status_page page; /* texts are copied below */
    char overdue_what[32], overdue_id[65];
    struct table *troubled;
    json_t *troubled_json;
};

/* --- services --- */

/* Is somebody listening? By a plain connection that says nothing. */
static int socket_knock(const struct sockaddr *address, socklen_t size)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int rc = connect(fd, address, size) == 0 ? 0 : -errno;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (rc == -EINPROGRESS) {
        socklen_t error_size = sizeof rc;
        if (poll(&wait, 1, KNOCK_MS) <= 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &rc, &error_size) < 0)
            rc = ETIMEDOUT;
        rc = -rc;
    }
    close(fd);
    return rc;
}

static int tcp_knock(const char *address)
{
    const char *colon = strrchr(address, ':');
    if (!colon)
        return -EINVAL;
    AUTO_TEXT char *host = memory_copy_text(address);
    host[colon - address] = 0;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return -EHOSTUNREACH;
    int rc = socket_knock(found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return rc;
}

static int endpoint_knock(const char *endpoint)
{
    if (text_starts_with(endpoint, "tcp://"))
        return tcp_knock(endpoint + strlen("tcp://"));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!text_starts_with(endpoint, "ipc://") ||
        !text_copy(address.sun_path, sizeof address.sun_path, endpoint + strlen("ipc://")))
        return -EINVAL;
    return socket_knock((const struct sockaddr *)&address, sizeof address);
}

/* The service's own words, from {"state":"yellow","parts":[{"name":…,"state":…,"reason":…}]}: "yellow: log:
 * no connection". */
static void health_read(const char *health, char *into, size_t size)
{
    json_t *all = json_loads(health, 0, NULL);
    AUTO_CLEAR(bytes) said = {.size = 0};
    const char *state = json_string_value(json_object_get(all, "state"));
    bytes_append_text(&said, state ? state : health);
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(all, "parts"), i, part)
    {
        const char *reason = json_string_value(json_object_get(part, "reason"));
        const char *name = json_string_value(json_object_get(part, "name"));
        if (name && reason && reason[0])
            bytes_append_format(&said, ": %s: %s", name, reason);
    }
    text_copy(into, size, bytes_text(&said));
    json_decref(all);
}

/* A service's own setting, 127.0.0.1:0, does not say where its door is. */
static bool has_door(const struct knock *knock)
{
    const char *colon = strrchr(knock->http, ':');
    return colon && !text_equal(colon, ":0");
}

static void service_knock(struct knock *knock)
{
    int rc = 0;
    char health[HEALTH_SIZE] = "";
    if (has_door(knock))
        rc = door_knock(knock->http, KNOCK_MS, health, sizeof health);
    else if (knock->endpoint)
        rc = endpoint_knock(knock->endpoint);
    knock->is_up = rc == 0 || rc == -EPROTO;
    knock->is_well = rc == 0;
    if (has_door(knock))
        health_read(health, knock->said, sizeof knock->said);
    else
        text_copy(knock->said, sizeof knock->said,
                  rc != 0           ? strerror(-rc)
                  : knock->endpoint ? "listening"
                                    : "nobody asked: it has no HTTP door set");
}

/* --- the log --- */

static void on_status(void *owner, const struct status_page *page)
{
    struct report *report = owner;
    report->page = *page;
    report->page.fault = NULL;
    if (page->fault) {
        command_complain("could not read the database: %s", page->fault);
        report->is_blind = true;
    }
    text_copy(report->overdue_what, sizeof report->overdue_what,
              page->overdue_what ? page->overdue_what : "");
    text_copy(report->overdue_id, sizeof report->overdue_id, page->overdue_id ? page->overdue_id : "");
    report->page.overdue_what = report->overdue_what;
    report->page.overdue_id = report->overdue_id;
}

static void on_troubled(void *owner, const struct troubled_page *page)
{
    struct report *report = owner;
    for (size_t i = 0; i < page->count; i++) {
        const struct troubled_source *source = &page->sources[i];
        char at[NARRATE_TIME_SIZE], seen[NARRATE_TIME_SIZE + 16], skew[48] = "", missing[64] = "";
        if (source->skew_ms)
            text_format(skew, sizeof skew, "%.1f s %s", (double)llabs(source->skew_ms) / 1000,
                        source->skew_ms > 0 ? "behind" : "ahead");
        if (source->missing)
            text_format(missing, sizeof missing, "%" PRIu64 ", from %" PRIu64, source->missing,
                        source->first_missing);
        text_format(seen, sizeof seen, "%s%s", narrate_time(source->last_seen_at, at),
                    source->is_silent ? ", silent since" : "");
        const char *const cells[] = {source->source, skew, missing, seen};
        table_add(report->troubled, cells);
        json_array_append_new(report->troubled_json,
                              json_pack("{s:s, s:I, s:I, s:s, s:b}", "source", source->source, "skew_ms",
                                        (json_int_t)source->skew_ms, "missing", (json_int_t)source->missing,
                                        "last_seen_at", at, "silent", source->is_silent));
    }
}

static int log_ask(struct reader *reader, struct report *report)
{
    status_read(reader_database(reader), on_status, report);
    status_read_troubled(reader_database(reader), MOST_TROUBLED, on_troubled, report);
    return reader_finish(reader, "");
}

/* --- telling --- */

static void services_print(const struct report *report)
{
    static const char *const titles[] = {"service", "state", "says", NULL};
    AUTO(table) *table = table_new(titles);
    for (size_t i = 0; i < COUNT_OF(report->knocks); i++) {
        const struct knock *knock = &report->knocks[i];
        const char *const cells[] = {knock->name,
                                     knock->is_well ? "well"
                                     : knock->is_up ? "RED"
                                                    : "AWAY",
                                     knock->said};
        table_add(table, cells);
    }
    table_print(table, stdout);
}

static int64_t lag_s(const struct report *report)
{
    return report->page.oldest_undecided_at ? (clock_utc_us() - report->page.oldest_undecided_at) / 1000000
                                            : 0;
}

static void log_print(const struct report *report)
{
    const struct status_page *page = &report->page;
    char at[NARRATE_TIME_SIZE];
    printf("\nlog        at %" PRIu32 "-%" PRIu64 ", last event %s\n", page->at.epoch, page->at.head,
           page->at.recorded_at ? narrate_time(page->at.recorded_at, at) : "never");
    printf("decided    to %" PRIu32 "-%" PRIu64 ", %" PRIu64 " events behind, %" PRId64 " s\n",
           page->at.epoch, page->at.cursor, page->at.head - page->at.cursor, lag_s(report));
    printf("open       %" PRIu64 " cases, %" PRIu64 " follow-ups", page->open_cases, page->open_follow_ups);
    if (page->next_due_at)
        printf("; next deadline %s", narrate_time(page->next_due_at, at));
    printf("\noverdue    %" PRIu64, page->overdue);
    if (page->overdue)
        printf(" RED: oldest is %s %s, due %s", page->overdue_what, page->overdue_id,
               narrate_time(page->overdue_due_at, at));
    printf("\nsources    %" PRIu64 ", %" PRIu64 " rejected events\n", page->sources, page->rejected_events);
    printf("streams    %" PRIu64 ", %" PRIu64 " dead letters\n", page->streams, page->dead_letters);
    if (table_rows(report->troubled) > 0) {
        printf("\n");
        table_print(report->troubled, stdout);
    }
}

static void json_print(const struct report *report)
{
    const struct status_page *page = &report->page;
    json_t *services = json_object();
    for (size_t i = 0; i < COUNT_OF(report->knocks); i++) {
        const struct knock *knock = &report->knocks[i];
        json_object_set_new(
            services, knock->name,
            json_pack("{s:b, s:b, s:s}", "up", knock->is_up, "well", knock->is_well, "says", knock->said));
    }
    json_t *all = json_pack(
        "{s:b, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "well", !report->is_red,
        "services", services, "epoch", (json_int_t)page->at.epoch, "head", (json_int_t)page->at.head,
        "cursor", (json_int_t)page->at.cursor, "lag_s", (json_int_t)lag_s(report), "open_cases",
        (json_int_t)page->open_cases, "open_follow_ups", (json_int_t)page->open_follow_ups, "next_due_at",
        (json_int_t)page->next_due_at, "overdue", (json_int_t)page->overdue, "sources",
        (json_int_t)page->sources, "rejected_events", (json_int_t)page->rejected_events, "dead_letters",
        (json_int_t)page->dead_letters, "troubled_sources", report->troubled_json);
    json_dumpf(all, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(all);
}

static int report_make(struct reader *reader, struct report *report)
{
    bool is_up = true;
    for (size_t i = 0; i < COUNT_OF(report->knocks); i++) {
        service_knock(&report->knocks[i]);
        is_up = is_up && report->knocks[i].is_up;
        report->is_red = report->is_red || !report->knocks[i].is_well;
    }
    int rc = log_ask(reader, report);
    report->is_blind |= rc != EXIT_DONE;
    report->is_red = report->is_red || report->is_blind || report->page.overdue > 0;
    if (report->as_json) {
        json_print(report);
    } else {
        services_print(report);
        if (!report->is_blind)
            log_print(report);
    }
    if (!is_up || report->is_blind)
        return EXIT_UNREACHABLE;
    return report->is_red ? EXIT_NEGATIVE : EXIT_DONE;
}

static int run(const struct command_call *call)
{
    static const char *const titles[] = {"source", "its clock is", "events missing", "last seen", NULL};
    const struct command_settings *settings = call->settings;
    struct report report = {
        .as_json = ((const struct arguments *)call->arguments)->as_json,
        .knocks = {{.name = "ingest", .http = settings->ingest_http, .endpoint = settings->publish},
                   {.name = "persist", .http = settings->persist_http, .endpoint = settings->append},
                   {.name = "escalate", .http = settings->escalate_http, .endpoint = NULL},
                   {.name = "relay", .http = settings->relay_http, .endpoint = settings->subscribe}},
        .troubled = table_new(titles),
        .troubled_json = json_array(),
    };
    int rc = report_make(call->reader, &report);
    table_free(report.troubled);
    json_decref(report.troubled_json);
    return rc;
}

static const struct option_row options[] = {
    {"json", 'j', NULL, "print one JSON object", option_read_switch, offsetof(struct arguments, as_json)},
    {0},
};

const struct command status_command = {
    .name = "status",
    .summary = "show how the services, the log and its deadlines are doing",
    .help = "Show how the cell is doing: each service, the log and how far it is decided, open and overdue "
            "deadlines, and sources whose clocks are wrong or whose events are missing. Times are UTC.\v"
            "Exit codes: 0 all is well, 1 something is red, 2 wrong usage, 3 a service or the database "
            "cannot be reached.",
    .options = options,
    COMMAND_ARGUMENTS(struct arguments, .as_json = false),
    .reads_log = true,
    .run = run,
};
