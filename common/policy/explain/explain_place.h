/* explain_place: where stores are and when they are open, as sentences. */
#ifndef BELLHOP_POLICY_EXPLAIN_EXPLAIN_PLACE_H
#define BELLHOP_POLICY_EXPLAIN_EXPLAIN_PLACE_H

#include "common/policy/explain/statement.h"

void explain_places(const struct policy *policy, struct statements *into);

/* "open day and night", or the hours of a week. */
void explain_calendar(const struct calendar *calendar, struct bytes *into);
/* "the hours of \"shop\"", or "open day and night". */
void explain_hours(const struct calendar *calendar, struct bytes *into);

/* "The policy names it: region coast; tags mall, large.", or that it does not. */
void explain_where(const struct policy *policy, const char *store_id, struct bytes *into);

/* "goes by the clocks of Europe/Vienna and is open by the hours \"shop\": Monday to Friday …", of one store. */
void explain_store(const struct policy *policy, const char *store_id, struct bytes *into);

#endif
