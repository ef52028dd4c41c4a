/* authority: whether a level can decide a request, and the proof of why it cannot.
 *
 * The request itself counts; exactly on the limit is within it. A level that nobody in particular is named
 * for is tested on its remedy and customer limits. */
#ifndef BELLHOP_POLICY_DECIDE_AUTHORITY_H
#define BELLHOP_POLICY_DECIDE_AUTHORITY_H

#include "common/policy/decide/deciding.h"
#include "common/policy/rules/calendar.h"

struct authority_request {
    int64_t minor;
    const char *currency;
    const char *store_id;
    const char *customer_id; /* NULL: unknown, no limit per customer */
    int64_t day;
    const struct remedy *own; /* what is charged for it already does not count; NULL: nothing is */
};

/* The request that the event makes. False: it makes none. */
bool authority_request_of(const struct deciding *deciding, struct authority_request *ret_request);

/* Fills `ret_level`; true when the level can decide. `employee_id` NULL: nobody in particular. */
bool authority_covers(const struct deciding *deciding, const struct policy *policy, unsigned level,
                      const struct authority_request *request, const char *employee_id,
                      WireProofLevel *ret_level);

/* The lowest level from `from` on that can decide, or the highest when none can. The proof has the levels
 * that were passed over and the one that was found; with `asker` the level `from` is tested for that
 * employee. */
unsigned authority_lowest(struct deciding *deciding, const struct policy *policy, unsigned from,
                          const struct authority_request *request, const char *asker, WireProof **ret_proof);

#endif
