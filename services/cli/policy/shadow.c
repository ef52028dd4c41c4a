/* shadow (bellhop policy shadow): another policy beside the live one; only what differs is told.
 *
 * The log is folded up to its head, then followed. Nothing is written. */
#include "common/policy/decide/decide.h"
#include "common/policy/trial/backtest.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/position.h"
#include "services/cli/log/history.h"
#include "services/cli/log/proposing.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOOK_MS = 200, AWAY_MS = 2000, PATIENCE_US = 10000000 };

struct arguments {
    const char *path;
    int64_t for_ms; /* 0: until it is stopped */
    bool promotes;
    const char *reason; /* of that; NULL: none is given */
};

struct shadow {
    const struct arguments *arguments;
    const struct policy_file *file;
    struct backtest *backtest;
    uint64_t after;  /* the last event that was looked at */
    uint64_t begins; /* what comes after this one is told */
    uint64_t events, different;
    bool is_live; /* it was put in force meanwhile */
    char why[WHY_SIZE];
};

static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
    (void)number;
    is_stopped = 1;
}

/* --- what differs --- */

/* A decision as one line; what is for the program alone is left out. */
static bool line_of(const WireDecision *decision, struct bytes *into)
{
    bool is_counted = decision->body_case != WIRE_DECISION__BODY_POLICY;
    bytes_reset(into);
    if (is_counted)
        narrate_decision(decision, into);
    return is_counted;
}

static bool has_line(WireDecision *const *decisions, size_t count, const char *wanted)
{
    AUTO_CLEAR(bytes) line = {.size = 0};
    for (size_t i = 0; i < count; i++)
        if (line_of(decisions[i], &line) && text_equal(bytes_text(&line), wanted))
            return true;
    return false;
}

static size_t tell_only(const char *side, WireDecision *const *decisions, size_t count,
                        WireDecision *const *others, size_t other_count, const struct history_event *event)
{
    AUTO_CLEAR(bytes) line = {.size = 0};
    size_t told = 0;
    for (size_t i = 0; i < count; i++) {
        char position[POSITION_TEXT_SIZE], time[NARRATE_TIME_SIZE];
        if (!line_of(decisions[i], &line) || has_line(others, other_count, bytes_text(&line)))
            continue;
        position_format(position_of(event->record->position), position);
        printf("%s  %s  %s  %s\n", narrate_time(event->record->recorded_at, time), position, side,
               bytes_text(&line));
        told++;
    }
    return told;
}

static void compare(struct shadow *shadow, const struct history_event *event)
{
    const struct decisions *own = backtest_decisions(shadow->backtest);
    size_t told = tell_only("live   ", event->decisions, event->count, own->items, own->count, event);
    told += tell_only("shadow ", own->items, own->count, event->decisions, event->count, event);
    shadow->events++;
    shadow->different += told > 0;
    fflush(stdout);
}

static bool is_promoted(const struct shadow *shadow, const struct history_event *event)
{
    const WireEvent *proposal = event->event;
    return proposal->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED && event->count &&
           event->decisions[0]->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED &&
           slice_equal(
               slice_of(proposal->policy_proposed->document.data, proposal->policy_proposed->document.len),
               bytes_slice(&shadow->file->document));
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct shadow *shadow = owner;
    uint64_t seq = event->record->position->seq;
    if (backtest_event(shadow->backtest, event->record, event->event, event->decisions, event->count,
                       shadow->why))
        return false;
    shadow->after = seq;
    if (seq > shadow->begins) {
        compare(shadow, event);
        shadow->is_live |= is_promoted(shadow, event);
    }
    return !is_stopped && !shadow->is_live;
}

/* --- following --- */

static void rest(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* A database that goes away comes back: what is lost is nothing but time. */
static int follow(struct shadow *shadow, struct reader *reader)
{
    int64_t until_ms = clock_monotonic_ms() + shadow->arguments->for_ms;
    int rc = EXIT_DONE;
    bool has_folded = false;
    while (!is_stopped && !shadow->is_live) {
        struct history_options options = {.after = shadow->after,
                                          .what = has_folded ? NULL : "folding the log"};
        rc = history_walk(reader, &options, on_event, shadow);
        if (shadow->why[0]) {
            command_complain("could not go on: %s", shadow->why);
            return EXIT_UNREACHABLE;
        }
        if (rc != EXIT_DONE && !has_folded)
            return rc;
        has_folded = true;
        if (shadow->arguments->for_ms && clock_monotonic_ms() >= until_ms)
            break;
        rest(rc == EXIT_DONE ? LOOK_MS : AWAY_MS);
    }
    return rc;
}

static int shadow_run(const struct command_call *call, struct shadow *shadow, struct reader *reader)
{
    struct log_head head;
    int rc = history_read_head(reader, &head);
    if (rc != EXIT_DONE)
        return rc;
    shadow->begins = head.cursor;
    AUTO(backtest) *backtest = policy_file_judge(
        shadow->file, (struct backtest_options){.since = head.recorded_at + 1, .patience_us = PATIENCE_US});
    if (!backtest)
        return EXIT_USAGE;
    shadow->backtest = backtest;
    fprintf(stderr, "in the shadow of what is in force from %" PRIu32 "-%" PRIu64 " on\n", head.epoch,
            shadow->begins);
    rc = follow(shadow, reader);
    fprintf(stderr, "%" PRIu64 " events, %" PRIu64 " decided otherwise%s\n", shadow->events,
            shadow->different, shadow->is_live ? "; it is in force now" : "");
    WirePolicyProposed proposed = policy_file_make_proposal(shadow->file);
    proposed.reason = (char *)shadow->arguments->reason;
    if (rc == EXIT_DONE && shadow->arguments->promotes && !shadow->is_live)
        rc = proposing_run(call->settings, reader, &proposed);
    return rc;
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy_file) *file = policy_file_read(arguments->path);
    AUTO(reader) *reader = file ? reader_open(call->settings) : NULL;
    if (!reader)
        return EXIT_USAGE;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    struct shadow shadow = {.arguments = arguments, .file = file};
    return shadow_run(call, &shadow, reader);
}

static void read_for(const struct option_row *option, const char *value, void *field,
                     const struct argp_state *state)
{
    option_read_duration_ms(option, value, field, state);
    if (*(const int64_t *)field == 0)
        argp_error(state, "--for %s is no time at all: leave it out to run until you stop it", value);
}

static const struct option_row options[] = {
    {"for", 'f', "TIME", "stop after this time; by default, run until stopped", read_for,
     offsetof(struct arguments, for_ms)},
    {"promote", 'p', NULL, "put the policy in force at the end", option_read_switch,
     offsetof(struct arguments, promotes)},
    POLICY_REASON_OPTION(struct arguments, reason),
    {0},
};

const struct command policy_shadow_command = {
    .name = "shadow",
    .summary = "run a policy beside the live one and show what differs",
    .usage = "FILE",
    .help = "Run a policy beside the one in force, from now on, and show only what it would decide "
            "differently, until you stop it (Ctrl-C) or it is put in force. Nothing is written.\v"
            "Exit codes: 0 stopped, or put in force, 1 it was refused, 2 wrong usage, 3 the database cannot "
            "be reached.",
    .options = options,
    .words = POLICY_FILE_WORD(struct arguments),
    COMMAND_ARGUMENTS(struct arguments, .path = NULL),
    .run = run,
};
