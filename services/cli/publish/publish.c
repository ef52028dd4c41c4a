/* bellhop publish: events from JSON lines, or one event from options. */
#include "common/base/auto.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/event.h"
#include "services/cli/publish/event_field.h"
#include "services/cli/terminal/progress.h"
#include "services/cli/publish/publishing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FIELDS = 64, MOST_LABELS = 16, MOST_FILES = 256, LONG_FILE = 1 << 20 };

struct field {
    const char *path; /* of the event, or of its body */
    const char *value;
    bool is_of_body;
};

struct arguments {
    const char *files[MOST_FILES]; /* of JSON lines; none: standard input */
    size_t file_count;
    const char *type; /* of one event made from options, else NULL */
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

/* ---------------------------------------------------------------- one event from options */

static int field_set(struct bellhop_event *event, const char *type, const struct field *field)
{
    return field->is_of_body ? event_body_field_set(event, type, field->path, field->value)
                             : event_field_set(event, field->path, field->value);
}

static int label_add(struct bellhop_event *event, const char *label)
{
    const char *equals = strchr(label, '=');
    AUTO_TEXT char *name = duplicate_text(label);
    name[equals - label] = 0;
    return bellhop_event_add_label(event, name, equals + 1);
}

static struct bellhop_event *event_of_options(const struct arguments *arguments)
{
    struct bellhop_event *event = bellhop_event_new(arguments->type);
    int rc = event ? BELLHOP_OK : BELLHOP_INVALID;
    for (size_t i = 0; i < arguments->field_count && rc == BELLHOP_OK; i++)
        rc = field_set(event, arguments->type, &arguments->fields[i]);
    for (size_t i = 0; i < arguments->label_count && rc == BELLHOP_OK; i++)
        rc = label_add(event, arguments->labels[i]);
    if (rc == BELLHOP_OK && arguments->occurred_at != 0)
        rc = bellhop_event_set_int(event, "occurred_at", arguments->occurred_at);
    if (rc == BELLHOP_OK && arguments->is_drill)
        rc = bellhop_event_set_int(event, "drill", 1);
    if (rc == BELLHOP_OK)
        rc = bellhop_event_check(event);
    if (rc == BELLHOP_OK)
        return event;
    complain("%s", bellhop_why(NULL));
    bellhop_event_free(event);
    return NULL;
}

static int options_publish(struct arguments *arguments)
{
    struct bellhop_event *event = event_of_options(arguments);
    if (!event)
        return EXIT_NEGATIVE;
    int rc = arguments->check_only ? BELLHOP_OK : publishing_send(&arguments->publishing, event);
    if (rc != BELLHOP_OK)
        complain("%s", bellhop_why(arguments->publishing.client));
    bellhop_event_free(event);
    return rc == BELLHOP_OK ? EXIT_DONE : EXIT_NEGATIVE;
}

/* ---------------------------------------------------------------- JSON lines */

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
        complain("%s, line %" PRIu64 ": %s", name, number, why);
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
        progress_at(&progress, done += (uint64_t)size);
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
        complain("could not read \"%s\": %s", name, strerror(errno));
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

/* ---------------------------------------------------------------- arguments */

enum { KEY_AT = 1000, KEY_LABEL, KEY_DRILL, KEY_SOURCE, KEY_TIMEOUT };

static const struct argp_option options_table[] = {
    {"await-verdict", 'w', NULL, 0, "wait for what is decided, and tell it", 0},
    {"check", 'c', NULL, 0, "only say whether it would be accepted; nothing is sent", 0},
    {"json", 'j', NULL, 0, "tell receipts and verdicts as JSON, one a line", 0},
    {"timeout", KEY_TIMEOUT, "TIME", 0, "how long to wait for receipts and verdicts (10s)", 0},
    {"source", KEY_SOURCE, "SOURCE", 0, "who publishes, of events that name no source (BELLHOP_SOURCE)", 0},
    {NULL, 0, NULL, 0, "One event from options:", 1},
    {"store", 's', "STORE", 0, "store_id", 1},
    {"interaction", 'i', "ID", 0, "interaction_id", 1},
    {"employee", 'e', "EMPLOYEE", 0, "employee_id", 1},
    {"customer", 'u', "CUSTOMER", 0, "customer_id", 1},
    {"set", 'S', "FIELD=VALUE", 0,
     "a field of the body: remedy_id=r1, amount.minor=4000, lines.0.product_id=p7", 1},
    {"at", KEY_AT, "TIME", 0, "when it happened, such as 2024-05-01T09:30:00Z (now)", 1},
    {"label", KEY_LABEL, "NAME=VALUE", 0, "a word of your own, at most 16", 1},
    {"drill", KEY_DRILL, NULL, 0, "an exercise: counts for nothing", 1},
    {0},
};

static error_t field_add(struct arguments *arguments, struct argp_state *state, struct field field)
{
    if (arguments->field_count == MOST_FIELDS)
        argp_error(state, "more than %d fields", MOST_FIELDS);
    arguments->fields[arguments->field_count++] = field;
    return 0;
}

/* Where NAME=VALUE has its sign. */
static char *equals_of(struct argp_state *state, const char *option, char *value)
{
    char *equals = strchr(value, '=');
    if (!equals || equals == value)
        argp_error(state, "--%s \"%s\": expected a name, an equals sign and a value", option, value);
    return equals;
}

static error_t event_option_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    char *equals;
    switch (key) {
    case 's':
        return field_add(arguments, state, (struct field){.path = "store_id", .value = value});
    case 'i':
        return field_add(arguments, state, (struct field){.path = "interaction_id", .value = value});
    case 'e':
        return field_add(arguments, state, (struct field){.path = "employee_id", .value = value});
    case 'u':
        return field_add(arguments, state, (struct field){.path = "customer_id", .value = value});
    case 'S':
        equals = equals_of(state, "set", value);
        *equals = 0;
        return field_add(arguments, state,
                         (struct field){.path = value, .value = equals + 1, .is_of_body = true});
    case KEY_AT:
        if (time_parse(value, &arguments->occurred_at) < 0)
            argp_error(state, "--at \"%s\": expected a time such as 2024-05-01T09:30:00Z", value);
        return 0;
    case KEY_LABEL:
        equals_of(state, "label", value);
        if (arguments->label_count == MOST_LABELS)
            argp_error(state, "more than %d labels", MOST_LABELS);
        arguments->labels[arguments->label_count++] = value;
        return 0;
    case KEY_DRILL:
        arguments->is_drill = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void arguments_finish(struct arguments *arguments, struct argp_state *state)
{
    bool names_type =
        arguments->file_count == 1 && wire_event_type_find(arguments->files[0]) != WIRE_EVENT__BODY__NOT_SET;
    if (names_type)
        arguments->type = arguments->files[0];
    else if (arguments->field_count || arguments->label_count || arguments->occurred_at ||
             arguments->is_drill)
        argp_error(state,
                   "\"%s\" is no type of event (proto/README.md lists them): such options go with one, as in "
                   "`%s complaint --store s1 --set about=PRICE`",
                   arguments->file_count ? arguments->files[0] : "", state->name);
    arguments->publishing.is_single = names_type;
}

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'w':
        arguments->publishing.await_verdict = true;
        return 0;
    case 'c':
        arguments->check_only = true;
        return 0;
    case 'j':
        arguments->publishing.as_json = true;
        return 0;
    case KEY_TIMEOUT:
        arguments->publishing.timeout_ms = command_duration_ms(state, "timeout", value);
        return 0;
    case KEY_SOURCE:
        arguments->source = value;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->file_count == MOST_FILES)
            argp_error(state, "more than %d files", MOST_FILES);
        arguments->files[arguments->file_count++] = value;
        return 0;
    case ARGP_KEY_END:
        arguments_finish(arguments, state);
        return 0;
    default:
        return event_option_parse(key, value, state);
    }
}

static int arguments_publish(const struct command_settings *settings, struct arguments *arguments)
{
    struct publishing *publishing = &arguments->publishing;
    int rc = arguments->check_only ? EXIT_DONE : publishing_open(publishing, settings, arguments->source);
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

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp argp = {
        .options = options_table,
        .parser = argument_parse,
        .args_doc = "[FILE...]\nTYPE [OPTION...]",
        .doc = "Publish events: one JSON object a line from FILEs or standard input (names as in "
               "proto/event.proto), or "
               "one event of TYPE, such as remedy_requested, from options.\v"
               "Example: bellhop publish remedy_requested --store s1 --interaction i1 --employee e1 --set "
               "remedy_id=r1 "
               "--set kind=REFUND --set amount.minor=4000 --set amount.currency=EUR --await-verdict\n\n"
               "Exit codes: 0 all are in the log, 1 some are refused (each is named), 2 usage, 3 "
               "bellhop-ingest cannot be "
               "reached, 4 some have no receipt or verdict yet.",
    };
    struct arguments *arguments = NEW(arguments);
    arguments->publishing.timeout_ms = 10000;
    command_parse(&argp, argc, argv, arguments);
    int rc = arguments_publish(settings, arguments);
    free(arguments);
    return rc;
}

const struct command publish_command = {
    .name = "publish",
    .purpose = "publish events from JSON lines, or one from options",
    .run = run,
};
