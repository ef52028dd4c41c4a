/* activate (bellhop policy activate, rollback): another policy through the log, or the one before again. */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/trial/review.h"
#include "common/wire/wire.h"
#include "services/cli/log/history.h"
#include "services/cli/log/proposing.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
    const char *path;
    const char *reason; /* NULL: none is given */
    int64_t at;         /* 0: at once */
};

static bool is_loadable(const struct policy_file *file)
{
    struct review *review = memory_zeroed(sizeof *review);
    AUTO(policy) *policy =
        review_document(bytes_slice(&file->document), file->zones.items, file->zones.count, review);
    for (size_t i = 0; i < review->count; i++)
        command_complain("%s:%u:%u: %s: %s", file->path, review->items[i].line, review->items[i].column,
                         review->items[i].is_error ? "error" : "warning", review->items[i].sentence);
    free(review);
    return policy != NULL;
}

static int activate(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy_file) *file = policy_file_read(arguments->path);
    if (!file)
        return EXIT_USAGE;
    if (!is_loadable(file)) {
        command_complain("it is not proposed: what is in force stays");
        return EXIT_NEGATIVE;
    }
    AUTO(reader) *reader = reader_open(call->settings);
    if (!reader)
        return EXIT_USAGE;
    WirePolicyProposed proposed = policy_file_make_proposal(file);
    proposed.has_active_at = arguments->at != 0;
    proposed.active_at = arguments->at;
    proposed.reason = (char *)arguments->reason;
    return proposing_run(call->settings, reader, &proposed);
}

static void read_at(const struct option_row *option, const char *value, void *field,
                    const struct argp_state *state)
{
    option_read_time(option, value, field, state);
    if (*(const int64_t *)field <= clock_utc_us())
        argp_error(state, "--at \"%s\" is in the past: leave it out to put the policy in force at once",
                   value);
}

static const struct option_row activate_options[] = {
    POLICY_REASON_OPTION(struct arguments, reason),
    {"at", 'a', "TIME", "put it in force at that time; defaults to at once", read_at,
     offsetof(struct arguments, at)},
    {0},
};

const struct command policy_activate_command = {
    .name = "activate",
    .summary = "put a policy in force, through the log",
    .usage = "FILE",
    .help = "Propose a policy to the log. It is checked first: a policy that cannot be loaded is not "
            "proposed, and what is in force stays. Open cases stay with the policy that opened them.\v"
            "Exit codes: 0 accepted, 1 refused, 2 wrong usage, 3 a service or the database cannot be "
            "reached, 4 not decided yet.",
    .options = activate_options,
    .words = POLICY_FILE_WORD(struct arguments),
    COMMAND_ARGUMENTS(struct arguments, .path = NULL),
    .run = activate,
};

/* --- the one before --- */

struct rollback_arguments {
    const char *reason; /* NULL: none is given */
};

struct before {
    struct bytes last,
        other; /* proposals that were accepted: the last, and the last that says something else */
    struct arena *arena;
    uint64_t version; /* of `other` */
    uint64_t last_version;
};

static bool says_another(const struct before *before, const WirePolicyProposed *proposed)
{
    const WirePolicyProposed *last =
        before->last.size
            ? wire_unpack(&wire_policy_proposed__descriptor, bytes_slice(&before->last), before->arena, NULL)
            : NULL;
    return last && !slice_equal(wire_slice(last->document), wire_slice(proposed->document));
}

static bool on_proposal(void *owner, const struct history_event *event)
{
    struct before *before = owner;
    bool is_accepted = event->count && event->decisions[0]->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED;
    if (!is_accepted)
        return true;
    arena_reset(before->arena, 0);
    if (says_another(before, event->event->policy_proposed)) {
        bytes_reset(&before->other);
        bytes_append_slice(&before->other, bytes_slice(&before->last));
        before->version = before->last_version;
    }
    bytes_reset(&before->last);
    wire_pack(event->event->policy_proposed, &before->last);
    before->last_version = event->record->position->seq;
    return true;
}

/* Proposes `other` again. */
static int restore(const struct command_call *call, struct before *before)
{
    if (!before->version) {
        command_complain("there was no other policy before this one");
        return EXIT_NEGATIVE;
    }
    arena_reset(before->arena, 0);
    WirePolicyProposed *proposed =
        wire_unpack(&wire_policy_proposed__descriptor, bytes_slice(&before->other), before->arena, NULL);
    if (!proposed)
        return EXIT_UNREACHABLE;
    const struct rollback_arguments *arguments = call->arguments;
    proposed->has_active_at = false;
    proposed->reason = (char *)arguments->reason;
    printf("going back to version %" PRIu64 ", %s\n", before->version, proposed->name ? proposed->name : "");
    return proposing_run(call->settings, call->reader, proposed);
}

static int rollback(const struct command_call *call)
{
    enum { ARENA_SIZE = 32 << 20 };
    struct before before = {.arena = arena_new(ARENA_SIZE)};
    int rc = history_walk_proposals(call->reader, on_proposal, &before);
    if (rc == EXIT_DONE)
        rc = restore(call, &before);
    arena_free(before.arena);
    bytes_clear(&before.last);
    bytes_clear(&before.other);
    return rc;
}

static const struct option_row rollback_options[] = {
    POLICY_REASON_OPTION(struct rollback_arguments, reason),
    {0},
};

const struct command policy_rollback_command = {
    .name = "rollback",
    .summary = "reinstate the policy before the last one",
    .help = "Reinstate the policy before the last one, even if the last one has not begun yet.\v"
            "Exit codes: 0 accepted, 1 there was none, or it was refused, 2 wrong usage, 3 a service or the "
            "database cannot be reached, 4 not decided yet.",
    .options = rollback_options,
    COMMAND_ARGUMENTS(struct rollback_arguments, .reason = NULL),
    .reads_log = true,
    .run = rollback,
};
