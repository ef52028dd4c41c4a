/* attention: how many contacts an employee serves at once, and with how many unsure customers. An exercise is
 * counted apart.
 *
 * An open interaction is served by whoever its last event named. Cases that last only while their employee is
 * busy (`while`, with the employee as subject) are overtaken when that is over. */
#ifndef BELLHOP_POLICY_STATE_ATTENTION_H
#define BELLHOP_POLICY_STATE_ATTENTION_H

#include "common/policy/decide/deciding.h"

/* ---- deciding */

/* What the employee now serving has to do, with the event; deciding->server, if given, instead. */
void attention_fill(const struct deciding *deciding, WireInteractionFacts *facts);
/* The event relieves somebody: what waited for that is overtaken. */
void attention_overtake(struct deciding *deciding);

/* Whether the employee is still so busy that the case goes on, by the policy of the case. */
bool attention_goes_on(struct deciding *deciding, const struct escalation *escalation,
                       const char *employee_id);

/* ---- applying */

/* The interaction is served by whom it says now. */
void attention_follow(struct fold *fold, struct interaction *interaction);
/* Nobody serves it any more. */
void attention_leave(struct interaction *interaction);
/* Of a live case that lasts while the employee it is about is busy. */
void attention_join_case(struct fold *fold, struct escalation *escalation, const WireCase *body);
/* The employee is forgotten. */
void attention_forget(struct employee *employee);

/* Which cases wait for which employees. */
void attention_write(const struct fold *fold, struct bytes *into);
void attention_read(struct reading *reading);

#endif
