/* policy_backtest (bellhop policy backtest): what another policy would have done to the recorded past. */
#include "common/policy/trial/backtest.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/log/history.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct arguments {
    const char *path, *store_id;
    int64_t since, until;
    int64_t list;
    bool as_json;
};

struct past {
    const struct arguments *arguments;
    struct backtest *backtest;
    uint64_t events;
    char why[WHY_SIZE];
};

static bool on_deadline(void *owner, const struct history_event *event)
{
    backtest_logged(((struct past *)owner)->backtest, event->event);
    return true;
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct past *past = owner;
    if (past->arguments->until && event->record->recorded_at >= past->arguments->until)
        return false;
    past->events++;
    return backtest_event(past->backtest, event->record, event->event, event->decisions, event->count,
                          past->why) == 0;
}

/* Of this process; the database's is its own. */
static double processor_seconds(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void tell(const struct past *past, int64_t took_ms)
{
    const struct tally *tally = backtest_tally(past->backtest);
    double seconds = (double)(took_ms ? took_ms : 1) / 1000, own_seconds = processor_seconds();
    if (past->arguments->as_json) {
        json_t *json = tally_json(tally);
        json_object_set_new(json, "seconds", json_real(seconds));
        json_object_set_new(json, "own_seconds", json_real(own_seconds));
        json_object_set_new(json, "events", json_integer((json_int_t)past->events));
        json_object_set_new(json, "judged", json_integer((json_int_t)backtest_judged(past->backtest)));
        json_dumpf(json, stdout, JSON_INDENT(1));
        putchar('\n');
        json_decref(json);
        return;
    }
    AUTO_CLEAR(bytes) told = {.size = 0};
    tally_tell(tally, (size_t)past->arguments->list, &told);
    fputs(bytes_text(&told), stdout);
    fprintf(stderr, "%" PRIu64 " events in %.3f s, %.3f s of it on the processor: %.0f a second\n",
            past->events, seconds, own_seconds, (double)past->events / seconds);
}

static int walk(struct past *past, struct reader *reader)
{
    struct history_options options = {.what = "judging the past"};
    int64_t began_ms = clock_monotonic_ms();
    int rc = history_type(reader, WIRE_EVENT__BODY_DEADLINE_PASSED, on_deadline, past);
    if (rc == EXIT_DONE)
        rc = history_walk(reader, &options, on_event, past);
    if (rc == EXIT_DONE && past->why[0]) {
        complain("could not judge the past: %s", past->why);
        rc = EXIT_UNREACHABLE;
    }
    if (rc == EXIT_DONE)
        tell(past, clock_monotonic_ms() - began_ms);
    return rc;
}

static int backtest(const struct arguments *arguments, struct reader *reader)
{
    AUTO(policy_file) *file = policy_file_read(arguments->path);
    if (!file)
        return EXIT_USAGE;
    struct past past = {.arguments = arguments};
    AUTO(backtest) *made = policy_file_judge(
        file, (struct backtest_options){.since = arguments->since, .store_id = arguments->store_id});
    if (!made)
        return EXIT_USAGE;
    past.backtest = made;
    return walk(&past, reader);
}

static int64_t time_option(const struct argp_state *state, const char *name, const char *value)
{
    int64_t at = 0;
    if (time_parse(value, &at))
        argp_error(state, "--%s \"%s\": expected a time such as 2026-03-02T10:00:00Z", name, value);
    return at;
}

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 's':
        arguments->since = time_option(state, "since", value);
        return 0;
    case 'u':
        arguments->until = time_option(state, "until", value);
        return 0;
    case 'o':
        arguments->store_id = value;
        return 0;
    case 'l':
        if (text_parse_int64(value, 0, 1000000, &arguments->list))
            argp_error(state, "--list \"%s\": expected a number", value);
        return 0;
    case 'j':
        arguments->as_json = true;
        return 0;
    default:
        return policy_file_argument(key, value, state, &arguments->path);
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"since", 's', "TIME", 0, "the policy is in force from then on; everything when left out", 0},
        {"until", 'u', "TIME", 0, "stop there", 0},
        {"store", 'o', "STORE", 0, "count what is of this store only", 0},
        {"list", 'l', "NUMBER", 0, "so many contacts behind each difference (10)", 0},
        {"json", 'j', NULL, 0, "everything, with the whole lists, as JSON", 0},
        {0},
    };
    static const struct argp argp = {
        .options = options,
        .parser = argument_parse,
        .args_doc = "FILE",
        .doc = "Run a policy over the recorded log by its recorded clock, and tell the difference to what "
               "was decided.\n"
               "Deadlines pass when the recorded clock passes them; what people did is done to the case of "
               "the same\n"
               "contact, rule and subject; a case that nobody saw then counts, and its clocks do not run.\v"
               "Exit codes: 0 told, 2 usage, or the file is no policy, 3 the database cannot be reached.",
    };
    struct arguments arguments = {.list = 10};
    command_parse(&argp, argc, argv, &arguments);
    AUTO(reader) *reader = reader_open(settings);
    return reader ? backtest(&arguments, reader) : EXIT_USAGE;
}

const struct command policy_backtest_command = {
    .name = "backtest",
    .purpose = "run a policy over the recorded past, and tell the difference",
    .run = run,
};
