/* backtest (bellhop policy backtest): what another policy would have done to the recorded past. */
#include "common/policy/trial/comparison.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/policy/past.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { CHANGES_MOST = 8 };

struct changes {
    struct setting_change items[CHANGES_MOST];
    size_t count;
};

struct arguments {
    const char *path; /* NULL: the policy in force, which is changed */
    struct past_range range;
    struct changes changes;
    int64_t list;
    bool as_json;
};

/* --- told --- */

/* Of this process; the database's is its own. */
static double processor_seconds(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

struct result {
    const struct tally *tally;
    const struct worth_sum *worth; /* NULL: of a whole policy, beside what was decided */
    uint64_t events, judged;
    int64_t began_ms;
};

static void tell_json(const struct result *result, double seconds, double own_seconds)
{
    json_t *json = tally_json(result->tally);
    if (result->worth)
        json_object_set_new(json, "worth", worth_json(result->worth));
    json_object_set_new(json, "seconds", json_real(seconds));
    json_object_set_new(json, "own_seconds", json_real(own_seconds));
    json_object_set_new(json, "events", json_integer((json_int_t)result->events));
    json_object_set_new(json, "judged", json_integer((json_int_t)result->judged));
    json_dumpf(json, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(json);
}

static int tell(const struct arguments *arguments, const struct result *result)
{
    int64_t took_ms = clock_monotonic_ms() - result->began_ms;
    double seconds = (double)(took_ms ? took_ms : 1) / 1000, own_seconds = processor_seconds();
    AUTO_CLEAR(bytes) told = {.size = 0};
    if (arguments->as_json)
        tell_json(result, seconds, own_seconds);
    if (!result->judged) {
        command_complain("nothing was recorded in that time: there was nothing to judge");
        return EXIT_NEGATIVE;
    }
    if (arguments->as_json)
        return EXIT_DONE;
    tally_write(result->tally, (size_t)arguments->list, &told);
    if (result->worth) {
        bytes_append_text(&told,
                          "\nWhat that alone would have been worth, beside the policy as it stands:\n");
        worth_write(result->worth, "  ", &told);
    }
    fputs(bytes_text(&told), stdout);
    fprintf(stderr, "%" PRIu64 " events in %.3f s, %.3f s of it on the processor: %.0f a second\n",
            result->events, seconds, own_seconds, (double)result->events / seconds);
    return EXIT_DONE;
}

/* --- a whole policy, beside what was decided --- */

static void on_logged(void *owner, const WireEvent *event)
{
    backtest_logged(owner, event);
}

static int on_event(void *owner, const struct history_event *event, char why[static WHY_SIZE])
{
    return backtest_event(owner, event->record, event->event, event->decisions, event->count, why);
}

static int judge(const struct command_call *call, const struct policy_file *file,
                 const struct past_span *span)
{
    const struct arguments *arguments = call->arguments;
    struct result result = {.began_ms = clock_monotonic_ms()};
    AUTO(backtest) *backtest = policy_file_judge(
        file, (struct backtest_options){.since = span->since_at, .store_id = arguments->range.store_id});
    if (!backtest)
        return EXIT_USAGE;
    const struct past_judge judge = {.logged = on_logged, .event = on_event, .owner = backtest};
    int rc = past_walk(call->reader, span, &judge, "judging the past", &result.events);
    result.tally = backtest_tally(backtest);
    result.judged = backtest_judged(backtest);
    return rc == EXIT_DONE ? tell(arguments, &result) : rc;
}

/* --- single changes, beside the policy without them --- */

static void on_compared_logged(void *owner, const WireEvent *event)
{
    comparison_logged(owner, event);
}

static int on_compared(void *owner, const struct history_event *event, char why[static WHY_SIZE])
{
    return comparison_event(owner, event->record, event->event, event->decisions, event->count, why);
}

static int compare(const struct command_call *call, const struct policy_file *file,
                   const struct past_span *span)
{
    const struct arguments *arguments = call->arguments;
    const struct backtest_options options =
        policy_file_options(file, span->since_at, arguments->range.store_id);
    struct result result = {.began_ms = clock_monotonic_ms()};
    char why[WHY_SIZE];
    AUTO(comparison) *comparison = comparison_new(&options, why);
    if (!comparison || !comparison_add(comparison, arguments->changes.items, arguments->changes.count, why)) {
        command_complain("%s: %s", comparison ? "it cannot be changed so" : file->path, why);
        return EXIT_USAGE;
    }
    const struct past_judge judge = {.logged = on_compared_logged, .event = on_compared, .owner = comparison};
    int rc = past_walk(call->reader, span, &judge, "judging the past", &result.events);
    const struct worth_sum worth = comparison_worth(comparison, 0);
    result.tally = comparison_tally(comparison, 0);
    result.worth = &worth;
    result.judged = comparison_judged(comparison);
    return rc == EXIT_DONE ? tell(arguments, &result) : rc;
}

/* --- the command --- */

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    struct past_span span;
    if (!past_find(call->reader, &arguments->range, &span))
        return EXIT_UNREACHABLE;
    AUTO(policy_file) *file =
        arguments->path ? policy_file_read(arguments->path) : policy_file_in_force(call->reader);
    if (!file)
        return arguments->path ? EXIT_USAGE : EXIT_UNREACHABLE;
    return arguments->changes.count ? compare(call, file, &span) : judge(call, file, &span);
}

static void read_list(const struct option_row *option, const char *value, void *field,
                      const struct argp_state *state)
{
    if (text_parse_int64(value, 0, 1000000, field) < 0)
        argp_error(state, "--%s \"%s\": expected a number", option->name, value);
}

static void read_change(const struct option_row *option, const char *value, void *field,
                        const struct argp_state *state)
{
    struct changes *changes = field;
    char why[WHY_SIZE];
    if (changes->count == CHANGES_MOST)
        argp_error(state, "--%s: more than %d changes", option->name, CHANGES_MOST);
    else if (!setting_parse(value, &changes->items[changes->count++], why))
        argp_error(state, "--%s %s", option->name, why);
}

static void read_word(void *arguments, const char *word, const struct argp_state *state)
{
    if (state->arg_num)
        argp_error(state, "one file at a time: what is \"%s\"?", word);
    ((struct arguments *)arguments)->path = word;
}

static void check(void *arguments, const struct argp_state *state)
{
    const struct arguments *given = arguments;
    if (!given->path && !given->changes.count)
        argp_error(state, "which file? Or, of the policy in force, --set which figure?");
}

static const struct option_row options[] = {
    PAST_OPTIONS(struct arguments, range),
    {"set", 'v', "NAME=VALUE",
     "change one figure or limit, such as figures.hold_lead=240s, ladder.associate.remedy=60.00 or "
     "authority.per_customer_day=3, and compare with the policy without that; without FILE, the policy in "
     "force",
     read_change, offsetof(struct arguments, changes)},
    {"list", 'l', "NUMBER", "how many contacts to list behind each difference (default 10)", read_list,
     offsetof(struct arguments, list)},
    {"json", 'j', NULL, "print everything as JSON, with the whole lists", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command policy_backtest_command = {
    .name = "backtest",
    .summary = "run a policy over the recorded past and show the difference",
    .usage = "FILE\n--set NAME=VALUE [FILE]",
    .help =
        "Run a policy over the recorded log, by the recorded clock, and show how its decisions differ "
        "from those that were made. Deadlines pass when the recorded clock passes them. What people did "
        "is done to the case of the same contact, rule and subject. A case that nobody saw at the time "
        "counts, and its clocks do not run. With --set, both the policy and the policy with that change are "
        "run, and what the change alone would have been worth is told as well.\v"
        "Exit codes: 0 shown, 1 nothing was recorded in that time, 2 wrong usage, the file is no policy, "
        "or there is no such figure or limit, 3 the database cannot be reached.",
    .options = options,
    .word = read_word,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .list = 10),
    .reads_log = true,
    .run = run,
};
