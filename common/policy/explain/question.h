/* question: a stored decision asked again, from the facts it kept, its event and its policy. */
#ifndef BELLHOP_POLICY_EXPLAIN_QUESTION_H
#define BELLHOP_POLICY_EXPLAIN_QUESTION_H

#include "common/policy/rules/fact.h"

/* One decision and what it was made from. */
struct question {
    const struct policy *policy; /* of its version */
    const WireDecision *decision;
    const WireEvent *event;
    struct arena *arena; /* for what is evaluated */
    struct cel_scratch *scratch;
    struct cel_value bindings[FACT_COUNT];
};

/* Fill the bindings. 0, or what facts_bind() gives. */
int question_bind(struct question *question);
struct cel_activation question_activation(struct question *question);

/* Whether `rule` looks at what the decision was made from. */
bool question_is_looked_at(const struct question *question, const struct rule *rule);
/* The rule that made the decision: it has its name, and its condition holds. NULL: no rule did, or it holds
 * no more. */
const struct rule *question_rule(struct question *question);

#endif
