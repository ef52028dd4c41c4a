/* matter: what rules may ask of the thing that an event is about: a remedy, a promise, a product, an appointment, a
 * question that nobody could answer, what comes up again, the good news of a day. */
#ifndef BELLHOP_POLICY_DECIDE_MATTER_H
#define BELLHOP_POLICY_DECIDE_MATTER_H

#include "common/policy/decide/deciding.h"

/* Those of them that depend on what the event is about. */
void matter_fill(struct deciding *deciding, unsigned missing);

#endif
