/* mute: a critical case pages alone; the lesser ones of its interaction wait until it has ended. */
#ifndef BELLHOP_POLICY_DECIDE_MUTE_H
#define BELLHOP_POLICY_DECIDE_MUTE_H

#include "common/policy/decide/deciding.h"

/* A live critical case of the interaction pages already. */
bool case_is_muted(const struct interaction *interaction, int64_t severity, bool is_drill);
/* A critical case has come, or become so: the lesser ones of its interaction page no more until it ends.
 * NULL: it is being opened. */
void cases_mute(struct deciding *deciding, const struct escalation *critical);
/* It is open again; a critical case of its interaction may page meanwhile. */
void case_mute_reopened(struct deciding *deciding, const struct escalation *escalation, const WireCase *body);
/* Of interactions whose critical case has ended: what that had muted pages again. */
void cases_wake(struct deciding *deciding);

#endif
