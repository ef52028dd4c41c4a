/* deciding: one decide() under way. Internal to common/policy.
 *
 * Everything made lives in the arena of the decisions, borrows from event, record and policy, and never from
 * entries of the state, which applying may free. */
#ifndef BELLHOP_POLICY_DECIDE_DECIDING_H
#define BELLHOP_POLICY_DECIDE_DECIDING_H

#include "common/policy/decide/decide.h"
#include "common/policy/decide/facts.h"
#include "common/policy/decide/verdict.h"
#include "common/policy/state/policy_begin.h"
#include "common/policy/state/state.h"

struct decisions_workspace {
    struct cel_scratch scratch;
    struct facts facts;
};

struct deciding {
    const struct fold *fold;
    const struct policy *policy; /* NULL: none is in force */
    struct occurrence occurrence;
    struct decisions *out;
    bool is_late;
    bool is_old;          /* older than a day: arms no clock */
    bool is_missed;       /* a limit is judged that had passed, unreported, when its wait ended */
    int64_t wait_over_at; /* when the wait the event begins had ended, as reported; 0: it goes on */
    bool is_full;         /* there was no room for a decision */
    bool is_drill;
    const WireCase *changed; /* whose change is looked at; NULL: none is */
    bool is_silenced;        /* what follows from the change of a case that pages nobody */
    const char *store_id;
    const char *interaction_id;
    const char *customer_id;               /* of the event, else of its interaction */
    const struct interaction *interaction; /* as it was; NULL: unknown */
    struct interaction_known after;        /* with the event */
    const struct customer *customer;       /* as it was; NULL: unknown */
    struct customer_known customer_after;
    bool is_customer_new;              /* to the contact: what it was before the contact is asked */
    const struct countdown *countdown; /* of a rule's deadline */
    const char *server;                /* how busy they are is asked; NULL: who serves the interaction */
    const char *owner;                 /* of what has passed its time; NULL: who knows the customer */
    const struct promise *promise;     /* it is about, as it was; NULL: none, or a new one */
    WirePromise *promise_after;        /* with the event; NULL: none */
    enum promise_state promise_state;  /* likewise */
    bool promise_changes;              /* by the event */
    bool promise_is_recorded;
    int64_t promise_broke_at;              /* it was put off after that; 0: it was not */
    bool is_stock_put_off, is_keeper_gone; /* what endangers it, if anything does */
    const struct appointment *appointment; /* it is about, as it was; NULL: none, or a new one */
    const char *product_id;                /* it is about; of a sale the one that is looked at. NULL: none */
    const WireLoan *loan;                  /* that the event changes; NULL: none */
    const struct good_news *good_news;     /* of the store that closes; NULL: none does */
    const struct policy_begin *begin;      /* the policy that begins in the store; NULL: none does */
    uint64_t waits_since; /* who waited for it since then is looked at; 0: nobody in particular */
    struct telling telling;
};

/* Zeroed, or NULL when the arena is full, which is remembered. */
void *deciding_allocate(struct deciding *deciding, size_t size);
/* A copy of what lives in the state; NULL of NULL. */
char *deciding_keep(struct deciding *deciding, const char *text);
/* The store's day of an instant, "2026-11-27". */
char *deciding_day(struct deciding *deciding, const char *store_id, int64_t at);
WireMoney *deciding_money(struct deciding *deciding, int64_t minor, const char *currency);

/* A new last decision, its envelope filled; NULL when there are too many. `rule` may be NULL. */
WireDecision *deciding_add(struct deciding *deciding, WireDecisionKind kind, const struct rule *rule);
/* It was decided by this policy: the overrides that made it. */
void deciding_name_overrides(WireDecision *decision, const struct policy *policy);
/* The id of the decision that would be added next. */
char *deciding_next_id(struct deciding *deciding);
/* `decision` rests on an earlier event; 0 and repeats are left out. */
void deciding_rest_on(struct deciding *deciding, WireDecision *decision, uint64_t seq);

/* With the event. */
struct relation deciding_relation(const struct deciding *deciding);
/* Whoever knows the customer: their owner, else of the interaction. NULL: nobody. In the arena. */
char *deciding_owner(struct deciding *deciding);
/* The level above that of the employee: their lead's. At the top their own. */
unsigned deciding_level_above(const struct deciding *deciding, const struct policy *policy,
                              const char *store_id, const char *employee_id);
/* Go on about another contact than the event's. What is given may be NULL. */
void deciding_turn_to(struct deciding *deciding, const char *interaction_id, const char *customer_id,
                      const char *owner);
/* The level of an employee by duty, up to the roster's; the lowest for somebody nobody has announced. */
unsigned deciding_level_of(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                           const char *employee_id);
/* The highest level an employee may act at: the roster's, on duty or not; without a roster that of their duty. */
unsigned deciding_highest_of(const struct deciding *deciding, const struct policy *policy,
                             const char *store_id, const char *employee_id);
bool deciding_is_on_duty(const struct deciding *deciding, const char *store_id, const char *employee_id);

/* A finding, of `rule` or, NULL, of the fold's own, without a value; it borrows its texts. NULL: no room. */
WireFinding *deciding_find(struct deciding *deciding, const struct rule *rule, const char *subject,
                           const char *sentence);
/* A finding of the fold's own: something reached a bound. `subject` may be of the state. */
void deciding_add_finding(struct deciding *deciding, const char *subject, const char *sentence,
                          int64_t value);

/* The case, or the follow-up, as it is. NULL when the arena is full, which is remembered. */
WireCase *deciding_read_case(struct deciding *deciding, const struct escalation *escalation);
WireFollowUp *deciding_read_follow_up(struct deciding *deciding, const struct follow_up *follow_up);

#endif
