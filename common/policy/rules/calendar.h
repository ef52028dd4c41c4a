/* calendar: the days and hours of a store, by its policy. */
#ifndef BELLHOP_POLICY_RULES_CALENDAR_H
#define BELLHOP_POLICY_RULES_CALENDAR_H

#include "common/policy/rules/place.h"

struct level;
struct policy;

struct place calendar_place(const struct policy *policy, const char *store_id);

/* The store's day. */
int64_t calendar_day(const struct policy *policy, const char *store_id, int64_t at);
/* The store's day is one on which customers are thanked. */
bool calendar_is_thanks(const struct policy *policy, const char *store_id, int64_t at);
/* The store's next closing, as place_next_closing(). */
int64_t calendar_next_closing(const struct policy *policy, const char *store_id, int64_t at,
                              int64_t *ret_day);

/* When the store, or a level that keeps hours of its own, will have been open for `duration_us` since `from`.
 */
int64_t calendar_clock(const struct policy *policy, const char *store_id, const struct level *level,
                       int64_t from, int64_t duration_us);
/* When something is due that people in the store are to do. Less than a day is counted in their hours; what
 * would be due a day or more later while it is closed is due when business is over on the day it opens again.
 */
int64_t calendar_due(const struct policy *policy, const char *store_id, int64_t from, int64_t duration_us);

#endif
