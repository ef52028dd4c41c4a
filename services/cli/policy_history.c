/* policy_history (bellhop policy history): who put which policy in force, when. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/history.h"
#include "services/cli/narrate.h"
#include "services/cli/policy.h"
#include "services/cli/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct versions {
    uint64_t *seqs;
    size_t count;
    struct table *table;
};

static bool on_version(void *owner, const struct history_event *event)
{
    struct versions *versions = owner;
    versions->seqs = reallocate_array(versions->seqs, versions->count + 1, sizeof *versions->seqs);
    versions->seqs[versions->count++] = event->record->position->seq;
    return true;
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct versions *versions = owner;
    const WirePolicyProposed *proposed =
        event->event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED ? event->event->policy_proposed : NULL;
    const WirePolicyResult *result =
        event->count && event->decisions[0]->body_case == WIRE_DECISION__BODY_POLICY
            ? event->decisions[0]->policy
            : NULL;
    bool is_accepted = result && event->decisions[0]->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED;
    char version[24], proposed_at[NARRATE_TIME_SIZE], active[NARRATE_TIME_SIZE];
    if (!proposed)
        return false;
    text_format(version, sizeof version, "%" PRIu64, event->record->position->seq);
    const char *const cells[] = {
        version,
        narrate_time(event->record->recorded_at, proposed_at),
        proposed->proposed_by,
        proposed->name,
        !result       ? "not decided yet"
        : is_accepted ? "accepted"
                      : "refused",
        narrate_time(is_accepted ? result->active_at : 0, active),
        !is_accepted && result && result->n_findings ? result->findings[0] : "",
    };
    table_add(versions->table, cells);
    return false;
}

static int list(struct reader *reader)
{
    static const char *const titles[] = {"version", "proposed",      "by",  "name",
                                         "answer",  "in force from", "why", NULL};
    AUTO(table) *table = table_new(titles);
    struct versions versions = {.table = table};
    int rc = history_type(reader, WIRE_EVENT__BODY_POLICY_PROPOSED, on_version, &versions);
    for (size_t at = 0; rc == EXIT_DONE && at < versions.count; at++)
        if (history_event(reader, versions.seqs[at], on_event, &versions) == EXIT_UNREACHABLE)
            rc = EXIT_UNREACHABLE;
    free(versions.seqs);
    if (rc == EXIT_DONE)
        table_print(table, stdout);
    return rc;
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp argp = {
        .doc = "List the policies that were proposed: who, when, what was answered, and from when on it is "
               "in force.\n"
               "Times are UTC.\v"
               "Exit codes: 0 listed, 2 usage, 3 the database cannot be reached.",
    };
    command_parse(&argp, argc, argv, NULL);
    AUTO(reader) *reader = reader_open(settings);
    return reader ? list(reader) : EXIT_USAGE;
}

const struct command policy_history_command = {
    .name = "history",
    .purpose = "list who put which policy in force, when",
    .run = run,
};
