/* publish (bellhop publish): events from JSON lines, or one event from options. */
#include "common/base/auto.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/event.h"
#include "services/cli/publish/event_field.h"
#include "services/cli/publish/publish.h"
#include "services/cli/publish/publishing.h"
#include "services/cli/terminal/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FIELDS = 64, MOST_LABELS = 16, MOST_FILES = 256, LONG_FILE = 1 << 20 };

/* Of the event's body. */
struct field {
    const char *path, *value;
};

struct arguments {
    const char *files[MOST_FILES]; /* of JSON lines; none: standard input */
    size_t file_count;
    const char *type; /* of one event made from options, else NULL */
    const char *store, *interaction, *employee, *customer;
    struct field fields[MOST_FIELDS];
    size_t field_count;
    const char *labels[MOST_LABELS];
    size_t label_count;
    const char *source;
    int64_t occurred_at; /* 0: now */
    bool is_drill;
    bool check_only;
    struct publishing publishing;
    uint64_t lines, unusable; /* JSON lines read, and those of them that are no event */
};

/* --- one event from options --- */

static int envelope_set(struct bellhop_event *event, const struct arguments *arguments)
{
    const struct field fields[] = {
        {"store_id", arguments->store},
        {"interaction_id", arguments->interaction},
        {"employee_id", arguments->employee},
        {"customer_id", arguments->customer},
    };
    int rc = BELLHOP_OK;
    for (size_t i = 0; i < COUNT_OF(fields) && rc == BELLHOP_OK; i++)
        if (fields[i].value)
            rc = event_field_set(event, fields[i].path, fields[i].value);
    if (rc == BELLHOP_OK && arguments->occurred_at != 0)
        rc = bellhop_event_set_int(event, "occurred_at", arguments->occurred_at);
    if (rc == BELLHOP_OK && arguments->is_drill)
        rc = bellhop_event_set_int(event, "drill", 1);
    return rc;
}

static int label_add(struct bellhop_event *event, const char *label)
{
    const char *equals = strchr(label, '=');
    AUTO_TEXT char *name = memory_copy_text(label);
    name[equals - label] = 0;
    return bellhop_event_add_label(event, name, equals + 1);
}

/* NULL: an option cannot be used. */
static struct bellhop_event *event_of_options(const struct arguments *arguments)
{
    struct bellhop_event *event = bellhop_event_new(arguments->type);
    int rc = event ? envelope_set(event, arguments) : BELLHOP_INVALID;
    for (size_t i = 0; i < arguments->field_count && rc == BELLHOP_OK; i++)
        rc = event_field_set_body(event, arguments->type, arguments->fields[i].path,
                                  arguments->fields[i].value);
    for (size_t i = 0; i < arguments->label_count && rc == BELLHOP_OK; i++)
        rc = label_add(event, arguments->labels[i]);
    if (rc == BELLHOP_OK)
        return event;
    bellhop_event_free(event);
    return NULL;
}

static int options_publish(struct arguments *arguments)
{
    struct bellhop_event *event = event_of_options(arguments);
    struct bellhop_client *knows_why = NULL;
    int exit_code = event ? EXIT_NEGATIVE : EXIT_USAGE;
    int rc = event ? bellhop_event_check(event) : BELLHOP_INVALID;
    if (rc == BELLHOP_OK && !arguments->check_only) {
        knows_why = arguments->publishing.client;
        rc = publishing_send(&arguments->publishing, event);
    }
    if (rc != BELLHOP_OK)
        command_complain("%s", bellhop_why(knows_why));
    bellhop_event_free(event);
    return rc == BELLHOP_OK ? EXIT_DONE : exit_code;
}

/* --- JSON lines --- */

static void line_publish(struct arguments *arguments, const char *name, uint64_t number, const char *line,
                         size_t size)
{
    if (strspn(line, " \t\r\n") == size)
        return;
    arguments->lines++;
    struct bellhop_event *event = NULL;
    int rc = bellhop_event_from_json(line, size, &event);
    if (rc == BELLHOP_OK)
        rc = bellhop_event_check(event);
    const char *why = rc == BELLHOP_OK ? "" : bellhop_why(NULL);
    if (rc == BELLHOP_OK && !arguments->check_only) {
        rc = publishing_send(&arguments->publishing, event);
        why = bellhop_why(arguments->publishing.client);
    }
    if (rc != BELLHOP_OK) {
        command_complain("%s, line %" PRIu64 ": %s", name, number, why);
        arguments->unusable++;
    }
    bellhop_event_free(event);
}

/* Shows how far a long file has been read. */
static void long_file_begin(struct progress *progress, FILE *file)
{
    struct stat found;
    bool is_long = fstat(fileno(file), &found) == 0 && S_ISREG(found.st_mode) && found.st_size > LONG_FILE;
    progress_begin(progress, "publishing bytes", is_long ? (uint64_t)found.st_size : 0);
    progress->is_shown = progress->is_shown && is_long;
}

static bool stream_publish(struct arguments *arguments, FILE *file, const char *name)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    struct progress progress;
    uint64_t done = 0;
    long_file_begin(&progress, file);
    for (uint64_t number = 1; (size = getline(&line, &capacity, file)) >= 0; number++) {
        progress_update(&progress, done += (uint64_t)size);
        size -= size > 0 && line[size - 1] == '\n';
        line_publish(arguments, name, number, line, (size_t)size);
    }
    progress_end(&progress);
    free(line);
    return !ferror(file);
}

static int file_publish(struct arguments *arguments, const char *name)
{
    bool is_standard = text_equal(name, "-");
    FILE *file = is_standard ? stdin : fopen(name, "r");
    bool is_read = file && stream_publish(arguments, file, is_standard ? "standard input" : name);
    if (!is_read)
        command_complain("could not read \"%s\": %s", name, strerror(errno));
    if (file && !is_standard)
        fclose(file);
    return is_read ? EXIT_DONE : EXIT_USAGE;
}

static int lines_publish(struct arguments *arguments)
{
    if (arguments->file_count == 0)
        return file_publish(arguments, "-");
    int rc = EXIT_DONE;
    for (size_t i = 0; i < arguments->file_count && rc == EXIT_DONE; i++)
        rc = file_publish(arguments, arguments->files[i]);
    return rc;
}

static void summary_print(const struct arguments *arguments)
{
    const struct publishing_counts *counts = &arguments->publishing.counts;
    if (arguments->check_only && !arguments->type)
        fprintf(stderr, "%" PRIu64 " events checked, %" PRIu64 " cannot be accepted; nothing was sent\n",
                arguments->lines, arguments->unusable);
    else if (!arguments->type)
        fprintf(stderr,
                "%" PRIu64 " events: %" PRIu64 " committed, %" PRIu64 " there already, %" PRIu64 " refused\n",
                arguments->lines, counts->committed, counts->duplicates,
                counts->refused + arguments->unusable);
}

static int run(const struct command_call *call)
{
    struct arguments *arguments = call->arguments;
    struct publishing *publishing = &arguments->publishing;
    int rc =
        arguments->check_only ? EXIT_DONE : publishing_open(publishing, call->settings, arguments->source);
    if (rc != EXIT_DONE)
        return rc;
    rc = arguments->type ? options_publish(arguments) : lines_publish(arguments);
    int awaited = arguments->check_only ? EXIT_DONE : publishing_await(publishing);
    publishing_close(publishing);
    summary_print(arguments);
    if (rc == EXIT_DONE)
        rc = awaited;
    if (rc == EXIT_DONE && arguments->unusable + publishing->counts.refused > 0)
        rc = EXIT_NEGATIVE;
    return rc;
}

/* --- arguments --- */

/* Where NAME=VALUE has its sign. */
static char *equals_of(const struct option_row *option, const char *value, const struct argp_state *state)
{
    char *equals = strchr(value, '=');
    if (!equals || equals == value)
        argp_error(state, "--%s \"%s\": expected a name, an equals sign and a value", option->name, value);
    return equals;
}

static void read_set(const struct option_row *option, const char *value, void *owner,
                     const struct argp_state *state)
{
    struct arguments *arguments = owner;
    char *equals = equals_of(option, value, state);
    if (arguments->field_count == MOST_FIELDS)
        argp_error(state, "more than %d fields", MOST_FIELDS);
    *equals = 0;
    arguments->fields[arguments->field_count++] = (struct field){.path = value, .value = equals + 1};
}

static void read_label(const struct option_row *option, const char *value, void *owner,
                       const struct argp_state *state)
{
    struct arguments *arguments = owner;
    equals_of(option, value, state);
    if (arguments->label_count == MOST_LABELS)
        argp_error(state, "more than %d labels", MOST_LABELS);
    arguments->labels[arguments->label_count++] = value;
}

static void file_add(void *owner, const char *name, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    if (arguments->file_count == MOST_FILES)
        argp_error(state, "more than %d files", MOST_FILES);
    arguments->files[arguments->file_count++] = name;
}

static bool has_event_options(const struct arguments *arguments)
{
    return arguments->store || arguments->interaction || arguments->employee || arguments->customer ||
           arguments->field_count || arguments->label_count || arguments->occurred_at || arguments->is_drill;
}

static void check(void *owner, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    bool names_type =
        arguments->file_count == 1 && wire_event_type_find(arguments->files[0]) != WIRE_EVENT__BODY__NOT_SET;
    if (names_type)
        arguments->type = arguments->files[0];
    else if (has_event_options(arguments))
        argp_error(state,
                   "\"%s\" is no type of event (proto/README.md lists them): these options need one, as in "
                   "`%s complaint --store s1 --set about=PRICE`",
                   arguments->file_count ? arguments->files[0] : "", state->name);
    arguments->publishing.is_single = names_type;
}

static const struct option_row options[] = {
    {"await-verdict", 'w', NULL, "wait for what is decided, and print it", option_read_switch,
     offsetof(struct arguments, publishing.await_verdict)},
    {"check", 'c', NULL, "only check whether the events would be accepted; send nothing", option_read_switch,
     offsetof(struct arguments, check_only)},
    {"json", 'j', NULL, "print receipts and verdicts as JSON, one per line", option_read_switch,
     offsetof(struct arguments, publishing.as_json)},
    {"timeout", 0, "TIME", "how long to wait for receipts and verdicts (default 10s)",
     option_read_duration_ms, offsetof(struct arguments, publishing.timeout_ms)},
    {"source", 0, "SOURCE", "the source of events that name none (default BELLHOP_SOURCE)", option_read_text,
     offsetof(struct arguments, source)},
    {.help = "One event from options:", .group = 1},
    {"store", 's', "STORE", "store_id", option_read_text, offsetof(struct arguments, store), 1},
    {"interaction", 'i', "ID", "interaction_id", option_read_text, offsetof(struct arguments, interaction),
     1},
    {"employee", 'e', "EMPLOYEE", "employee_id", option_read_text, offsetof(struct arguments, employee), 1},
    {"customer", 'u', "CUSTOMER", "customer_id", option_read_text, offsetof(struct arguments, customer), 1},
    {"set", 'S', "FIELD=VALUE",
     "a field of the body, such as remedy_id=r1, amount.minor=4000 or lines.0.product_id=p7", read_set, 0, 1},
    {"at", 0, "TIME", "when it happened, such as 2026-03-02T10:00:00Z (default now)", option_read_time,
     offsetof(struct arguments, occurred_at), 1},
    {"label", 0, "NAME=VALUE", "a label of your own; at most 16", read_label, 0, 1},
    {"drill", 0, NULL, "an exercise: it counts for nothing", option_read_switch,
     offsetof(struct arguments, is_drill), 1},
    {0},
};

const struct command publish_command = {
    .name = "publish",
    .summary = "publish events from JSON lines, or one from options",
    .usage = "[FILE...]\nTYPE [OPTION...]",
    .help =
        "Publish events: from FILEs or standard input, one JSON object per line (with the names of "
        "proto/bellhop/v1/event.proto), or one event of TYPE, such as remedy_requested, made from options.\v"
        "Example: bellhop publish remedy_requested --store s1 --interaction i1 --employee e1 --set "
        "remedy_id=r1 --set kind=REFUND --set amount.minor=4000 --set amount.currency=EUR "
        "--await-verdict\n\n"
        "Exit codes: 0 all events are in the log, 1 some were refused (each is named), 2 wrong usage, 3 "
        "bellhop-ingest cannot be reached, 4 some events have no receipt or verdict yet.",
    .options = options,
    .word = file_add,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .publishing.timeout_ms = 10000),
    .run = run,
};
