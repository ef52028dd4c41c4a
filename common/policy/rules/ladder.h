/* ladder: the levels of a policy, lowest first, and how far the authority of each reaches. */
#ifndef BELLHOP_POLICY_RULES_LADDER_H
#define BELLHOP_POLICY_RULES_LADDER_H

#include "common/policy/rules/currency.h"

struct calendar;
struct policy;

enum { POLICY_LEVELS = 16, LEVEL_EXCEPTIONS = 64 };

#define UNLIMITED INT64_MAX

struct limits {
    int64_t remedy; /* UNLIMITED, or the most a remedy may cost; 0: nothing is said */
    int64_t customer_day, employee_day;
};

/* Kinds of exceptions. Of a policy; whoever holds it may read them. */
struct exceptions {
    const char **kinds;
    unsigned count;
};

struct level {
    const char *role;
    struct exceptions exceptions; /* that it lists itself: it may grant what the levels below list, too */
    union {                       /* by currency; those of the policy's first one have names of their own */
        struct limits limits[POLICY_CURRENCIES];
        struct {
            int64_t remedy, customer_day, employee_day;
        };
    };
    int64_t acknowledge_us;          /* 0: no clock runs at this level */
    bool has_calendar;               /* its clocks run by a calendar of its own, not by the store's */
    const struct calendar *calendar; /* NULL: day and night */
    int64_t customer_times,
        employee_times; /* the day's limits as multiples of `remedy`; 0: amounts of their own */
    unsigned line;
};

/* Lowest first. */
struct ladder {
    struct level levels[POLICY_LEVELS];
    unsigned count;
};

/* What a level may grant in a currency; NULL: the policy says nothing of it. */
const struct limits *ladder_limits(const struct policy *policy, const struct level *level,
                                   const char *currency);

/* -1: no such role. */
int ladder_find(const struct ladder *ladder, const char *role);
/* The same of a case's role. One that another engine gave it, and the ladder does not have, stands at its foot. */
unsigned ladder_place(const struct ladder *ladder, const char *role);

/* The level lists the kind itself. */
bool level_lists(const struct level *level, const char *exception);
/* The level may grant an exception of this kind: it lists it, or a level below does. Nobody is above the highest, which
 * may grant any. */
bool ladder_excepts(const struct ladder *ladder, unsigned level, const char *exception);

/* What an override says of a level. */
struct level_change {
    unsigned level;
    unsigned line;
    bool has_remedy, has_customer_day, has_employee_day, has_acknowledge, has_calendar, has_exceptions;
    struct limits limits[POLICY_CURRENCIES]; /* by currency; 0: nothing is said, it stays */
    int64_t acknowledge_us;
    const struct calendar *calendar;
    struct exceptions exceptions; /* instead of those that the level lists */
};

void ladder_apply_change(struct level *level, const struct level_change *change);
/* The first level that may not decide more than the one below; 0: there is none. */
unsigned ladder_falls(const struct ladder *ladder);
/* UNLIMITED stays so. */
int64_t ladder_times(int64_t limit, int64_t multiple);
/* The level below that may decide as much in this currency; -1: none, the ladder goes up. Levels without figures in it
 * are passed over. */
int ladder_rival(const struct ladder *ladder, unsigned currency, unsigned level);

#endif
