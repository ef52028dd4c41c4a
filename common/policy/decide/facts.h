/* facts: what rules may ask, from the state and the event that has just happened. */
#ifndef BELLHOP_POLICY_DECIDE_FACTS_H
#define BELLHOP_POLICY_DECIDE_FACTS_H

#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/recurrence.h"
#include "proto/bellhop/v1/facts.pb-c.h"

struct deciding;

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
    WireLoanFacts loan;
    WireAskedFacts asked;
    WirePolicyFacts policy;
    WireWeekFacts week;
    WireHopFacts hop;
    WireProposalFacts proposal;
    WireRecurrenceFacts recurrence;
    WirePatternFacts pattern;
    /* Of these two: what came up, and when. */
    struct recurrence_name in_store, of_employee;
    int64_t recurred_at[RECURRENCE_TIMES], failed_at[RECURRENCE_TIMES];
};

/* One fact, by fill_NOUN() of the file: false, there is none of it now. */
#define FACT_FILL(FACT, noun)                                                                                \
    if (missing & 1U << FACT_##FACT)                                                                         \
    into->bindings[FACT_##FACT] = cel_message(fill_##noun(deciding, &into->noun) ? &into->noun.base : NULL)

/* Fill the facts whose bits are in `facts`. */
void facts_fill(struct deciding *deciding, unsigned facts);

#endif
