/* why (bellhop why): why a decision was made, from the facts it kept. */
#include "common/policy/explain/why.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/event.h"
#include "common/wire/position.h"
#include "common/wire/wire.h"
#include "services/cli/log/history.h"
#include "services/cli/log/policies.h"
#include "services/cli/look/look.h"
#include "services/cli/look/stores.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
    const char *what;     /* a decision's id, an event's position, or an interaction */
    const char *store_id; /* of the interaction; NULL: whichever has it */
};

struct inquiry {
    struct reader *reader;
    struct policies *policies;
    struct cel_scratch scratch;
    struct bytes told;
    struct stores stores; /* that have the interaction */
    const char *store_id; /* the one that is asked about, NULL any */
    bool is_one;          /* decision: the one of this ordinal alone */
    uint32_t ordinal;
    uint64_t *seqs; /* of the events that are to be asked about */
    size_t count;
    char case_id[72]; /* of the case that was told of, "" none */
    uint64_t case_seq;
};

/* --- one event --- */

/* An event and its decisions, kept beyond the walk: policies are read from the log as well. */
struct kept {
    struct arena *arena;
    struct bytes bytes;
    WireLoggedEvent record;
    const WireEvent *event;
    WireDecision **decisions;
    size_t count;
};

static void *keep_message(struct kept *kept, const ProtobufCMessageDescriptor *descriptor, struct slice bytes)
{
    return wire_unpack(descriptor, slice_of(arena_copy(kept->arena, bytes.data, bytes.size), bytes.size),
                       kept->arena, NULL);
}

static bool on_event(void *owner, const struct history_event *found)
{
    struct kept *kept = owner;
    kept->record = *found->record;
    kept->event = keep_message(kept, &wire_event__descriptor, wire_slice(found->record->event));
    kept->decisions = arena_allocate(kept->arena, (found->count + 1) * sizeof *kept->decisions);
    for (size_t i = 0; i < found->count; i++)
        kept->decisions[kept->count++] = keep_message(kept, &wire_decision__descriptor, found->packed[i]);
    return false;
}

static void write_event(struct inquiry *inquiry, const struct kept *kept)
{
    const WireEvent *event = kept->event;
    const char *type = wire_event_type(event);
    char time[NARRATE_TIME_SIZE];
    bytes_append_format(&inquiry->told, "  From the event %s", type ? type : "?");
    if (event->interaction_id)
        bytes_append_format(&inquiry->told, " of %s", event->interaction_id);
    if (event->store_id)
        bytes_append_format(&inquiry->told, " in %s", event->store_id);
    bytes_append_format(&inquiry->told, ", %s", narrate_time(kept->record.occurred_at, time));
    if (event->source)
        bytes_append_format(&inquiry->told, ", reported by %s", event->source);
    why_subject(event, &inquiry->told);
    bytes_append_text(&inquiry->told, "\n");
}

static void write_policy(struct inquiry *inquiry, const WireDecision *decision, const struct policy *policy)
{
    if (policy)
        bytes_append_format(&inquiry->told, "  By the policy \"%s\", version %" PRIu64 "\n",
                            policy_name(policy), decision->policy_version);
}

/* The decision before it, of the same event, was made by the same rule, and knew the same. */
static bool is_of_same_reason(const struct kept *kept, const WireDecision *decision)
{
    const WireDecision *before =
        decision->ordinal && decision->ordinal <= kept->count ? kept->decisions[decision->ordinal - 1] : NULL;
    return before && before->rule && decision->rule && text_equal(before->rule, decision->rule) &&
           before->n_facts == decision->n_facts;
}

static void write_decision(struct inquiry *inquiry, const struct kept *kept, const WireDecision *decision)
{
    char id[DECISION_ID_TEXT_SIZE], time[NARRATE_TIME_SIZE];
    const struct policy *policy =
        decision->has_policy_version ? policies_find(inquiry->policies, decision->policy_version) : NULL;
    struct question question = {.policy = policy,
                                .decision = decision,
                                .event = kept->event,
                                .arena = kept->arena,
                                .scratch = &inquiry->scratch};
    decision_id_format((struct decision_id){position_of(decision->position), decision->ordinal}, id);
    bytes_append_format(&inquiry->told, "%s  %s  ", id, narrate_time(decision->decided_at, time));
    narrate_decision(decision, &inquiry->told);
    bytes_append_text(&inquiry->told, "\n");
    if (is_of_same_reason(kept, decision) && !inquiry->is_one) {
        bytes_append_text(&inquiry->told, "  For the same reason.\n");
    } else {
        write_event(inquiry, kept);
        why_decision(&question, &inquiry->told);
        write_policy(inquiry, decision, policy);
    }
    if (decision->body_case == WIRE_DECISION__BODY_CASE) {
        text_copy(inquiry->case_id, sizeof inquiry->case_id, decision->case_->escalation_id);
        inquiry->case_seq = decision->position->seq;
    }
}

static int ask_event(struct inquiry *inquiry, uint64_t seq, size_t *told)
{
    enum { ARENA_SIZE = 32 << 20 };
    struct kept kept = {.arena = arena_new(ARENA_SIZE)};
    int rc = history_read_event(inquiry->reader, seq, on_event, &kept);
    for (size_t i = 0; rc == EXIT_DONE && i < kept.count; i++) {
        if (!kept.decisions[i] || (inquiry->is_one && kept.decisions[i]->ordinal != inquiry->ordinal))
            continue;
        bytes_append_text(&inquiry->told, *told ? "\n" : "");
        write_decision(inquiry, &kept, kept.decisions[i]);
        (*told)++;
    }
    arena_free(kept.arena);
    return rc;
}

/* --- what followed --- */

static void write_followed(void *owner, const WireDecision *decision)
{
    struct inquiry *inquiry = owner;
    char time[NARRATE_TIME_SIZE];
    if (decision->position->seq <= inquiry->case_seq)
        return;
    bytes_append_format(&inquiry->told, "%s    %s  ", inquiry->count++ ? "" : "  What followed:\n",
                        narrate_time(decision->decided_at, time));
    narrate_decision(decision, &inquiry->told);
    bytes_append_text(&inquiry->told, "\n");
}

/* --- an interaction --- */

static void on_interaction(void *owner, const WireDecision *decision)
{
    struct inquiry *inquiry = owner;
    uint64_t seq = decision->position->seq;
    if (!stores_ask(&inquiry->stores, inquiry->store_id, decision->store_id))
        return;
    if (inquiry->count && inquiry->seqs[inquiry->count - 1] == seq)
        return;
    inquiry->seqs = memory_resize_array(inquiry->seqs, inquiry->count + 1, sizeof *inquiry->seqs);
    inquiry->seqs[inquiry->count++] = seq;
}

static int ask_interaction(struct inquiry *inquiry, const char *interaction_id)
{
    size_t told = 0;
    int rc = reader_ask_interaction(inquiry->reader, interaction_id, on_interaction, inquiry);
    if (rc == EXIT_DONE && stores_complain(&inquiry->stores, interaction_id))
        return EXIT_USAGE;
    if (rc == EXIT_DONE && !inquiry->count)
        rc = EXIT_NEGATIVE;
    for (size_t i = 0; rc == EXIT_DONE && i < inquiry->count; i++)
        rc = ask_event(inquiry, inquiry->seqs[i], &told);
    if (rc == EXIT_NEGATIVE)
        command_complain("nothing was decided in the interaction \"%s\"", interaction_id);
    return rc;
}

static int ask(struct inquiry *inquiry, const char *what)
{
    struct decision_id id;
    struct position position;
    size_t told = 0;
    inquiry->is_one = !decision_id_parse(what, &id);
    if (!inquiry->is_one && position_parse(what, &position))
        return ask_interaction(inquiry, what);
    inquiry->ordinal = id.ordinal;
    int rc = ask_event(inquiry, inquiry->is_one ? id.position.seq : position.seq, &told);
    if (rc == EXIT_DONE && inquiry->is_one && inquiry->case_id[0])
        rc = reader_ask_timeline(inquiry->reader, inquiry->case_id, write_followed, inquiry);
    if (rc == EXIT_DONE && !told)
        rc = EXIT_NEGATIVE;
    if (rc == EXIT_NEGATIVE)
        command_complain("nothing was decided at \"%s\"", what);
    return rc;
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policies) *policies = policies_new(call->reader);
    struct inquiry *inquiry = NEW(inquiry);
    inquiry->reader = call->reader;
    inquiry->policies = policies;
    inquiry->store_id = arguments->store_id;
    int rc = ask(inquiry, arguments->what);
    fputs(bytes_text(&inquiry->told), stdout);
    bytes_clear(&inquiry->told);
    stores_clear(&inquiry->stores);
    free(inquiry->seqs);
    free(inquiry);
    return rc;
}

static const struct option_row options[] = {
    {"store", 's', "STORE", "the interaction's store, where several have one of that name", option_read_text,
     offsetof(struct arguments, store_id)},
    {0},
};

const struct command why_command = {
    .name = "why",
    .summary = "explain a decision by what was known at the time",
    .usage = "DECISION|POSITION|INTERACTION",
    .help = "Explain a decision, given by its id (1-44-0; the id of a case or a follow-up works too), or "
            "every decision about an event (1-44) or in an interaction: the rule, what it knew at that "
            "moment, the proof for each level that was passed over, and what followed. Times are UTC.\v"
            "Exit codes: 0 explained, 1 nothing was decided there, 2 wrong usage, 3 the database cannot be "
            "reached.",
    .options = options,
    .words = {.count = 1,
              .at = {offsetof(struct arguments, what)},
              .missing = "which decision or interaction?",
              .only = "one decision or interaction at a time"},
    COMMAND_ARGUMENTS(struct arguments, .what = NULL),
    .reads_log = true,
    .run = run,
};
