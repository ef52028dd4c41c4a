/* deadline_clock: one timer, and one batch on its way. */
#include "services/escalate/deadline_clock.h"

#include "common/base/clock.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/service/service.h"
#include "common/wire/append_batch.h"

enum {
    CLOCK_BATCH = 500,
    CLOCK_LONGEST_SLEEP_MS = 60 * 1000, /* the wall clock may be set meanwhile */
    OVERDUE_YELLOW_MS = 5000,           /* beyond the grace */
    OVERDUE_RED_MS = 60000,
};

struct clock_numbers {
    uint64_t passed;
    uint64_t refused;
    int64_t overdue_ms;
};

#define COUNTED(field, name, help) METRIC(struct clock_numbers, field, "bellhop_escalate_" name, "", help)

static const struct metric clock_metrics[] = {
    COUNTED(passed, "deadlines_passed_total", "passed deadlines appended to the log"),
    COUNTED(refused, "deadlines_refused_total", "passed deadlines that the log refused"),
    COUNTED(overdue_ms, "oldest_overdue_milliseconds", "how long the oldest open deadline has been overdue"),
};

struct deadline_clock {
    struct loop *loop;
    struct persist_link *persist;
    int64_t grace_ms;
    struct loop_timer timer;
    struct fold *fold; /* NULL: does not run */
    bool is_at_head;
    bool was_out;          /* the grace is still to begin */
    int64_t not_before_ms; /* the grace's end */
    uint64_t batch_id;     /* on its way; 0: none */
    struct clock_numbers numbers;
};

/* Those that are due become one batch. */
static void append(struct deadline_clock *clock)
{
    AUTO_CLEAR(bytes) batch = {0};
    struct fold_deadline deadline;
    int64_t now = clock_utc_us();
    for (size_t i = 0; i < CLOCK_BATCH && fold_due(clock->fold, now, &deadline); i++) {
        const WireEvent event = fold_deadline_event(&deadline);
        append_batch_add_own(&batch, &event);
    }
    if (batch.size > 0)
        clock->batch_id = persist_link_append(clock->persist, &batch);
}

static void arm(struct deadline_clock *clock)
{
    loop_timer_clear(clock->loop, &clock->timer);
    int64_t due_at;
    if (!clock->fold || !clock->is_at_head || clock->batch_id || !fold_next_deadline(clock->fold, &due_at))
        return;
    int64_t wait_us = due_at - clock_utc_us();
    int64_t wait_ms = wait_us <= 0 ? 0 : wait_us / 1000 + 1;
    int64_t grace_ms = clock->not_before_ms - loop_now_ms(clock->loop);
    if (wait_ms < grace_ms)
        wait_ms = grace_ms;
    loop_timer_set(clock->loop, &clock->timer,
                   wait_ms < CLOCK_LONGEST_SLEEP_MS ? wait_ms : CLOCK_LONGEST_SLEEP_MS);
}

static void on_timer(void *owner)
{
    struct deadline_clock *clock = owner;
    append(clock);
    arm(clock);
}

void deadline_clock_set(struct deadline_clock *clock, struct fold *fold, bool is_at_head)
{
    clock->fold = fold;
    clock->is_at_head = is_at_head;
    if (fold && is_at_head && clock->was_out) {
        clock->was_out = false;
        clock->not_before_ms = loop_now_ms(clock->loop) + clock->grace_ms;
    }
    arm(clock);
}

void deadline_clock_outage(struct deadline_clock *clock)
{
    clock->was_out = true;
    clock->is_at_head = false;
    arm(clock);
}

bool deadline_clock_appended(struct deadline_clock *clock, const WireAppendResult *result)
{
    if (clock->batch_id == 0 || result->batch_id != clock->batch_id)
        return false;
    clock->batch_id = 0;
    for (size_t i = 0; i < result->n_receipts; i++) {
        const WireReceipt *receipt = result->receipts[i];
        bool is_in_log = receipt->result == WIRE_RECEIPT__RESULT__COMMITTED ||
                         receipt->result == WIRE_RECEIPT__RESULT__DUPLICATE;
        clock->numbers.passed += is_in_log;
        clock->numbers.refused += !is_in_log;
        if (!is_in_log)
            log_error("deadline-refused", "persist refused to record a passed deadline",
                      FIELD("reason", receipt->reason), FIELD("field", receipt->field),
                      FIELD("explanation", receipt->explanation));
    }
    arm(clock);
    return true;
}

static void measure(void *numbers)
{
    struct deadline_clock *clock = CONTAINER_OF(numbers, struct deadline_clock, numbers);
    int64_t due_at, now = clock_utc_us();
    bool is_overdue = clock->fold && fold_oldest_deadline(clock->fold, &due_at) && due_at < now;
    clock->numbers.overdue_ms = is_overdue ? (now - due_at) / 1000 : 0;
}

void deadline_clock_check(struct deadline_clock *clock)
{
    measure(&clock->numbers);
    int64_t late_ms = clock->numbers.overdue_ms - clock->grace_ms;
    enum health_state state = late_ms > OVERDUE_RED_MS      ? HEALTH_RED
                              : late_ms > OVERDUE_YELLOW_MS ? HEALTH_YELLOW
                                                            : HEALTH_GREEN;
    service_health_set("deadlines", state, state == HEALTH_GREEN ? "" : "a deadline has passed unnoticed");
    if (clock->numbers.refused)
        service_health_set("deadlines-refused", HEALTH_RED, "the log refuses passed deadlines");
}

struct deadline_clock *deadline_clock_new(struct loop *loop, struct persist_link *persist, int64_t grace_ms)
{
    struct deadline_clock *clock = NEW(deadline_clock);
    clock->loop = loop;
    clock->persist = persist;
    clock->grace_ms = grace_ms;
    clock->was_out = true;
    loop_timer_init(&clock->timer, on_timer, clock);
    metrics_add_measured(service_metrics(), clock_metrics, COUNT_OF(clock_metrics), &clock->numbers, measure);
    return clock;
}

void deadline_clock_free(struct deadline_clock *clock)
{
    if (!clock)
        return;
    metrics_remove(service_metrics(), &clock->numbers);
    loop_timer_clear(clock->loop, &clock->timer);
    free(clock);
}
