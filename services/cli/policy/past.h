/* past: the recorded past that a policy is held against: which part of it, and the walk through it. */
#ifndef BELLHOP_CLI_POLICY_PAST_H
#define BELLHOP_CLI_POLICY_PAST_H

#include "common/base/text.h"
#include "services/cli/log/history.h"

/* An instant, or a day by the store's clock. */
struct past_moment {
    const char *text; /* as it was given; NULL: it was not */
    int64_t at;
    int64_t day;
    bool is_day;
};

/* What was asked for. */
struct past_range {
    const char *store_id; /* NULL: all stores */
    struct past_moment since, until;
};

option_read past_read_moment;

/* The rows of its options; `range` is its place in the arguments of `type`. */
#define PAST_OPTIONS(type, range)                                                                            \
    {"since",                                                                                                \
     's',                                                                                                    \
     "TIME",                                                                                                 \
     "the policy is in force from then on: a date such as 2026-11-27, by the store's clock, or an instant; " \
     "defaults to the beginning",                                                                            \
     past_read_moment,                                                                                       \
     offsetof(type, range.since),                                                                            \
     0},                                                                                                     \
        {"until",                                                                                            \
         'u',                                                                                                \
         "TIME",                                                                                             \
         "stop at that instant, or when that day ends",                                                      \
         past_read_moment,                                                                                   \
         offsetof(type, range.until),                                                                        \
         0},                                                                                                 \
    {                                                                                                        \
        "store", 'o', "STORE", "count only what concerns this store", option_read_text,                      \
            offsetof(type, range.store_id), 0                                                                \
    }

struct past_span {
    int64_t since_at, until_at; /* 0: from the beginning, to the end */
};

/* False after having complained: a day needs the clocks of the policy in force. */
bool past_find(struct reader *reader, const struct past_range *range, struct past_span *ret_span);

/* Whoever judges it: told of each deadline that is in the log, then of each event. */
struct past_judge {
    void (*logged)(void *owner, const WireEvent *event);
    int (*event)(void *owner, const struct history_event *event,
                 char why[static WHY_SIZE]); /* 0, or why not */
    void *owner;
};

/* EXIT_DONE, or EXIT_UNREACHABLE after having complained. `what` is for the bar. */
int past_walk(struct reader *reader, const struct past_span *span, const struct past_judge *judge,
              const char *what, uint64_t *ret_events);

#endif
