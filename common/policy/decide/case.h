/* case: changes of cases. */
#ifndef BELLHOP_POLICY_DECIDE_CASE_H
#define BELLHOP_POLICY_DECIDE_CASE_H

#include "common/policy/decide/deciding.h"

/* When so many times the time of the level, which begin now, are over: in the hours of the store or the level, of a
 * critical case by night as well. */
int64_t case_clock(const struct deciding *deciding, const struct policy *policy, const WireCase *body,
                   const struct level *level, unsigned times);
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

/* Overtake the cases that rules opened about `subject` when it was `overdue`. */
void case_overtake_subject(struct deciding *deciding, WireDeadlineKind overdue, const char *interaction_id,
                           const char *subject);

#endif
