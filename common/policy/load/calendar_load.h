/* calendar_load: zones and calendars as people write them. */
#ifndef BELLHOP_POLICY_LOAD_CALENDAR_LOAD_H
#define BELLHOP_POLICY_LOAD_CALENDAR_LOAD_H

#include "common/policy/load/loading.h"
#include "common/policy/rules/place.h"

/* The name and the table of a zone; of UTC NULL. */
bool calendar_load_zone(struct loading *loading, const struct node *node, const char **ret_name,
                        const struct zone **ret_zone);
/* The section of calendars, and one of them by its name; of "always" NULL. */
void calendars_load(struct loading *loading, const struct node *node);
bool calendar_load(struct loading *loading, const struct node *node, const struct calendar **ret_calendar);

/* Days on which customers are thanked; of a `calendar`, or of all stores (NULL). */
void calendar_load_thanks(struct loading *loading, const struct node *node, const struct calendar *calendar,
                          struct thanks_days *ret_thanks);

#endif
