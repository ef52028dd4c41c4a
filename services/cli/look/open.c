/* bellhop open: cases that wait for somebody, and follow-ups to be done. */
#include "common/base/text.h"
#include "common/wire/json.h"
#include "services/cli/terminal/narrate.h"
#include "services/cli/log/reader.h"
#include "services/cli/terminal/table.h"

#include <inttypes.h>
#include <stdio.h>

struct arguments {
    const char *store; /* NULL: all */
    const char *role;
    bool with_follow_ups;
    bool as_json;
};

/* What each case or follow-up is added to. */
struct listing {
    const struct arguments *arguments;
    struct table *table;
};

static bool is_wanted(const char *wanted, const char *present)
{
    return !wanted || (present && text_equal(wanted, present));
}

static void json_print(const void *message)
{
    AUTO_CLEAR(bytes) line = {.size = 0};
    wire_json_write(message, &line);
    puts(bytes_text(&line));
}

static void list_case(void *owner, const WireDecision *decision)
{
    struct listing *listing = owner;
    const WireCase *open = decision->case_;
    if (!open || !is_wanted(listing->arguments->store, open->store_id) ||
        !is_wanted(listing->arguments->role, open->role))
        return;
    if (listing->arguments->as_json) {
        json_print(open);
        return;
    }
    char opened[NARRATE_TIME_SIZE], due[NARRATE_TIME_SIZE];
    AUTO_CLEAR(bytes) amount = {.size = 0};
    narrate_money(open->requested, &amount);
    struct narrate_word severity = narrate_word(&wire_severity__descriptor, (int)open->severity);
    const char *const cells[] = {
        open->escalation_id,
        narrate_time(open->opened_at, opened),
        severity.text,
        open->rule_id,
        open->store_id,
        open->role,
        open->state,
        open->acknowledged_by,
        narrate_time(open->due_at, due),
        bytes_text(&amount),
        open->sentence,
    };
    table_add(listing->table, cells);
}

static void list_follow_up(void *owner, const WireDecision *decision)
{
    struct listing *listing = owner;
    const WireFollowUp *open = decision->follow_up;
    if (!open || !is_wanted(listing->arguments->store, open->store_id) ||
        !is_wanted(listing->arguments->role, open->owner))
        return;
    if (listing->arguments->as_json) {
        json_print(open);
        return;
    }
    char opened[NARRATE_TIME_SIZE], due[NARRATE_TIME_SIZE];
    struct narrate_word kind = narrate_word(&wire_follow_up_kind__descriptor, (int)open->kind);
    const char *const cells[] = {
        open->follow_up_id,
        narrate_time(open->opened_at, opened),
        kind.text,
        open->rule_id,
        open->store_id,
        open->owner,
        open->state,
        open->customer_id,
        narrate_time(open->due_at, due),
        open->sentence,
    };
    table_add(listing->table, cells);
}

static int list_print(struct reader *reader, const struct arguments *arguments)
{
    static const char *const case_titles[] = {"case",  "opened", "severity", "row",   "store", "level",
                                              "state", "by",     "due",      "asked", "what",  NULL};
    static const char *const follow_up_titles[] = {"follow-up", "opened",   "kind", "row",  "store", "owner",
                                                   "state",     "customer", "due",  "what", NULL};
    AUTO(table) *table = table_new(arguments->with_follow_ups ? follow_up_titles : case_titles);
    struct listing listing = {.arguments = arguments, .table = table};
    int rc = arguments->with_follow_ups ? reader_open_follow_ups(reader, list_follow_up, &listing)
                                        : reader_open_cases(reader, list_case, &listing);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (table_rows(table) > 0)
        table_print(table, stdout);
    else if (!arguments->as_json)
        fprintf(stderr, "nothing is open\n");
    return EXIT_DONE;
}

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 's':
        arguments->store = value;
        return 0;
    case 'r':
        arguments->role = value;
        return 0;
    case 'f':
        arguments->with_follow_ups = true;
        return 0;
    case 'j':
        arguments->as_json = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "what is \"%s\"?", value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"store", 's', "STORE", 0, "of this store only", 0},
        {"role", 'r', "ROLE", 0, "of this level only (of follow-ups: of this owner)", 0},
        {"follow-ups", 'f', NULL, 0, "follow-ups instead of cases", 0},
        {"json", 'j', NULL, 0, "as JSON, one a line", 0},
        {0},
    };
    static const struct argp argp = {
        .options = options,
        .parser = argument_parse,
        .doc = "List the cases that are open or acknowledged, the oldest first. Times are UTC.\v"
               "Exit codes: 0 listed (there may be none), 2 usage, 3 the database cannot be reached.",
    };
    struct arguments arguments = {.store = NULL};
    command_parse(&argp, argc, argv, &arguments);
    AUTO(reader) *reader = reader_open(settings);
    return reader ? list_print(reader, &arguments) : EXIT_USAGE;
}

const struct command open_command = {
    .name = "open",
    .purpose = "list the cases that wait for somebody",
    .run = run,
};
