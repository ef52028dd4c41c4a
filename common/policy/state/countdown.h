/* countdown: a time that runs since an event, for the rules that look at what it began when it has lasted so
 * long.
 *
 * One countdown serves all rules that the event triggers after a time; only its next deadline is kept. */
#ifndef BELLHOP_POLICY_STATE_COUNTDOWN_H
#define BELLHOP_POLICY_STATE_COUNTDOWN_H

#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/interaction.h"

struct countdown {
    struct deadline deadline;
    struct countdown *next; /* of the same interaction */
    struct interaction *interaction;
    const struct policy *policy; /* that was in force; policies are kept for good */
    uint64_t seq;                /* of the event */
    int64_t started_at;
    int64_t late_until; /* when its late event was recorded: a limit passed by then is late too. 0: in time */
    uint32_t epoch;
    uint32_t at;       /* in policy->delayed[event]: the trigger that is next */
    uint32_t unjudged; /* likewise: the first not judged yet, before `at` if the wait was reported late */
    int kind;          /* trigger_kind_of() the event */
    uint16_t event;    /* body */
    bool is_drill;
    bool is_armed; /* false: too old, or too late; judged when it ends, but no clock runs */
};

/* The place in policy->delayed[event], from `at` on, of the next trigger for events of this kind; or its
 * count. */
uint32_t countdown_next(const struct policy *policy, WireEvent__BodyCase event, int kind, uint32_t at);

const struct trigger *countdown_trigger(const struct countdown *countdown);
const struct rule *countdown_rule(const struct countdown *countdown);

/* The one that a deadline is about; NULL: it runs no more. `interaction` may be NULL. */
struct countdown *countdown_find(const struct interaction *interaction, const char *subject);
/* It still waits for the trigger whose time has passed. */
bool countdown_is_at(const struct countdown *countdown, const WireDeadlinePassed *passed);

/* --- for apply alone --- */

struct fold;

/* If the policy has rules that look at the event after a time. `in_force` may be NULL; what `is_old` runs no clock. */
void countdown_start(struct fold *fold, const struct occurrence *occurrence, const struct policy *in_force,
                     bool is_old, struct interaction *interaction);
/* The time of a rule has passed: its countdown goes on to the next. */
void countdown_expire(struct fold *fold, const WireEvent *event, const WireDeadlinePassed *passed);
void countdown_drop(struct fold *fold, struct countdown *countdown);
void countdowns_drop(struct fold *fold, struct interaction *interaction, bool of_waits_alone);

#endif
