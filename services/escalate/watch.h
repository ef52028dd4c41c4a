/* watch: what the operator sees of escalate: numbers and health. */
#ifndef BELLHOP_ESCALATE_WATCH_H
#define BELLHOP_ESCALATE_WATCH_H

#include "common/policy/state/fold.h"
#include "services/escalate/deadline_clock.h"
#include "services/escalate/decider.h"
#include "services/escalate/event_source.h"

/* Measured before each writing; those of the parts are copies. */
struct watch_numbers {
    uint64_t events_decided, events_applied, decisions, quarantined;
    uint64_t events_from_feed, events_from_log, feed_gaps;
    uint64_t deadlines_passed, deadlines_refused;
    uint64_t evaluations, forgotten, started_anew;
    int64_t behind, in_flight, is_deciding, seq;
    int64_t oldest_overdue_ms, deadlines;
    int64_t interactions, open_interactions, customers, employees, cases, follow_ups, remedies, promises,
        appointments, purchases, wants, unattended, state_bytes;
};

void watch_open(const struct watch_numbers *numbers, void (*refresh)(void *owner), void *owner);

void watch_copy_decider(struct watch_numbers *numbers, const struct decider_numbers *decider);
void watch_copy_source(struct watch_numbers *numbers, const struct event_source_numbers *source);
void watch_copy_clock(struct watch_numbers *numbers, const struct deadline_clock_numbers *clock);
void watch_copy_fold(struct watch_numbers *numbers, const struct fold *fold);

/* The health of the deadlines, of cases that nobody comes to, and of what could not be decided. */
void watch_health(const struct watch_numbers *numbers, int64_t grace_ms);

#endif
