/* policy_parts: what a loaded policy consists of. Internal to common/policy.
 *
 * Everything lives as long as its policy. Amounts are in their currency's smallest unit. */
#ifndef BELLHOP_POLICY_RULES_POLICY_PARTS_H
#define BELLHOP_POLICY_RULES_POLICY_PARTS_H

#include "common/base/arena.h"
#include "common/policy/rules/calendar.h"
#include "common/policy/rules/figure.h"
#include "common/policy/rules/ladder.h"
#include "common/policy/rules/policy.h"
#include "common/policy/rules/product_terms.h"
#include "common/policy/rules/rule.h"

enum {
    POLICY_RULES = 512,
    EVENT_TYPES = 96, /* above the highest number of a body */
    CASE_CHANGES = 32,
};

/* When the owner of what is due is reminded: when so much of the time is left, so long before at least. */
struct reminding {
    int64_t percent;
    int64_t at_least_us;
};

/* Which rules look at something, in their order. */
struct rule_list {
    const struct rule **rules;
    const struct trigger **triggers;
    unsigned count;
};

struct policy {
    const char *name;
    uint64_t version;
    char currency[POLICY_CURRENCY_SIZE];                      /* the first one */
    char currencies[POLICY_CURRENCIES][POLICY_CURRENCY_SIZE]; /* with it, in order */
    unsigned currency_count;
    int64_t late_after_us;
    int64_t old_after_us;          /* nothing older arms a clock */
    int64_t overdue_lead_after_us; /* an overdue follow-up is told to the lead so long after it was due */
    int64_t acknowledged_times; /* an acknowledgement holds for so many times the level's own time, at most */
    struct reminding reminding;
    const char *keeper;        /* the role that keeps the policy; NULL: the highest */
    int64_t answer_within_us;  /* a proposal is answered */
    int64_t same_window_us;    /* promises due no further apart are due at the same time */
    struct scopes *scopes;     /* its stores, zones, calendars and overrides */
    const struct policy *base; /* NULL: it is one that was loaded; else the one that overrides made it from */
    char **overrides;          /* their names */
    size_t override_count;
    bool has_calendar; /* an override gives another to all stores it is for */
    const struct calendar *calendar;
    int64_t longest_us; /* of all lengths of time it names: so long things are remembered, at least */
    int64_t nobody_home_after_us; /* a level without subscribers for so long has nobody home */
    struct ladder ladder;
    struct figure figures[POLICY_FIGURES];
    unsigned figure_count;
    struct named_product *products; /* in order of their ids */
    size_t product_count;
    struct rule *rules;
    unsigned rule_count;
    struct money_figure **money_figures; /* that its rules may ask */
    size_t money_figure_count;
    struct rule_list by_event[EVENT_TYPES]; /* triggers at once */
    struct rule_list delayed[EVENT_TYPES];  /* triggers after a time, shortest first */
    struct rule_list by_change[CASE_CHANGES];
    struct arena arena;
};

/* Its place among the policy's currencies; -1: it is none of them. */
int policy_currency(const struct policy *policy, const char *code);

/* One that overrides made: what it shares with the policy that was loaded stays. */
void policy_free_variant(struct policy *variant);

/* The role that keeps the policy, and owes answers to what is proposed about it. */
static inline const char *policy_keeper(const struct policy *policy)
{
    const struct ladder *ladder = &policy->ladder;
    return policy->keeper ? policy->keeper : ladder->levels[ladder->count - 1].role;
}

#endif
