/* look: one look at a rule while an event is decided. */
#ifndef BELLHOP_POLICY_RULES_LOOK_H
#define BELLHOP_POLICY_RULES_LOOK_H

#include "common/policy/rules/policy_parts.h"

/* Gone when the call returns. */
struct rule_look {
    const struct policy *policy; /* the one that is applied */
    const struct rule *rule;
    const WireEvent *event;
    const struct trigger *trigger;
    const struct cel_activation *activation; /* over the facts that the condition reads */
    bool holds;
    const WireProof *proof; /* of a remedy: who could decide it then; NULL: the rule asks for none */
};

#endif
