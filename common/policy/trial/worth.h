/* worth: what one policy would have been worth beside another, in the terms of a shop: who stays at the counter, who hears
 * how much sooner, what it costs, which noes it spares.
 *
 * Both sides are told the same events, one after the other, event by event: looks and decisions of the first, those of
 * the second, then the event has passed. What both do alike leaves nothing behind. Exercises do not count. What was
 * answered, handed over or refused is taken from the first side, where it happened. */
#ifndef BELLHOP_POLICY_TRIAL_WORTH_H
#define BELLHOP_POLICY_TRIAL_WORTH_H

#include "common/policy/rules/currency.h"
#include "common/policy/rules/look.h"
#include "common/policy/trial/tally.h"

struct worth;

struct worth *worth_new(void);
void worth_free(struct worth *worth);
AUTO_FREE(worth)

/* A rule was looked at. */
void worth_look(struct worth *worth, enum tally_side side, const struct rule_look *look);
/* What was concluded from an event. */
void worth_add(struct worth *worth, enum tally_side side, const WireEvent *event,
               WireDecision *const *decisions, size_t count);
/* Both sides have judged it. `customer_id` of its contact; NULL: unknown. */
void worth_pass(struct worth *worth, const WireEvent *event, const char *customer_id);

struct worth_money {
    char currency[POLICY_CURRENCY_SIZE];
    int64_t given_before; /* by whom ever, on the first side */
    int64_t more;         /* on the second, as far as is known what became of it on the first */
};

/* The second side less the first. Times are of all contacts together. */
struct worth_sum {
    int64_t contacts_before;    /* with a case */
    int64_t kept, sent;         /* contacts with a case on the first side alone, on the second alone */
    int64_t kept_bad, sent_bad; /* of them, those that ended as bad experiences */
    int64_t answers;            /* requests answered above the counter that the counter would have answered */
    int64_t answers_us;         /* so much sooner */
    int64_t answers_before_us;  /* all time from asked to answered */
    int64_t waits_us;           /* waiting that somebody hears of while it lasts */
    int64_t waits_before_us;
    int64_t climbs_us;             /* by so much sooner a level above hears of what nobody has acknowledged */
    int64_t climbs_before_us;      /* all time before such climbs */
    int64_t climbs, climbs_spared; /* on the second side alone, on the first alone */
    int64_t noes_before;
    int64_t noes_turned;    /* would have been a yes */
    int64_t noes_regretted; /* of them, whose customer left or complained within sixty days */
    struct worth_money money[POLICY_CURRENCIES];
    size_t currencies;
    uint64_t omitted; /* beyond the bounds: not counted */
};

struct worth_sum worth_sum(const struct worth *worth);

/* What gets better, each as a share of what it was, less what gets worse: so suggestions are put in order. */
double worth_gain(const struct worth_sum *sum);
/* Something gets better: a contact stays, somebody hears sooner, a regretted no is spared. */
bool worth_is_any(const struct worth_sum *sum);

/* --- worth_write.c --- */

/* A line for each thing that differs, behind `indent`. */
void worth_write(const struct worth_sum *sum, const char *indent, struct bytes *into);
json_t *worth_json(const struct worth_sum *sum);

#endif
