/* rule: what a loaded policy consists of. Internal to common/policy.
 *
 * Everything lives as long as its policy. Amounts are in their currency's smallest unit. */
#ifndef BELLHOP_POLICY_RULES_RULE_H
#define BELLHOP_POLICY_RULES_RULE_H

#include "common/base/arena.h"
#include "common/policy/rules/calendar.h"
#include "common/policy/cel/cel.h"
#include "common/policy/cel/template.h"
#include "common/policy/rules/policy.h"
#include "common/policy/rules/product_terms.h"
#include "common/policy/rules/trigger.h"
#include "proto/decision.pb-c.h"
#include "proto/facts.pb-c.h"

enum {
    POLICY_LEVELS = 16,
    POLICY_RULES = 512,
    POLICY_FIGURES = 512,
    POLICY_NAME_SIZE = 65,
    POLICY_CURRENCY_SIZE = 4,
    RULE_TRIGGERS = 16,
    EVENT_TYPES = 96, /* above the highest number of a body */
    CASE_CHANGES = 32,
};

#define UNLIMITED INT64_MAX

/* ---- who may decide what */

enum { POLICY_CURRENCIES = 16 };

struct limits {
    int64_t remedy; /* UNLIMITED, or the most a remedy may cost; 0: nothing is said */
    int64_t customer_day, employee_day;
};

struct level {
    const char *role;
    union { /* by currency; those of the policy's first one have names of their own */
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

struct policy;

/* What a level may grant in a currency; NULL: the policy says nothing of it. */
const struct limits *level_limits(const struct policy *policy, const struct level *level,
                                  const char *currency);

/* -1: no such role. */
int ladder_find(const struct ladder *ladder, const char *role);
/* The same of a case's role. One that another engine gave it, and the ladder does not have, stands at its foot. */
unsigned ladder_place(const struct ladder *ladder, const char *role);

/* ---- what a condition may ask: the slots of the variables */

enum fact {
    FACT_EVENT,
    FACT_INTERACTION,
    FACT_CUSTOMER,
    FACT_EMPLOYEE,
    FACT_STORE,
    FACT_WAIT,
    FACT_REMEDY,
    FACT_CASE,
    FACT_PROMISE,
    FACT_PRODUCT,
    FACT_APPOINTMENT,
    FACT_QUESTION,
    FACT_DIGEST,
    FACT_HOP,
    FACT_COUNT,
};

struct expression {
    struct cel_program *program; /* NULL: not given */
    unsigned facts;              /* bits 1 << enum fact: what it reads */
};

struct sentence {
    struct cel_template *template; /* NULL: not given */
    unsigned facts;
};

/* ---- what a rule does */

enum action_kind {
    ACTION_RECORD,
    ACTION_GRANT,
    ACTION_ESCALATE,
    ACTION_FOLLOW_UP,
    ACTION_RECOGNISE,
    ACTION_COACH,
    ACTION_FINDING,
    ACTION_NOTIFY,
    ACTION_DIGEST,
    ACTION_EXPERIENCE,
    ACTION_ADVISE,
    ACTION_KINDS,
};

/* With what the cause of a case ends; nothing: the case outlives its interaction. */
enum cause_end {
    ENDS_WITH_NOTHING,
    ENDS_WITH_INTERACTION,
    ENDS_WITH_WAIT,
    ENDS_WITH_MOOD, /* when the customer is calm again, or delighted */
};

struct action {
    bool is_given;
    struct expression to;       /* a role, or an employee's id */
    struct expression severity; /* 1 low to 4 critical */
    struct expression subject;
    struct expression call_back;
    struct expression legal;
    struct expression goes_on; /* the cause, of a busy employee */
    struct expression value;
    struct expression due_in;
    struct expression feeling; /* 1 good, 2 neither, 3 bad */
    struct expression reach;
    struct expression employee;
    struct expression hearer, cap; /* of a yes that is cheaper than a no: smallest units */
    struct sentence says;
    int ends_with;   /* enum cause_end */
    int follow_up;   /* enum of proto: FollowUpKind */
    int recognition; /* likewise: RecognitionKind; 0: none */
};

struct fact_path;

struct rule {
    const char *name; /* rules of one row share it */
    const char *row;
    const char *about;
    unsigned line;
    bool is_off; /* by an override: it stays, for cases it opened, but looks at nothing */
    struct trigger triggers[RULE_TRIGGERS];
    unsigned trigger_count;
    struct expression when;
    struct action actions[ACTION_KINDS];
    unsigned facts;                /* of all its expressions */
    const struct fact_path *reads; /* what its decisions keep, in order of the paths */
    unsigned read_count;
};

/* ---- the policy */

/* When the owner of what is due is reminded: when so much of the time is left, so long before at least. */
struct reminding {
    int64_t percent;
    int64_t at_least_us;
};

struct figure {
    const char *name;
    struct cel_value value; /* int or duration; of money in the policy's first currency */
    bool is_money;
    int64_t amounts[POLICY_CURRENCIES]; /* of money, by currency; -1: none in this one */
    unsigned line;
};

/* Which rules look at something, in their order. */
struct rule_list {
    const struct rule **rules;
    const struct trigger **triggers;
    unsigned count;
};

/* What the function figures.NAME(currency) knows: the figure as it was where the rule was compiled. */
struct money_figure {
    const struct policy *policy;
    int64_t amounts[POLICY_CURRENCIES];
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
    struct reminding reminding;
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

const struct figure *policy_figure(const struct policy *policy, const char *name);

/* Its place among the policy's currencies; -1: it is none of them. */
int policy_currency(const struct policy *policy, const char *code);

/* The first rule of this name that escalates; NULL: none. */
const struct rule *policy_escalating_rule(const struct policy *policy, const char *name);

#endif
