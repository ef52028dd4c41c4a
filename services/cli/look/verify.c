/* verify (bellhop verify): decides the recorded log again and compares with what is stored, byte for byte. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/decide/decide.h"
#include "common/policy/state/fold.h"
#include "common/wire/position.h"
#include "common/wire/wire.h"
#include "services/cli/log/history.h"
#include "services/cli/look/look.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
    int64_t since; /* 0: from the beginning */
};

enum { TOLD_MOST = 20 };

struct verification {
    const struct arguments *arguments;
    struct fold *fold;
    struct decisions *decisions;
    struct bytes packed;
    uint64_t events, decided, other_engine, quarantined, different;
    uint32_t engine; /* that decided the last event something follows from */
    char why[WHY_SIZE];
};

static void tell_decisions(const char *what, WireDecision *const *decisions, size_t count)
{
    AUTO_CLEAR(bytes) line = {.size = 0};
    if (!count)
        printf("  %s: nothing\n", what);
    for (size_t i = 0; i < count; i++) {
        bytes_reset(&line);
        narrate_decision(decisions[i], &line);
        printf("  %s: %s\n", what, bytes_text(&line));
    }
}

static void tell_difference(struct verification *verification, const struct history_event *event)
{
    char position[POSITION_TEXT_SIZE], time[NARRATE_TIME_SIZE];
    if (verification->different++ >= TOLD_MOST)
        return;
    position_format(position_of(event->record->position), position);
    printf("%s  %s  differs\n", position, narrate_time(event->record->recorded_at, time));
    tell_decisions("stored", event->decisions, event->count);
    tell_decisions("now   ", verification->decisions->items, verification->decisions->count);
}

static bool is_same(struct verification *verification, const struct history_event *event)
{
    if (verification->decisions->count != event->count)
        return false;
    for (size_t i = 0; i < event->count; i++) {
        bytes_reset(&verification->packed);
        wire_pack(verification->decisions->items[i], &verification->packed);
        if (!slice_equal(bytes_slice(&verification->packed), event->packed[i]))
            return false;
    }
    return true;
}

/* An event that nothing follows from was decided by whoever decided before it. */
static void note_engine(struct verification *verification, const struct history_event *event)
{
    if (event->count)
        verification->engine = event->decisions[0]->engine_version;
}

static void verify(struct verification *verification, const struct history_event *event)
{
    verification->events++;
    verification->decided += event->count;
    if (event->count && event->decisions[0]->kind == WIRE_DECISION_KIND__QUARANTINED)
        verification->quarantined++;
    else if (verification->engine != ENGINE_VERSION)
        verification->other_engine++;
    else if (decide_event(verification->fold, event->record, event->event, verification->decisions) ||
             !is_same(verification, event))
        tell_difference(verification, event);
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct verification *verification = owner;
    note_engine(verification, event);
    if (event->record->recorded_at >= verification->arguments->since)
        verify(verification, event);
    return fold_apply(verification->fold, event->record, event->event, event->decisions, event->count,
                      verification->why) == 0;
}

static int tell(const struct verification *verification)
{
    printf("%" PRIu64 " decisions about %" PRIu64 " events were made again: ", verification->decided,
           verification->events);
    if (verification->different)
        printf("about %" PRIu64 " events they differ\n", verification->different);
    else
        printf("all are the same, byte for byte\n");
    if (verification->other_engine)
        printf("%" PRIu64 " events were decided by another version of the program: not compared\n",
               verification->other_engine);
    if (verification->quarantined)
        printf("%" PRIu64 " events are quarantined: not compared\n", verification->quarantined);
    return verification->different ? EXIT_NEGATIVE : EXIT_DONE;
}

static int compare_log(struct verification *verification, struct reader *reader)
{
    struct history_options options = {.what = "deciding again"};
    int rc = history_walk(reader, &options, on_event, verification);
    if (rc == EXIT_DONE && verification->why[0]) {
        command_complain("could not fold the log: %s", verification->why);
        rc = EXIT_UNREACHABLE;
    }
    return rc != EXIT_DONE ? rc : tell(verification);
}

static int run(const struct command_call *call)
{
    AUTO(fold) *fold = fold_new(NULL, 1);
    AUTO(decisions) *decisions = decisions_new();
    struct verification verification = {.arguments = call->arguments, .fold = fold, .decisions = decisions};
    int rc = compare_log(&verification, call->reader);
    bytes_clear(&verification.packed);
    return rc;
}

static const struct option_row options[] = {
    {"since", 's', "TIME", "compare only what was decided since then", option_read_time,
     offsetof(struct arguments, since)},
    {0},
};

const struct command verify_command = {
    .name = "verify",
    .summary = "decide the log again and compare with what is stored",
    .help = "Decide the recorded log again, and compare each decision with the stored one, byte for byte.\v"
            "Exit codes: 0 all are the same, 1 some differ, 2 wrong usage, 3 the database cannot be reached.",
    .options = options,
    COMMAND_ARGUMENTS(struct arguments, .since = 0),
    .reads_log = true,
    .run = run,
};
