/* mute: a critical case pages alone; the lesser ones of its interaction wait until it has ended. */
#ifndef BELLHOP_POLICY_DECIDE_MUTE_H
#define BELLHOP_POLICY_DECIDE_MUTE_H

#include "common/policy/decide/deciding.h"

/* A live critical case of the interaction pages already. */
bool mute_applies(const struct interaction *interaction, int64_t severity, bool is_drill);
/* Somebody waits for an answer to a remedy: its case is never muted. */
/* A critical case has come, or become so: the lesser ones of its interaction page no more until it ends.
 * NULL: it is being opened. */
void mute_others(struct deciding *deciding, const struct escalation *critical);
/* It is open again; a critical case of its interaction may page meanwhile. */
void mute_reopened(struct deciding *deciding, const struct escalation *escalation, const WireCase *body);
/* Of interactions whose critical case has ended: what that had muted pages again. */
void mute_lift(struct deciding *deciding);

#endif
