/* evaluate: values of a policy's expressions. An error is no value. */
#ifndef BELLHOP_POLICY_DECIDE_EVALUATE_H
#define BELLHOP_POLICY_DECIDE_EVALUATE_H

#include "common/policy/decide/deciding.h"

bool evaluate_truth(struct deciding *deciding, const struct expression *expression);
int64_t evaluate_number(struct deciding *deciding, const struct expression *expression, int64_t otherwise);
/* In the arena; NULL when there is none, or it is no id of at most `most` bytes. */
char *evaluate_text(struct deciding *deciding, const struct expression *expression, size_t most);
int64_t evaluate_duration_us(struct deciding *deciding, const struct expression *expression);
char *evaluate_sentence(struct deciding *deciding, const struct sentence *sentence);
/* A level of the policy's ladder; -1: "covering", -2: no role. "above" is the level above that of the employee
 * (NULL: whom the decision is about), "present" the lowest above it of which somebody is on duty. */
int evaluate_level(struct deciding *deciding, const struct expression *expression, const char *employee_id);

/* The condition of the rule, which is looked at because of `trigger`; whoever watches is told. */
bool evaluate_rule(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger);

#endif
