/* loan: authority that is lent: what is lent, and how far whoever has borrowed it may go with it.
 *
 * A loan reaches as far as the lender's own authority at the moment it is used: their level, up to the one they lent, and
 * what they have left of their day, which it is charged to. Nobody lends what they have borrowed. */
#ifndef BELLHOP_POLICY_DECIDE_LOAN_H
#define BELLHOP_POLICY_DECIDE_LOAN_H

#include "common/policy/decide/authority.h"

/* Whose loan is used, and at which level. Their name is the state's. */
struct loan_use {
    const char *lender; /* NULL: none is */
    unsigned level;
};

/* What an event about lending changes, before any rule looks at it. */
void loan_conclude(struct deciding *deciding);

/* The lowest level of at least `from` that is lent to the employee; `except`'s does not count (NULL: each does). False:
 * there is none. */
bool loan_reaches(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                  const char *employee_id, unsigned from, const char *except, struct loan_use *ret_use);
/* The lowest such loan that covers the request. Those that do not, and the one that does, are added to the proof (NULL: to
 * none), which has room for them. */
bool loan_covers(struct deciding *deciding, const struct policy *policy,
                 const struct authority_request *request, const char *employee_id, unsigned from,
                 const char *except, WireProof *proof, struct loan_use *ret_use);

#endif
