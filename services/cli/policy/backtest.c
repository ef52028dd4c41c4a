/* backtest (bellhop policy backtest): what another policy would have done to the recorded past. */
#include "common/policy/trial/backtest.h"

#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "services/cli/log/history.h"
#include "services/cli/log/policies.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* An instant, or a day by the store's clock. */
struct moment {
    int64_t at; /* 0: not given */
    int64_t day;
    bool is_day;
};

struct arguments {
    const char *path, *store_id;
    struct moment since, until;
    int64_t list;
    bool as_json;
};

struct past {
    const struct arguments *arguments;
    struct backtest *backtest;
    int64_t until_at; /* 0: to the end */
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
    if (past->until_at && event->record->recorded_at >= past->until_at)
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
    tally_write(tally, (size_t)past->arguments->list, &told);
    fputs(bytes_text(&told), stdout);
    fprintf(stderr, "%" PRIu64 " events in %.3f s, %.3f s of it on the processor: %.0f a second\n",
            past->events, seconds, own_seconds, (double)past->events / seconds);
}

static int walk(struct past *past, struct reader *reader)
{
    struct history_options options = {.what = "judging the past"};
    int64_t began_ms = clock_monotonic_ms();
    int rc = history_walk_type(reader, WIRE_EVENT__BODY_DEADLINE_PASSED, on_deadline, past);
    if (rc == EXIT_DONE)
        rc = history_walk(reader, &options, on_event, past);
    if (rc == EXIT_DONE && past->why[0]) {
        command_complain("could not judge the past: %s", past->why);
        rc = EXIT_UNREACHABLE;
    }
    if (rc != EXIT_DONE)
        return rc;
    bool is_any = backtest_judged(past->backtest) > 0;
    if (is_any || past->arguments->as_json)
        tell(past, clock_monotonic_ms() - began_ms);
    if (is_any)
        return EXIT_DONE;
    command_complain("nothing was recorded in that time: there was nothing to judge");
    return EXIT_NEGATIVE;
}

/* False after having complained: a day needs the clocks of the policy in force. */
static bool find_instant(const struct moment *moment, int64_t days_later, const char *store_id,
                         struct reader *reader, int64_t *ret_at)
{
    *ret_at = moment->at;
    if (!moment->is_day)
        return true;
    AUTO(policies) *policies = policies_new(reader);
    const struct policy *policy = policies_find_in_force(policies);
    struct place place = calendar_place(policy, store_id);
    *ret_at = place_midnight(&place, moment->day + days_later);
    return policy != NULL;
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    int64_t since_at, until_at;
    if (!find_instant(&arguments->since, 0, arguments->store_id, call->reader, &since_at) ||
        !find_instant(&arguments->until, 1, arguments->store_id, call->reader, &until_at))
        return EXIT_UNREACHABLE;
    AUTO(policy_file) *file = policy_file_read(arguments->path);
    AUTO(backtest) *backtest =
        file ? policy_file_judge(
                   file, (struct backtest_options){.since = since_at, .store_id = arguments->store_id})
             : NULL;
    struct past past = {.arguments = arguments, .backtest = backtest, .until_at = until_at};
    return backtest ? walk(&past, call->reader) : EXIT_USAGE;
}

static void read_list(const struct option_row *option, const char *value, void *field,
                      const struct argp_state *state)
{
    if (text_parse_int64(value, 0, 1000000, field) < 0)
        argp_error(state, "--%s \"%s\": expected a number", option->name, value);
}

static void read_moment(const struct option_row *option, const char *value, void *field,
                        const struct argp_state *state)
{
    struct moment *moment = field;
    struct civil date;
    moment->is_day = civil_parse_date(value, &date) == 0;
    if (moment->is_day)
        moment->day = civil_days(date.year, date.month, date.day);
    else
        option_read_time(option, value, &moment->at, state);
}

static const struct option_row options[] = {
    {"since", 's', "TIME",
     "the policy is in force from then on: a date such as 2026-11-27, by the store's clock, or an instant; "
     "defaults to the beginning",
     read_moment, offsetof(struct arguments, since)},
    {"until", 'u', "TIME", "stop at that instant, or when that day ends", read_moment,
     offsetof(struct arguments, until)},
    {"store", 'o', "STORE", "count only what concerns this store", option_read_text,
     offsetof(struct arguments, store_id)},
    {"list", 'l', "NUMBER", "how many contacts to list behind each difference (default 10)", read_list,
     offsetof(struct arguments, list)},
    {"json", 'j', NULL, "print everything as JSON, with the whole lists", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command policy_backtest_command = {
    .name = "backtest",
    .summary = "run a policy over the recorded past and show the difference",
    .usage = "FILE",
    .help =
        "Run a policy over the recorded log, by the recorded clock, and show how its decisions differ "
        "from those that were made. Deadlines pass when the recorded clock passes them. What people did "
        "is done to the case of the same contact, rule and subject. A case that nobody saw at the time "
        "counts, and its clocks do not run.\v"
        "Exit codes: 0 shown, 1 nothing was recorded in that time, 2 wrong usage, or the file is no policy, "
        "3 the database cannot be reached.",
    .options = options,
    .words = POLICY_FILE_WORD(struct arguments),
    COMMAND_ARGUMENTS(struct arguments, .list = 10),
    .reads_log = true,
    .run = run,
};
