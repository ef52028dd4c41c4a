/* rule: one rule: when it is looked at, what it asks and what it does. */
#ifndef BELLHOP_POLICY_RULES_RULE_H
#define BELLHOP_POLICY_RULES_RULE_H

#include "common/policy/rules/action.h"
#include "common/policy/rules/trigger.h"

struct policy;

enum { RULE_TRIGGERS = 16 };

struct rule {
    const char *name; /* rules of one row share it */
    const char *row;
    const char *about;
    unsigned line;
    bool is_off; /* by an override: it stays, for cases it opened, but looks at nothing */
    struct trigger triggers[RULE_TRIGGERS];
    unsigned trigger_count;
    struct expression when;
    struct action actions[ACTION_KINDS];
    unsigned facts;                /* of all its expressions */
    const struct fact_path *reads; /* what its decisions keep, in order of the paths */
    unsigned read_count;
};

/* The first rule of this name that escalates; NULL: none. */
const struct rule *rule_find_escalating(const struct policy *policy, const char *name);

/* Free what its expressions hold. */
void rule_clear(struct rule *rule);

/* Each expression of a rule, `what` it is for: "when", "to", "says" … */
typedef void program_each(void *owner, const char *what, const struct cel_program *program);
void rule_each_program(const struct rule *rule, program_each *each, void *owner);

#endif
