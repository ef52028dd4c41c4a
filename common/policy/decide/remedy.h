/* remedy: remedies, from the request to the handing over. */
#ifndef BELLHOP_POLICY_DECIDE_REMEDY_H
#define BELLHOP_POLICY_DECIDE_REMEDY_H

#include "common/policy/decide/deciding.h"

void remedy_grant(struct deciding *deciding, const struct rule *rule);
/* Bookkeeping of remedy events, before any rule looks at them. */
void remedy_conclude(struct deciding *deciding);
/* After the rules: a request told late, which nothing came of, is on record. It is never granted. */
void remedy_note(struct deciding *deciding);
void remedy_change(struct deciding *deciding, const struct rule *rule, const struct remedy *remedy,
                   WireRemedy *body, enum remedy_state state);
/* `remedy` is what is known by that name; NULL: nothing yet. */
WireRemedy *remedy_describe(struct deciding *deciding, const struct remedy *remedy,
                            const struct remedy_name *name);

#endif
