/* verdict: what the register is told of one event, last of its decisions. */
#ifndef BELLHOP_POLICY_DECIDE_VERDICT_H
#define BELLHOP_POLICY_DECIDE_VERDICT_H

#include "common/policy/rules/policy_parts.h"

enum { VERDICT_CASES = 16, VERDICT_ADVICE = 16 };

struct deciding;

/* What the register is told, gathered while deciding. */
struct telling {
    bool is_granted;
    WireMoney *granted; /* NULL: of an exception nothing is said of what it is worth */
    const char *remedy_id;
    WireProof *proof;
    WireVerdictAnswer *answer;
    WireActResult *act; /* of an act; refused, if it has a reason */
    WireVerdictCase *cases[VERDICT_CASES];
    size_t case_count;
    WireAdvice *advice[VERDICT_ADVICE];
    size_t advice_count;
    const struct rule *rule; /* the one that decided first */
    WireFact **facts;        /* of all rules that told something, in order of the paths */
    size_t fact_count;
};

/* Things told so far. */
static inline size_t verdict_count(const struct telling *telling)
{
    return telling->case_count + telling->advice_count + telling->is_granted;
}

void verdict_advise(struct deciding *deciding, const struct rule *rule, char *sentence);
/* Of no rule, late or not: what the event names is not there. */
void verdict_warn(struct deciding *deciding, char *sentence);
void verdict_add_case(struct deciding *deciding, const struct rule *rule, const WireCase *body);
/* An act is refused. */
void verdict_refuse(struct deciding *deciding, const WireActRefused *refused);
/* The verdict, last of the decisions, if there is anything to say. */
void verdict_give(struct deciding *deciding);

#endif
