/* watch: the metrics' table. */
#include "services/escalate/watch.h"

#include "common/base/memory.h"
#include "common/service/service.h"

enum { OVERDUE_YELLOW_MS = 5000, OVERDUE_RED_MS = 60000 };

#define COUNTED(field, name, help) METRIC(struct watch_numbers, field, "bellhop_escalate_" name, "", help)

static const struct metric watch_metrics[] = {
    COUNTED(events_decided, "events_decided_total", "events decided"),
    COUNTED(events_applied, "events_applied_total", "events whose stored decisions were applied"),
    COUNTED(decisions, "decisions_total", "decisions made"),
    COUNTED(quarantined, "quarantined_total", "events that could not be decided"),
    COUNTED(events_from_feed, "events_from_feed_total", "events taken from the feed"),
    COUNTED(events_from_log, "events_from_log_total", "events read from the log"),
    COUNTED(feed_gaps, "feed_gaps_total", "times the feed did not join on"),
    COUNTED(deadlines_passed, "deadlines_passed_total", "passed deadlines appended to the log"),
    COUNTED(deadlines_refused, "deadlines_refused_total", "passed deadlines that the log did not take"),
    COUNTED(evaluations, "evaluations_total", "conditions evaluated"),
    COUNTED(forgotten, "forgotten_total", "entries of the state dropped because of a cap"),
    COUNTED(started_anew, "started_anew_total", "times the state was made anew"),
    COUNTED(behind, "behind_events", "events between the state and the head of the log"),
    COUNTED(in_flight, "batches_in_flight", "batches on their way to persist"),
    COUNTED(is_deciding, "deciding", "1 on the instance that decides, 0 on a standby"),
    COUNTED(seq, "seq", "the event that was decided or applied last"),
    COUNTED(oldest_overdue_ms, "oldest_overdue_milliseconds",
            "how long ago the oldest open deadline was due"),
    COUNTED(deadlines, "deadlines", "open deadlines"),
    COUNTED(interactions, "interactions", "interactions held"),
    COUNTED(open_interactions, "open_interactions", "of them open"),
    COUNTED(customers, "customers", "customers held"),
    COUNTED(employees, "employees", "employees held"),
    COUNTED(cases, "cases", "cases held"),
    COUNTED(follow_ups, "follow_ups", "follow-ups held"),
    COUNTED(remedies, "remedies", "remedies held"),
    COUNTED(promises, "promises", "promises held"),
    COUNTED(appointments, "appointments", "appointments held for which something is to be prepared"),
    COUNTED(purchases, "purchases", "sales held that later offers and returns ask for"),
    COUNTED(wants, "wants", "customers held who wait for a product"),
    COUNTED(unattended, "unattended_cases", "open cases at the top of which nobody is home"),
    COUNTED(state_bytes, "state_bytes", "bytes of the state"),
};

void watch_open(const struct watch_numbers *numbers, void (*refresh)(void *owner), void *owner)
{
    metrics_add(service_metrics(), watch_metrics, COUNT_OF(watch_metrics), numbers);
    metrics_before_writing(service_metrics(), refresh, owner);
}

void watch_copy_decider(struct watch_numbers *numbers, const struct decider_numbers *decider)
{
    numbers->events_decided = decider->decided;
    numbers->events_applied = decider->applied;
    numbers->decisions = decider->decisions;
    numbers->quarantined = decider->quarantined;
}

void watch_copy_source(struct watch_numbers *numbers, const struct event_source_numbers *source)
{
    numbers->events_from_feed = source->from_feed;
    numbers->events_from_log = source->from_log;
    numbers->feed_gaps = source->gaps;
    numbers->behind = source->behind;
}

void watch_copy_clock(struct watch_numbers *numbers, const struct deadline_clock_numbers *clock)
{
    numbers->deadlines_passed = clock->passed;
    numbers->deadlines_refused = clock->refused;
    numbers->oldest_overdue_ms = clock->oldest_overdue_ms;
}

void watch_copy_fold(struct watch_numbers *numbers, const struct fold *fold)
{
    struct fold_counts counts;
    fold_count(fold, &counts);
    numbers->seq = (int64_t)fold_seq(fold);
    numbers->deadlines = (int64_t)counts.deadlines;
    numbers->interactions = (int64_t)counts.interactions;
    numbers->open_interactions = (int64_t)counts.open_interactions;
    numbers->customers = (int64_t)counts.customers;
    numbers->employees = (int64_t)counts.employees;
    numbers->cases = (int64_t)counts.cases;
    numbers->follow_ups = (int64_t)counts.follow_ups;
    numbers->remedies = (int64_t)counts.remedies;
    numbers->promises = (int64_t)counts.promises;
    numbers->appointments = (int64_t)counts.appointments;
    numbers->purchases = (int64_t)counts.purchases;
    numbers->wants = (int64_t)counts.wants;
    numbers->unattended = (int64_t)counts.unattended;
    numbers->state_bytes = (int64_t)counts.bytes;
    numbers->evaluations = counts.evaluations;
    numbers->forgotten = counts.forgotten;
}

void watch_health(const struct watch_numbers *numbers, int64_t grace_ms)
{
    int64_t overdue_ms = numbers->oldest_overdue_ms - grace_ms;
    enum health_state deadlines = overdue_ms > OVERDUE_RED_MS      ? HEALTH_RED
                                  : overdue_ms > OVERDUE_YELLOW_MS ? HEALTH_YELLOW
                                                                   : HEALTH_GREEN;
    service_health_set("deadlines", deadlines,
                       deadlines == HEALTH_GREEN ? "" : "a deadline has passed unnoticed");
    service_health_set("attendance", numbers->unattended ? HEALTH_RED : HEALTH_GREEN,
                       numbers->unattended ? "a case is at the top, and nobody is home there" : "");
    if (numbers->quarantined)
        service_health_set("quarantine", HEALTH_RED, "an event could not be decided");
    if (numbers->deadlines_refused)
        service_health_set("deadlines-refused", HEALTH_RED, "the log does not take passed deadlines");
}
