/* action: what the actions of rules take, and every expression of a rule. */
#ifndef BELLHOP_POLICY_RULES_ACTION_H
#define BELLHOP_POLICY_RULES_ACTION_H

#include "common/policy/rules/rule.h"

enum parameter_type {
    PARAMETER_ROLE,     /* a role, or an expression that gives one */
    PARAMETER_SEVERITY, /* low, normal, high, critical, or an expression over these */
    PARAMETER_FEELING,
    PARAMETER_TEXT, /* an expression that gives an id */
    PARAMETER_TRUTH,
    PARAMETER_NUMBER,
    PARAMETER_DURATION,
    PARAMETER_SENTENCE,
    PARAMETER_ENDS,
    PARAMETER_FOLLOW_UP,
    PARAMETER_RECOGNITION,
};

struct parameter {
    const char *name;
    enum parameter_type type;
    size_t offset; /* in struct action */
    bool is_required;
};

enum { PARAMETERS = 10 };

/* An action as rules write it; its parameters end with one that has no name. */
struct action_form {
    const char *name;
    struct parameter parameters[PARAMETERS];
};
extern const struct action_form action_forms[ACTION_KINDS];

void actions_clear(struct rule *rule);

/* Each expression of a rule, `what` it is for: "when", "to", "says" … */
typedef void program_each(void *owner, const char *what, const struct cel_program *program);
void rule_each_program(const struct rule *rule, program_each *each, void *owner);

#endif
