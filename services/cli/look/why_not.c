/* why_not (bellhop why-not): why a rule did nothing in an interaction. The log is folded again up to its events. */
#include "common/policy/decide/decide.h"
#include "common/policy/explain/why.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/explain/explain_rule.h"
#include "common/policy/state/fold.h"
#include "common/wire/event.h"
#include "services/cli/log/history.h"
#include "services/cli/log/policies.h"
#include "services/cli/look/look.h"
#include "services/cli/look/stores.h"
#include "services/cli/terminal/narrate.h"

#include <stdio.h>
#include <stdlib.h>

struct arguments {
    const char *interaction, *rule;
    const char *store_id; /* of the interaction; NULL: whichever has it */
};

struct inquiry {
    const struct arguments *arguments;
    struct fold *fold;
    struct decisions *decisions;
    struct stores stores; /* that have the interaction */
    struct bytes told, seen;
    const struct history_event *event; /* under way */
    bool is_event_told;
    size_t events, looks, held;
    char why[WHY_SIZE];
};

static void write_event(struct inquiry *inquiry)
{
    char time[NARRATE_TIME_SIZE];
    const char *type = wire_event_type(inquiry->event->event);
    if (inquiry->is_event_told)
        return;
    bytes_append_format(&inquiry->told, "%s%s  %s", inquiry->told.size ? "\n" : "",
                        narrate_time(inquiry->event->record->occurred_at, time), type ? type : "?");
    why_subject(inquiry->event->event, &inquiry->told);
    bytes_append_text(&inquiry->told, "\n");
    inquiry->is_event_told = true;
}

static void on_look(void *owner, const struct rule_look *look)
{
    struct inquiry *inquiry = owner;
    if (!why_is_about(look->rule, inquiry->arguments->rule))
        return;
    write_event(inquiry);
    why_look(look, "  ", &inquiry->told);
    if (!look->holds)
        why_limits(inquiry->event->decisions, inquiry->event->count, look, "    ", &inquiry->told);
    inquiry->looks++;
    inquiry->held += look->holds;
}

static bool is_called(const WireDecision *decision, const char *name_or_row)
{
    return (decision->rule && text_equal(decision->rule, name_or_row)) ||
           (decision->rule_id && text_equal(decision->rule_id, name_or_row));
}

/* What came of it: opened, grouped with an open case, silenced, muted. */
static void write_outcome(struct inquiry *inquiry)
{
    const struct history_event *event = inquiry->event;
    for (size_t i = 0; i < event->count; i++) {
        const WireDecision *decision = event->decisions[i];
        if (!is_called(decision, inquiry->arguments->rule))
            continue;
        write_event(inquiry);
        bytes_append_text(&inquiry->told, "  decided: ");
        narrate_decision(decision, &inquiry->told);
        if (decision->kind == WIRE_DECISION_KIND__CASE_CAUSE_ADDED)
            bytes_append_text(&inquiry->told, "; added to a case that was open already");
        if (decision->kind == WIRE_DECISION_KIND__CASE_MUTED)
            bytes_append_text(&inquiry->told, "; muted: a critical case pages already");
        bytes_append_text(&inquiry->told, "\n");
    }
}

static bool is_asked_for(struct inquiry *inquiry, const WireEvent *event)
{
    return event->interaction_id && text_equal(event->interaction_id, inquiry->arguments->interaction) &&
           stores_ask(&inquiry->stores, inquiry->arguments->store_id, event->store_id);
}

static bool on_event(void *owner, const struct history_event *event)
{
    struct inquiry *inquiry = owner;
    if (is_asked_for(inquiry, event->event)) {
        inquiry->event = event;
        inquiry->is_event_told = false;
        inquiry->events++;
        bytes_append_text(&inquiry->seen, inquiry->seen.size ? "; " : "");
        explain_event(event->event->body_case, &inquiry->seen);
        decide_event(inquiry->fold, event->record, event->event, inquiry->decisions);
        write_outcome(inquiry);
    }
    return fold_apply(inquiry->fold, event->record, event->event, event->decisions, event->count,
                      inquiry->why) == 0;
}

static int tell(struct inquiry *inquiry, struct reader *reader)
{
    const struct arguments *arguments = inquiry->arguments;
    AUTO(policies) *policies = policies_new(reader);
    const struct policy *policy = policies_find(policies, fold_policy_version(inquiry->fold));
    AUTO_CLEAR(bytes) triggers = {.size = 0};
    bool is_known = policy && why_triggers(policy, arguments->rule, &triggers);
    if (!inquiry->events) {
        command_complain("the log has no interaction \"%s\"", arguments->interaction);
        return EXIT_NEGATIVE;
    }
    if (stores_complain(&inquiry->stores, arguments->interaction))
        return EXIT_USAGE;
    if (!is_known && !inquiry->looks) {
        command_complain("the policy has no rule \"%s\"", arguments->rule);
        return EXIT_USAGE;
    }
    fputs(bytes_text(&inquiry->told), stdout);
    if (!inquiry->looks)
        printf("The rule %s was never looked at in %s. It is looked at when\n%sWhat happened here: %s.\n",
               arguments->rule, arguments->interaction, bytes_text(&triggers), bytes_text(&inquiry->seen));
    else
        printf("\nThe rule %s was looked at %zu time%s in %s and held %zu time%s.\n", arguments->rule,
               inquiry->looks, inquiry->looks == 1 ? "" : "s", arguments->interaction, inquiry->held,
               inquiry->held == 1 ? "" : "s");
    return EXIT_DONE;
}

static int refold(struct inquiry *inquiry, struct reader *reader)
{
    struct history_options options = {.what = "folding the log"};
    int rc = history_walk(reader, &options, on_event, inquiry);
    if (rc == EXIT_DONE && inquiry->why[0]) {
        command_complain("could not fold the log: %s", inquiry->why);
        rc = EXIT_UNREACHABLE;
    }
    return rc != EXIT_DONE ? rc : tell(inquiry, reader);
}

static int run(const struct command_call *call)
{
    AUTO(fold) *fold = fold_new(NULL, 1);
    AUTO(decisions) *decisions = decisions_new();
    struct inquiry inquiry = {.arguments = call->arguments, .fold = fold, .decisions = decisions};
    decisions->looked = on_look;
    decisions->owner = &inquiry;
    int rc = refold(&inquiry, call->reader);
    bytes_clear(&inquiry.told);
    bytes_clear(&inquiry.seen);
    stores_clear(&inquiry.stores);
    return rc;
}

static const struct option_row options[] = {
    {"store", 's', "STORE", "the interaction's store, where several have one of that name", option_read_text,
     offsetof(struct arguments, store_id)},
    {0},
};

const struct command why_not_command = {
    .name = "why-not",
    .summary = "explain why a rule did nothing in an interaction",
    .usage = "INTERACTION RULE",
    .help = "Explain why a rule, given by its name or its row (such as F2), did nothing in an interaction: "
            "each time it was looked at, with the term that failed and by how much, or that it never was. "
            "This reads the log from its beginning, which takes a while if the log is long. Times are UTC.\v"
            "Exit codes: 0 explained, 1 there is no such interaction, 2 wrong usage, 3 the database cannot "
            "be reached.",
    .options = options,
    .words = {.count = 2,
              .at = {offsetof(struct arguments, interaction), offsetof(struct arguments, rule)},
              .missing = "which interaction, and which rule?"},
    COMMAND_ARGUMENTS(struct arguments, .rule = NULL),
    .reads_log = true,
    .run = run,
};
