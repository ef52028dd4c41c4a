/* open (bellhop open): cases that wait for somebody, and follow-ups to be done. */
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"
#include "common/wire/json.h"
#include "services/cli/log/policies.h"
#include "services/cli/look/look.h"
#include "services/cli/terminal/narrate.h"
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
    size_t count;
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

/* Whether it becomes a row of the table: as JSON it is printed at once. */
static bool is_row(struct listing *listing, const void *message, const char *store, const char *role)
{
    const struct arguments *arguments = listing->arguments;
    if (!is_wanted(arguments->store, store) || !is_wanted(arguments->role, role))
        return false;
    listing->count++;
    if (arguments->as_json)
        json_print(message);
    return !arguments->as_json;
}

static void list_case(void *owner, const WireDecision *decision)
{
    struct listing *listing = owner;
    const WireCase *open = decision->case_;
    if (!open || !is_row(listing, open, open->store_id, open->role))
        return;
    char opened[NARRATE_TIME_SIZE], due[NARRATE_TIME_SIZE];
    AUTO_CLEAR(bytes) amount = {.size = 0};
    bytes_append_text(&amount, text_or_empty(open->exception));
    bytes_append_text(&amount, open->exception && open->requested ? " " : "");
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
    if (!open || !is_row(listing, open, open->store_id, open->owner))
        return;
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

/* No case can be with a role that the policy in force does not have. */
static int role_check(struct reader *reader, const char *role)
{
    AUTO(policies) *policies = policies_new(reader);
    const struct policy *policy = policies_find_in_force(policies);
    if (!policy || ladder_find(&policy->ladder, role) >= 0)
        return EXIT_DONE;
    AUTO_CLEAR(bytes) roles = {.size = 0};
    for (unsigned i = 0; i < policy->ladder.count; i++)
        bytes_append_format(&roles, "%s%s", i ? ", " : "", policy->ladder.levels[i].role);
    command_complain("there is no role \"%s\"; the policy in force has %s", role, bytes_text(&roles));
    return EXIT_USAGE;
}

static int run(const struct command_call *call)
{
    static const char *const case_titles[] = {"case",  "opened", "severity", "row",   "store", "level",
                                              "state", "by",     "due",      "asked", "what",  NULL};
    static const char *const follow_up_titles[] = {"follow-up", "opened",   "kind", "row",  "store", "owner",
                                                   "state",     "customer", "due",  "what", NULL};
    const struct arguments *arguments = call->arguments;
    AUTO(table) *table = table_new(arguments->with_follow_ups ? follow_up_titles : case_titles);
    struct listing listing = {.arguments = arguments, .table = table};
    int rc = arguments->with_follow_ups ? reader_ask_open_follow_ups(call->reader, list_follow_up, &listing)
                                        : reader_ask_open_cases(call->reader, list_case, &listing);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (listing.count == 0 && arguments->role && !arguments->with_follow_ups &&
        role_check(call->reader, arguments->role) != EXIT_DONE)
        return EXIT_USAGE;
    if (table_rows(table) > 0)
        table_print(table, stdout);
    else if (!arguments->as_json)
        fprintf(stderr, "nothing is open\n");
    return EXIT_DONE;
}

static const struct option_row options[] = {
    {"store", 's', "STORE", "only cases of this store", option_read_text, offsetof(struct arguments, store)},
    {"role", 'r', "ROLE", "only cases with this role; of follow-ups, those of this owner", option_read_text,
     offsetof(struct arguments, role)},
    {"follow-ups", 'f', NULL, "list open follow-ups instead of cases", option_read_switch,
     offsetof(struct arguments, with_follow_ups)},
    {"json", 'j', NULL, "print JSON, one case per line", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command open_command = {
    .name = "open",
    .summary = "list the cases that wait for somebody",
    .help = "List the cases that are open or acknowledged, oldest first. Times are UTC.\v"
            "Exit codes: 0 listed (there may be none), 2 wrong usage, or there is no such role, 3 the "
            "database cannot be reached.",
    .options = options,
    COMMAND_ARGUMENTS(struct arguments, .store = NULL),
    .reads_log = true,
    .run = run,
};
