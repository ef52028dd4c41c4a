/* authority: whether a level can decide a request, and the proof of why it cannot.
 *
 * The request itself counts; exactly on the limit is within it. A level that nobody in particular is named
 * for is tested on its remedy and customer limits. */
#ifndef BELLHOP_POLICY_DECIDE_AUTHORITY_H
#define BELLHOP_POLICY_DECIDE_AUTHORITY_H

#include "common/policy/decide/deciding.h"
#include "common/policy/rules/calendar.h"

struct authority_request {
    int64_t minor; /* of an exception what it is worth */
    const char *currency;
    const char *exception; /* its kind; NULL: none is asked for */
    const char *store_id;
    const char *customer_id; /* NULL: unknown, then the limit per customer is that of the contact */
    const char *contact_id;  /* NULL: none */
    int64_t day;
    int64_t beside;           /* asked for at the same time by the same customer, and not decided yet */
    const struct remedy *own; /* what is charged for it already does not count; NULL: nothing is */
};

/* Of the authority for such a request, what others have used. */
int64_t authority_used_of_customer(const struct deciding *deciding, const struct authority_request *request);
int64_t authority_used_of_employee(const struct deciding *deciding, const struct authority_request *request,
                                   const char *employee_id);

/* The amount is asked for, or granted, in the case; NULL: nothing is said of what the exception is worth. */
struct authority_request authority_request_of_case(const struct deciding *deciding,
                                                   const struct policy *policy, const WireCase *body,
                                                   const WireMoney *amount);
/* The request that the event makes. False: it makes none. */
bool authority_request_of(const struct deciding *deciding, struct authority_request *ret_request);

/* The request is within the limits; what the proof says where it is not goes to `ret_level`. */
bool authority_fits(const struct deciding *deciding, const struct limits *limits,
                    const struct authority_request *request, const char *employee_id,
                    WireProofLevel *ret_level);
/* Fills `ret_level`; true when the level can decide. `employee_id` NULL: nobody in particular. */
bool authority_covers(const struct deciding *deciding, const struct policy *policy, unsigned level,
                      const struct authority_request *request, const char *employee_id,
                      WireProofLevel *ret_level);

/* The lowest level from `from` on that can decide, or the highest when none can. The proof has the levels
 * that were passed over and the one that was found; with `asker` the level `from` is tested for that
 * employee, and then what is lent to them. */
/* The lowest level from `from` on that covers every request of the contact that is open, all of them together; the proof
 * is that of the one that reaches highest. NULL: none is open. */
unsigned authority_lowest_for_all(struct deciding *deciding, unsigned from, WireProof **ret_proof);
unsigned authority_lowest(struct deciding *deciding, const struct policy *policy, unsigned from,
                          const struct authority_request *request, const char *asker, WireProof **ret_proof);

#endif
