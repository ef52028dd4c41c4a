/* history (bellhop policy history): who put which policy in force, when. */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/log/history.h"
#include "services/cli/policy/policy.h"
#include "services/cli/terminal/narrate.h"
#include "services/cli/terminal/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct version {
    uint64_t seq;
    char *by, *name, *why;
    int64_t proposed_at;
    int64_t from_at, until_at; /* from_at 0: it was not accepted; until_at 0: nothing came after it */
    bool is_decided;
};

struct versions {
    struct version *items;
    size_t count;
};

static bool on_version(void *owner, const struct history_event *event)
{
    struct versions *versions = owner;
    const WirePolicyProposed *proposed = event->event->policy_proposed;
    const WirePolicyResult *result =
        event->count && event->decisions[0]->body_case == WIRE_DECISION__BODY_POLICY
            ? event->decisions[0]->policy
            : NULL;
    bool is_accepted = result && event->decisions[0]->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED;
    versions->items = memory_resize_array(versions->items, versions->count + 1, sizeof *versions->items);
    versions->items[versions->count++] = (struct version){
        .seq = event->record->position->seq,
        .by = memory_copy_text(proposed->proposed_by),
        .name = memory_copy_text(proposed->name),
        .why = memory_copy_text(result && !is_accepted && result->n_findings ? result->findings[0]
                                                                             : proposed->reason),
        .proposed_at = event->record->recorded_at,
        .from_at = is_accepted ? result->active_at : 0,
        .is_decided = result,
    };
    return true;
}

/* A version ends where the first of those that were accepted after it begins; with one that begins no later it never
 * comes into force. */
static void find_ends(struct versions *versions)
{
    for (size_t i = 0; i < versions->count; i++)
        for (size_t later = i + 1; later < versions->count; later++) {
            struct version *version = &versions->items[i];
            int64_t from_at = versions->items[later].from_at;
            if (from_at && (!version->until_at || from_at < version->until_at))
                version->until_at = from_at;
        }
}

static const char *standing(const struct version *version, int64_t now)
{
    if (!version->is_decided)
        return "not decided yet";
    if (!version->from_at)
        return "refused";
    if (version->until_at && version->until_at <= version->from_at)
        return "replaced before it began";
    return version->from_at > now                          ? "to come"
           : !version->until_at || version->until_at > now ? "in force"
                                                           : "was in force";
}

static void add_row(struct table *table, const struct version *version)
{
    char seq[24], proposed_at[NARRATE_TIME_SIZE], from[NARRATE_TIME_SIZE], until[NARRATE_TIME_SIZE];
    bool is_cut = version->until_at && version->until_at <= version->from_at;
    text_format(seq, sizeof seq, "%" PRIu64, version->seq);
    const char *const cells[] = {
        seq,
        narrate_time(version->proposed_at, proposed_at),
        version->by,
        version->name,
        standing(version, clock_utc_us()),
        narrate_time(version->from_at, from),
        narrate_time(is_cut || !version->from_at ? 0 : version->until_at, until),
        version->why,
    };
    table_add(table, cells);
}

static void versions_clear(struct versions *versions)
{
    for (size_t i = 0; i < versions->count; i++) {
        free(versions->items[i].by);
        free(versions->items[i].name);
        free(versions->items[i].why);
    }
    free(versions->items);
}

static int run(const struct command_call *call)
{
    static const char *const titles[] = {"version", "proposed", "by",  "name", "answer",
                                         "from",    "until",    "why", NULL};
    AUTO(table) *table = table_new(titles);
    struct versions versions = {.count = 0};
    int rc = history_walk_proposals(call->reader, on_version, &versions);
    find_ends(&versions);
    for (size_t i = 0; rc == EXIT_DONE && i < versions.count; i++)
        add_row(table, &versions.items[i]);
    versions_clear(&versions);
    if (rc == EXIT_DONE)
        table_print(table, stdout);
    return rc;
}

const struct command policy_history_command = {
    .name = "history",
    .summary = "list who put which policy in force, and when",
    .help = "List the policies that were proposed: by whom, when, what the answer was, and from when until "
            "when each is in force. Times are UTC.\v"
            "Exit codes: 0 listed, 2 wrong usage, 3 the database cannot be reached.",
    .reads_log = true,
    .run = run,
};
