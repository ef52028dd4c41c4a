/* deciding: one decide() under way. Internal to common/policy.
 *
 * Everything made lives in the arena of the decisions, borrows from event, record and policy, and never from
 * entries of the state, which applying may free. */
#ifndef BELLHOP_POLICY_DECIDE_DECIDING_H
#define BELLHOP_POLICY_DECIDE_DECIDING_H

#include "common/policy/state/state.h"
#include "common/policy/state/topic.h"

enum { VERDICT_CASES = 16, VERDICT_ADVICE = 16, CASES_OF_INTERACTION = 64, FOLLOW_UPS_OF_CUSTOMER = 64 };

/* What rules may ask, filled when first asked for. */
struct facts {
    unsigned filled;
    struct cel_value bindings[FACT_COUNT];
    WireInteractionFacts interaction;
    WireCustomerFacts customer;
    WireEmployeeFacts employee;
    WireStoreFacts store;
    char store_date[16], store_time[8];
    WireWaitFacts wait;
    WireRemedyFacts remedy;
    WirePromiseFacts promise;
    WireProductFacts product;
    WireAppointmentFacts appointment;
    WireQuestionFacts question;
    WireDigestFacts digest;
    WireHopFacts hop;
    int64_t asked_at[TOPIC_TIMES]; /* of `question` */
};

struct decisions_workspace {
    struct cel_scratch scratch;
    struct facts facts;
    uint64_t evaluations;
};

/* What the register is told, gathered while deciding. */
struct telling {
    WireMoney *granted;
    const char *remedy_id;
    WireProof *proof;
    WireVerdictAnswer *answer;
    WireVerdictCase *cases[VERDICT_CASES];
    size_t case_count;
    WireAdvice *advice[VERDICT_ADVICE];
    size_t advice_count;
    const struct rule *rule; /* the one that decided first */
    WireFact **facts;        /* of all rules that told something, in order of the paths */
    size_t fact_count;
};

struct deciding {
    const struct fold *fold;
    const struct policy *policy; /* NULL: none is in force */
    struct occurrence occurrence;
    struct decisions *out;
    bool is_late;
    bool is_old;    /* older than a day: arms no clock */
    bool is_missed; /* a limit is judged that had passed, untold, when its wait ended */
    bool is_full;   /* there was no room for a decision */
    bool is_drill;
    const char *store_id;
    const char *interaction_id;
    const char *customer_id;               /* of the event, else of its interaction */
    const struct interaction *interaction; /* as it was; NULL: unknown */
    struct interaction_known after;        /* with the event */
    const struct customer *customer;       /* as it was; NULL: unknown */
    struct customer_known customer_after;
    const struct countdown *countdown; /* of a rule's deadline */
    const char *server;                /* how busy they are is asked; NULL: who serves the interaction */
    const char *owner;                 /* of what has passed its time; NULL: who knows the customer */
    const struct promise *promise;     /* it is about, as it was; NULL: none, or a new one */
    WirePromise *promise_after;        /* with the event; NULL: none */
    enum promise_state promise_state;  /* likewise */
    bool promise_changes;              /* by the event */
    bool promise_is_recorded;
    const struct appointment *appointment; /* it is about, as it was; NULL: none, or a new one */
    const char *product_id;                /* it is about; of a sale the one that is looked at. NULL: none */
    const struct good_news *good_news;     /* of the store that closes; NULL: none does */
    uint64_t waits_since; /* who waited for it since then is looked at; 0: nobody in particular */
    struct telling telling;
};

/* Zeroed, or NULL when the arena is full, which is remembered. */
void *deciding_take(struct deciding *deciding, size_t size);
/* A copy of what lives in the state; NULL of NULL. */
char *deciding_keep(struct deciding *deciding, const char *text);
/* The store's day of an instant, "2026-11-27". */
char *deciding_day(struct deciding *deciding, const char *store_id, int64_t at);
WireMoney *deciding_money(struct deciding *deciding, int64_t minor, const char *currency);

/* A new last decision, its envelope filled; NULL when there are too many. `rule` may be NULL. */
WireDecision *deciding_add(struct deciding *deciding, WireDecisionKind kind, const struct rule *rule);
/* It was decided by this policy: the overrides that made it. */
void deciding_by(WireDecision *decision, const struct policy *policy);
/* The id of the decision that would be added next. */
char *deciding_next_id(struct deciding *deciding);
/* `decision` rests on an earlier event; 0 and repeats are left out. */
void deciding_rest_on(struct deciding *deciding, WireDecision *decision, uint64_t seq);

/* Whoever knows the customer: their owner, else of the interaction. NULL: nobody. In the arena. */
char *deciding_owner(struct deciding *deciding);
/* The level above that of the employee: their lead's. At the top their own. */
unsigned deciding_level_above(const struct deciding *deciding, const struct policy *policy,
                              const char *store_id, const char *employee_id);
/* Go on about another contact than the event's. What is given may be NULL. */
void deciding_turn_to(struct deciding *deciding, const char *interaction_id, const char *customer_id,
                      const char *owner);
/* The level of an employee by duty; the lowest for somebody nobody has announced. */
unsigned deciding_level_of(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                           const char *employee_id);

/* ---- facts.c */

/* Fill the facts whose bits are in `facts`. */
void facts_fill(struct deciding *deciding, unsigned facts);
/* ---- matter.c */

/* Those of them that depend on what the event is about. */
void matter_fill(struct deciding *deciding, unsigned missing);

/* ---- fact_keep.c: what decisions keep of the facts */

/* The facts that `rule` reads, as they are: on those of the decisions from `first` on that it made, and, if
 * it has told something since `told_before`, on the verdict to come. */
void facts_keep(struct deciding *deciding, const struct rule *rule, size_t first, size_t told_before);
/* Things told so far. */
static inline size_t telling_count(const struct telling *telling)
{
    return telling->case_count + telling->advice_count + (telling->granted != NULL);
}

/* ---- evaluate.c: values of a policy's expressions. An error is no value. */

bool evaluate_truth(struct deciding *deciding, const struct expression *expression);
int64_t evaluate_number(struct deciding *deciding, const struct expression *expression, int64_t otherwise);
/* In the arena; NULL when there is none, or it is no id of at most `most` bytes. */
char *evaluate_text(struct deciding *deciding, const struct expression *expression, size_t most);
int64_t evaluate_duration_us(struct deciding *deciding, const struct expression *expression);
char *evaluate_sentence(struct deciding *deciding, const struct sentence *sentence);
/* A level of the policy's ladder; -1: "covering", -2: no role. "above" is the level above that of the employee
 * (NULL: whom the decision is about), "present" the lowest above it of which somebody is on duty. */
int evaluate_level(struct deciding *deciding, const struct expression *expression, const char *employee_id);

/* The condition of the rule, which is looked at because of `trigger`; whoever watches is told. */
bool evaluate_rule(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger);

/* ---- perform.c: what rules do */

/* Look at the rules of `list`, in order; those that hold are performed. `trigger` other than NULL: this one
 * alone. */
void perform_rules(struct deciding *deciding, const struct rule_list *list, const struct trigger *only);
/* What follows from changes of cases among the decisions made so far. */
void perform_changes(struct deciding *deciding);

/* A finding of the fold's own: something reached a bound. `subject` may be of the state. */
void tell_finding(struct deciding *deciding, const char *subject, const char *sentence, int64_t value);

/* ---- escalate.c */

/* Open a case, or add a cause to the one that is open. `level` was decided by the rule. */
void escalate(struct deciding *deciding, const struct rule *rule, unsigned level, WireProof *proof);
/* A change of a case: the decision carries `body`, complete. */
WireDecision *case_change(struct deciding *deciding, WireDecisionKind kind,
                          const struct escalation *escalation, WireCase *body);
/* It is overtaken; `body` is as it was. `escalation` NULL: it has just been opened. */
void case_end(struct deciding *deciding, const struct escalation *escalation, WireCase *body);
/* Its cause has ended: overtaken, if it is still open. */
void case_overtake(struct deciding *deciding, const struct escalation *escalation);
/* All of the interaction whose cause ends with the wait, or with the interaction. */
void cases_overtake(struct deciding *deciding, enum cause_end ended);
/* The next clock of a case at its level, or 0 when none runs. */
int64_t case_due(const struct deciding *deciding, const struct policy *policy, const WireCase *body);

/* ---- mute.c */

/* A live critical case of the interaction pages already. */
bool case_is_muted(const struct interaction *interaction, int64_t severity, bool is_drill);
/* A critical case has come, or become so: the lesser ones of its interaction page no more until it ends.
 * NULL: it is being opened. */
void cases_mute(struct deciding *deciding, const struct escalation *critical);
/* It is open again; a critical case of its interaction may page meanwhile. */
void case_mute_reopened(struct deciding *deciding, const struct escalation *escalation, const WireCase *body);
/* Of interactions whose critical case has ended: what that had muted pages again. */
void cases_wake(struct deciding *deciding);

/* ---- act.c, expire.c */

void decide_acknowledged(struct deciding *deciding);
void decide_answered(struct deciding *deciding);
void decide_follow_up_done(struct deciding *deciding);
void decide_deadline(struct deciding *deciding);
/* The wait ends with the event: limits that had passed by then but were never told of are judged now. */
void decide_missed(struct deciding *deciding);

/* ---- follow.c: follow-ups */

void follow_up_open(struct deciding *deciding, const struct rule *rule);
/* Call-backs to the customer, who is being served. */
void follow_ups_overtake(struct deciding *deciding);
/* `body` is as it was. */
void follow_up_overtake(struct deciding *deciding, const struct follow_up *follow_up, WireFollowUp *body);
WireDecision *follow_up_change(struct deciding *deciding, WireDecisionKind kind,
                               const struct follow_up *follow_up, WireFollowUp *body);

/* ---- settle.c: remedies */

void remedy_grant(struct deciding *deciding, const struct rule *rule);
/* Bookkeeping of remedy events, before any rule looks at them. */
void decide_remedy(struct deciding *deciding);
void remedy_changed(struct deciding *deciding, const struct rule *rule, const struct remedy *remedy,
                    WireRemedy *body, enum remedy_state state);
WireRemedy *remedy_body(struct deciding *deciding, const struct remedy *remedy, const char *store_id,
                        const char *remedy_id);

/* ---- ledger.c: promises */

/* What a promise event is about, before any rule looks at it. */
void decide_promise(struct deciding *deciding);
/* Somebody need no longer come because of it. */
void promise_overtake(struct deciding *deciding);
/* A time of a promise has passed: it is reminded of, or broken. False: of a round that is over. */
bool promise_come_due(struct deciding *deciding, const WireDeadlinePassed *passed);
/* Write the promise down as it is now, if it has changed. */
void promise_record(struct deciding *deciding, const struct rule *rule);
/* The lowest level that can deliver it, above the counter, and, where it has a worth, the proof. */
unsigned promise_level(struct deciding *deciding, WireProof **ret_proof);
/* Overtake the cases that rules opened about `subject` when it was `overdue`. */
void subject_overtake(struct deciding *deciding, WireDeadlineKind overdue, const char *interaction_id,
                      const char *subject);

/* ---- prepare.c: appointments */

/* What an event about an appointment ends. */
void decide_appointment(struct deciding *deciding);
/* Likewise. */
bool appointment_come_due(struct deciding *deciding, const WireDeadlinePassed *passed);

/* ---- digest.c: the digest of a store's day */

void digest_tell(struct deciding *deciding, const struct rule *rule);

/* ---- goods.c: products */

void goods_rest_on(struct deciding *deciding, WireDecision *decision);
/* A rule that asks for the product looks at each product of a sale, and, of what has arrived, at each who
 * waited; any other rule looks once. */
typedef void rule_look(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger);
void each_subject(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                  rule_look *look);
/* Nobody need call any more who has bought what arrived. */
void goods_overtake(struct deciding *deciding);

/* ---- verdict.c */

void tell_advice(struct deciding *deciding, const struct rule *rule, char *sentence);
void tell_case(struct deciding *deciding, const struct rule *rule, const WireCase *body);
/* The verdict, last of the decisions, if there is anything to say. */
void tell(struct deciding *deciding);

/* ---- busy.c */

/* The event relieves somebody: what waited for that is overtaken. */
void attention_overtake(struct deciding *deciding);

/* Whether the employee is still so busy that the case goes on, by the policy of the case. */
bool attention_goes_on(struct deciding *deciding, const struct escalation *escalation,
                       const char *employee_id);

#endif
