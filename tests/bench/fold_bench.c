/* fold_bench: how fast the fold is, alone, on one core.
 *
 * Usage: fold_bench [EVENTS]. The events are those of made days (support/day). Prints lines "name value": events
 * decided and applied, conditions and sentences evaluated meanwhile, and what an open interaction takes that
 * waits, with its customer. */
#include "common/base/clock.h"
#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/decide/decide.h"
#include "common/policy/state/fold.h"
#include "tests/support/day.h"

#include <malloc.h>
#include <stdio.h>

struct run {
    struct fold *fold;
    struct decisions *decisions;
    WirePosition position;
    WireLoggedEvent record;
    int64_t decided;
};

static void feed(struct run *run, WireEvent *event, int64_t at)
{
    char why[WHY_SIZE];
    run->position.seq++;
    run->record.recorded_at = run->record.occurred_at = run->record.sent_at = event->occurred_at = at;
    if (decide_event(run->fold, &run->record, event, run->decisions) ||
        fold_apply(run->fold, &run->record, event, run->decisions->items, run->decisions->count, why)) {
        fprintf(stderr, "fold_bench: event %llu failed\n", (unsigned long long)run->position.seq);
        exit(1);
    }
    run->decided += (int64_t)run->decisions->count;
}

static void propose(struct run *run, int64_t at)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    proposed.name = "retail";
    proposed.has_document = true;
    proposed.document = (ProtobufCBinaryData){.len = *file->size, .data = (uint8_t *)file->data};
    event.source = "bellhop/bench";
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = &proposed;
    feed(run, &event, at);
}

/* What only making the events takes is measured first, and left out. */
static int64_t play(struct run *run, int64_t count, int64_t at, bool is_told)
{
    const struct day_options options = {.seed = 1, .stores = 20, .registers = 5, .visits = 80};
    AUTO(day) *day = day_new(&options);
    int64_t from = clock_monotonic_us();
    for (int64_t index = 0; index < count; index++) {
        WireEvent *event = (WireEvent *)day_next(day, at + index * 1000);
        if (is_told)
            feed(run, event, at + index * 1000);
    }
    return clock_monotonic_us() - from;
}

static void run_events(struct run *run, int64_t count, int64_t at)
{
    int64_t making_us = play(run, count, at, false);
    int64_t took_us = play(run, count, at, true) - making_us;
    printf("folded_per_s %.0f\n", (double)count * 1e6 / (double)took_us);
    printf("rules_per_s %.0f\n", (double)run->decisions->evaluations * 1e6 / (double)took_us);
    printf("decisions_percent %.1f\n", 100.0 * (double)run->decided / (double)count);
}

/* The bytes of a state that has `count` interactions open, each waiting. */
static void run_open(struct run *run, uint64_t count, int64_t at)
{
    static WireInteractionOpened opened = WIRE_INTERACTION_OPENED__INIT;
    static WireWaitStarted wait = WIRE_WAIT_STARTED__INIT;
    char interaction[64], customer[64];
    WireEvent event = WIRE_EVENT__INIT;
    size_t before = mallinfo2().uordblks;
    event.source = "harbour/till-1";
    event.store_id = "harbour";
    event.interaction_id = interaction;
    event.employee_id = "anna";
    event.customer_id = customer;
    event.has_occurred_at = opened.has_channel = wait.has_kind = true;
    opened.channel = WIRE_CHANNEL__PHONE;
    wait.kind = WIRE_WAIT_KIND__HOLD;
    for (uint64_t index = 0; index < count; index++) {
        snprintf(interaction, sizeof interaction, "visit-%llu", (unsigned long long)index);
        snprintf(customer, sizeof customer, "customer-%llu", (unsigned long long)index);
        event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
        event.interaction_opened = &opened;
        feed(run, &event, at);
        event.body_case = WIRE_EVENT__BODY_WAIT_STARTED;
        event.wait_started = &wait;
        feed(run, &event, at);
    }
    printf("bytes_per_open_interaction %.0f\n", (double)(mallinfo2().uordblks - before) / (double)count);
}

static void run_begin(struct run *run, int64_t at)
{
    *run = (struct run){
        .fold = fold_new(NULL, 1),
        .decisions = decisions_new(),
        .position = WIRE_POSITION__INIT,
        .record = WIRE_LOGGED_EVENT__INIT,
    };
    run->position.has_seq = run->position.has_epoch = true;
    run->position.epoch = 1;
    run->record.position = &run->position;
    run->record.has_recorded_at = run->record.has_occurred_at = run->record.has_sent_at = true;
    propose(run, at);
}

static void run_end(struct run *run)
{
    fold_free(run->fold);
    decisions_free(run->decisions);
}

int main(int argc, char **argv)
{
    int64_t count = 1000000, at = INT64_C(1772445600000000);
    struct run run;
    if (argc > 1 && text_parse_int64(argv[1], 1, 1000000000, &count)) {
        fprintf(stderr, "usage: fold_bench [EVENTS]\n");
        return 2;
    }
    run_begin(&run, at);
    run_events(&run, count, at);
    run_end(&run);
    run_begin(&run, at);
    run_open(&run, 100000, at);
    run_end(&run);
    return 0;
}
