/* proposing: one append, its receipt, and the decision that follows. */
#include "services/cli/log/proposing.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/persist_link.h"
#include "common/wire/event.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { COMMIT_MS = 10000, DECIDE_MS = 15000, LOOK_MS = 100 };

struct append {
    bool is_answered;
    WireReceipt__Result result;
    uint64_t seq;
    char reason[WHY_SIZE];
};

static void on_appended(void *owner, const WireAppendResult *result)
{
    struct append *append = owner;
    const WireReceipt *receipt = result->n_receipts ? result->receipts[0] : NULL;
    append->is_answered = receipt != NULL;
    if (!receipt)
        return;
    append->result = receipt->result;
    append->seq = receipt->position ? receipt->position->seq : 0;
    text_copy(append->reason, sizeof append->reason, receipt->reason ? receipt->reason : "");
}

static void append_wait(struct loop *loop, struct persist_link *link, WirePolicyProposed *proposed,
                        const struct command_settings *settings, struct append *append)
{
    int64_t until_ms = clock_monotonic_ms() + COMMIT_MS;
    struct uuid id;
    WireEvent event = wire_event_mint("bellhop/cli", clock_utc_us(), &id);
    proposed->proposed_by = (char *)settings->source;
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = proposed;
    persist_link_append_event(link, &event);
    while (!append->is_answered && clock_monotonic_ms() < until_ms)
        loop_turn(loop, until_ms - clock_monotonic_ms());
}

static int append_proposal(const struct command_settings *settings, WirePolicyProposed *proposed,
                           struct append *append)
{
    char why[WHY_SIZE];
    AUTO(loop) *loop = loop_new();
    AUTO(link_context) *context = link_context_new();
    const struct persist_link_calls calls = {.on_appended = on_appended, .owner = append};
    AUTO(persist_link) *link =
        persist_link_open(context, loop, settings->append, "cli", &calls, why, sizeof why);
    if (!link) {
        command_complain("could not reach bellhop-persist at %s: %s", settings->append, why);
        return EXIT_UNREACHABLE;
    }
    append_wait(loop, link, proposed, settings, append);
    if (!append->is_answered) {
        command_complain(
            "bellhop-persist at %s does not answer; the policy may or may not have been proposed",
            settings->append);
        return EXIT_UNREACHABLE;
    }
    if (append->result == WIRE_RECEIPT__RESULT__COMMITTED)
        return EXIT_DONE;
    command_complain("the log did not take the policy: %s", append->reason);
    return EXIT_NEGATIVE;
}

struct answer {
    bool is_decided, is_accepted;
};

static void on_decision(void *owner, const WireDecision *decision)
{
    struct answer *answer = owner;
    char active[NARRATE_TIME_SIZE];
    if (decision->body_case != WIRE_DECISION__BODY_POLICY)
        return;
    answer->is_decided = true;
    answer->is_accepted = decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED;
    if (answer->is_accepted)
        printf("version %" PRIu64 " is accepted, and in force from %s on\n", decision->policy->policy_version,
               narrate_time(decision->policy->active_at, active));
    else
        printf("version %" PRIu64 " is refused: what was in force stays\n", decision->policy->policy_version);
    for (size_t i = 0; i < decision->policy->n_findings; i++)
        printf("  %s\n", decision->policy->findings[i]);
}

int proposing_run(const struct command_settings *settings, struct reader *reader,
                  WirePolicyProposed *proposed)
{
    struct append append = {.is_answered = false};
    struct answer answer = {.is_decided = false};
    int rc = append_proposal(settings, proposed, &append);
    int64_t until_ms = clock_monotonic_ms() + DECIDE_MS;
    while (rc == EXIT_DONE && !answer.is_decided && clock_monotonic_ms() < until_ms) {
        rc = reader_ask_event(reader, append.seq, on_decision, &answer);
        if (rc == EXIT_NEGATIVE) { /* not yet */
            nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
            rc = EXIT_DONE;
        }
    }
    if (rc != EXIT_DONE)
        return rc;
    if (!answer.is_decided) {
        command_complain("version %" PRIu64
                         " is proposed and not decided yet: `bellhop policy history` tells when it is",
                         append.seq);
        return EXIT_NO_ANSWER;
    }
    return answer.is_accepted ? EXIT_DONE : EXIT_NEGATIVE;
}
