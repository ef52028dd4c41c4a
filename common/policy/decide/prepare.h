/* prepare: appointments as events and time change them. */
#ifndef BELLHOP_POLICY_DECIDE_PREPARE_H
#define BELLHOP_POLICY_DECIDE_PREPARE_H

#include "common/policy/decide/deciding.h"

/* What an event about an appointment ends. */
void decide_appointment(struct deciding *deciding);
/* Likewise. */
bool appointment_come_due(struct deciding *deciding, const WireDeadlinePassed *passed);

#endif
