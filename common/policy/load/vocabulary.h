/* vocabulary: the names that expressions may use. */
#ifndef BELLHOP_POLICY_LOAD_VOCABULARY_H
#define BELLHOP_POLICY_LOAD_VOCABULARY_H

#include "common/policy/load/loading.h"

/* Of every rule of what is being loaded. */
struct cel_environment *vocabulary_of_policy(const struct loading *loading);
/* Of one rule, by what triggers it. */
struct cel_environment *vocabulary_of_rule(const struct cel_environment *common, const struct rule *rule);

/* What stands for a role where one is expected: "covering", "above", "present". */
bool vocabulary_is_role(const char *text);

enum words { WORDS_NONE, WORDS_ROLES, WORDS_SEVERITIES, WORDS_FEELINGS };

/* `environment` and the words that stand for numbers or roles in one place of an action. */
struct cel_environment *vocabulary_with(const struct cel_environment *environment, enum words words);

#endif
