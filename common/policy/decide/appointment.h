/* appointment: what events and time conclude about appointments. */
#ifndef BELLHOP_POLICY_DECIDE_APPOINTMENT_H
#define BELLHOP_POLICY_DECIDE_APPOINTMENT_H

#include "common/policy/decide/deciding.h"

/* What an event about an appointment ends. */
void appointment_conclude(struct deciding *deciding);
/* Likewise. */
bool appointment_come_due(struct deciding *deciding, const WireDeadlinePassed *passed);

#endif
