/* perform: what rules do. */
#ifndef BELLHOP_POLICY_DECIDE_PERFORM_H
#define BELLHOP_POLICY_DECIDE_PERFORM_H

#include "common/policy/decide/deciding.h"

/* Look at the rules of `list`, in order; those that hold are performed. `trigger` other than NULL: this one
 * alone. */
void perform_rules(struct deciding *deciding, const struct rule_list *list, const struct trigger *only);
/* The rules that the event triggers, and with it those for which it is known now whose the contact is. */
void perform_event(struct deciding *deciding);
/* What follows from changes of cases among the decisions made so far. */
void perform_changes(struct deciding *deciding);

#endif
