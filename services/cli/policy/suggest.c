/* suggest (bellhop policy suggest): single changes of a figure or limit, each run over the recorded past.
 *
 * The log is walked twice: once by the policy as it stands, to see which figures much of it lies near, then by it and by
 * every candidate at once. Nothing is written. */
#include "common/policy/trial/comparison.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/policy/past.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <inttypes.h>
#include <stdio.h>

struct arguments {
    const char *path; /* NULL: the policy in force */
    struct past_range range;
    bool as_json;
};

/* What was tried, and what of it is worth talking about. */
struct findings {
    const struct arguments *arguments;
    const struct policy *policy;
    struct candidate candidates[CANDIDATES_MOST];
    struct worth_sum worths[CANDIDATES_MOST];
    size_t count;
    size_t places[SUGGESTIONS_MOST], suggested;
    uint64_t events; /* that the stores told of */
};

/* --- the walks --- */

static void on_logged(void *owner, const WireEvent *event)
{
    comparison_logged(owner, event);
}

static int on_event(void *owner, const struct history_event *event, char why[static WHY_SIZE])
{
    return comparison_event(owner, event->record, event->event, event->decisions, event->count, why);
}

static int walk(struct reader *reader, struct comparison *comparison, const struct past_span *span,
                const char *what)
{
    const struct past_judge judge = {.logged = on_logged, .event = on_event, .owner = comparison};
    uint64_t events;
    return past_walk(reader, span, &judge, what, &events);
}

/* Which changes are worth trying. */
static int look(struct reader *reader, const struct backtest_options *options, const struct past_span *span,
                struct findings *findings)
{
    char why[WHY_SIZE];
    AUTO(candidates) *candidates = candidates_new(findings->policy);
    AUTO(comparison) *comparison = comparison_new(options, why);
    if (!comparison) {
        command_complain("%s", why);
        return EXIT_USAGE;
    }
    comparison_watch(comparison, candidates);
    int rc = walk(reader, comparison, span, "looking at the past");
    findings->events = comparison_told(comparison);
    findings->count = candidates_choose(candidates, findings->candidates);
    return rc;
}

/* Tries them all at once. One that the policy cannot be with (a ladder that would not go up) is left out. */
static int try_all(struct reader *reader, const struct backtest_options *options,
                   const struct past_span *span, struct findings *findings)
{
    char why[WHY_SIZE];
    size_t total = findings->count;
    AUTO(comparison) *comparison = comparison_new(options, why);
    findings->count = 0;
    for (size_t i = 0; comparison && i < total; i++)
        if (comparison_add(comparison, &findings->candidates[i].change, 1, why))
            findings->candidates[findings->count++] = findings->candidates[i];
    int rc = findings->count ? walk(reader, comparison, span, "trying what may be better") : EXIT_DONE;
    for (size_t i = 0; i < findings->count; i++)
        findings->worths[i] = comparison_worth(comparison, i);
    findings->suggested =
        candidates_suggest(findings->candidates, findings->worths, findings->count, findings->places);
    return rc;
}

/* --- told --- */

static void append_word(struct bytes *into, const char *option, const char *word)
{
    if (!word)
        return;
    bool is_plain =
        *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "._-+/:@,=")];
    bytes_append_format(into, " %s%s", option, is_plain ? word : "'");
    for (; !is_plain && *word; word++)
        bytes_append_format(into, *word == '\'' ? "'\\''" : "%c", *word);
    if (!is_plain)
        bytes_append_text(into, "'");
}

/* The command that gives the same numbers. */
static void write_command(const struct findings *findings, const struct candidate *candidate,
                          struct bytes *into)
{
    const struct arguments *arguments = findings->arguments;
    bytes_append_format(into, "bellhop policy backtest --set %s=%s", candidate->change.name,
                        candidate->change.value);
    append_word(into, "--since ", arguments->range.since.text);
    append_word(into, "--until ", arguments->range.until.text);
    append_word(into, "--store ", arguments->range.store_id);
    append_word(into, "", arguments->path);
}

static void write_suggestion(const struct findings *findings, size_t index, struct bytes *into)
{
    size_t place = findings->places[index];
    bytes_append_format(into, "\n%zu  ", index + 1);
    candidate_write(&findings->candidates[place], findings->policy, into);
    bytes_append_text(into, "\n");
    worth_write(&findings->worths[place], "   ", into);
    bytes_append_text(into, "   Again: ");
    write_command(findings, &findings->candidates[place], into);
    bytes_append_text(into, "\n");
}

static void tell(const struct findings *findings)
{
    AUTO_CLEAR(bytes) told = {.size = 0};
    bytes_append_format(&told,
                        "What one change alone of the policy \"%s\" would have been worth, over %" PRIu64
                        " recorded events.\nIt says what would have been, and claims no cause. Nothing is "
                        "changed by this.\n",
                        policy_name(findings->policy), findings->events);
    for (size_t i = 0; i < findings->suggested; i++)
        write_suggestion(findings, i, &told);
    if (!findings->count)
        bytes_append_text(&told, "\nNothing of it lay near any figure or limit: no change was tried.\n");
    else if (!findings->suggested)
        bytes_append_format(&told,
                            "\nOf %zu change%s that were tried none would have made anything better.\n",
                            findings->count, findings->count == 1 ? "" : "s");
    fputs(bytes_text(&told), stdout);
}

static json_t *suggestion_json(const struct findings *findings, size_t place)
{
    const struct candidate *candidate = &findings->candidates[place];
    AUTO_CLEAR(bytes) says = {.size = 0};
    AUTO_CLEAR(bytes) command = {.size = 0};
    candidate_write(candidate, findings->policy, &says);
    write_command(findings, candidate, &command);
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", candidate->change.name, "value",
                     candidate->change.value, "says", bytes_text(&says), "command", bytes_text(&command),
                     "worth", worth_json(&findings->worths[place]));
}

static void tell_json(const struct findings *findings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < findings->suggested; i++)
        json_array_append_new(list, suggestion_json(findings, findings->places[i]));
    json_t *json =
        json_pack("{s:s, s:I, s:I, s:o}", "policy", policy_name(findings->policy), "events",
                  (json_int_t)findings->events, "tried", (json_int_t)findings->count, "suggestions", list);
    json_dumpf(json, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(json);
}

/* --- the command --- */

static int suggest(const struct command_call *call, const struct policy_file *file, struct findings *findings)
{
    struct past_span span;
    if (!past_find(call->reader, &findings->arguments->range, &span))
        return EXIT_UNREACHABLE;
    const struct backtest_options options =
        policy_file_options(file, span.since_at, findings->arguments->range.store_id);
    int rc = look(call->reader, &options, &span, findings);
    if (rc == EXIT_DONE)
        rc = try_all(call->reader, &options, &span, findings);
    if (rc != EXIT_DONE)
        return rc;
    if (findings->arguments->as_json)
        tell_json(findings);
    if (!findings->events)
        command_complain("nothing was recorded in that time: there is nothing to learn from");
    else if (!findings->arguments->as_json)
        tell(findings);
    return findings->suggested ? EXIT_DONE : EXIT_NEGATIVE;
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy_file) *file =
        arguments->path ? policy_file_read(arguments->path) : policy_file_in_force(call->reader);
    AUTO(policy) *policy = file ? policy_file_policy(file) : NULL;
    struct findings findings = {.arguments = arguments, .policy = policy};
    if (!policy)
        return file || arguments->path ? EXIT_USAGE : EXIT_UNREACHABLE;
    return suggest(call, file, &findings);
}

static void read_word(void *arguments, const char *word, const struct argp_state *state)
{
    if (state->arg_num)
        argp_error(state, "one file at a time: what is \"%s\"?", word);
    ((struct arguments *)arguments)->path = word;
}

static const struct option_row options[] = {
    PAST_OPTIONS(struct arguments, range),
    {"json", 'j', NULL, "print the suggestions as JSON", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command policy_suggest_command = {
    .name = "suggest",
    .summary = "suggest single changes of a figure or limit, from the recorded past",
    .usage = "[FILE]",
    .help =
        "Suggest at most five single changes of a figure or limit of the policy in force, or of FILE, each "
        "run over "
        "the recorded past: contacts that would have stayed at the counter, how much sooner somebody would "
        "have heard, what it would have cost, and noes that were regretted. Each names the backtest that "
        "gives the same numbers. Nothing is ever changed by this.\v"
        "Exit codes: 0 there are suggestions, 1 there are none, 2 wrong usage, or the file is no policy, 3 "
        "the database cannot be reached.",
    .options = options,
    .word = read_word,
    COMMAND_ARGUMENTS(struct arguments, .path = NULL),
    .reads_log = true,
    .run = run,
};
