/* service_day: who serves on a day of the store, with what authority. For reports alone. */
#ifndef BELLHOP_POLICY_DECIDE_SERVICE_DAY_H
#define BELLHOP_POLICY_DECIDE_SERVICE_DAY_H

#include "common/policy/decide/deciding.h"

/* The event opens, hands over, asks, grants or closes: say so, the first time that day for whoever does, and again once
 * they have more authority. Of any other event of a contact only that the day was one. Exercises are no service. */
void service_day_note(struct deciding *deciding);

/* What an employee may grant in a day; NULL: it has no limit. */
WireMoney *service_day_authority(struct deciding *deciding, unsigned level);

#endif
