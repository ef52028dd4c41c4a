/* expression: conditions, values and sentences of a policy, compiled where they stand. */
#ifndef BELLHOP_POLICY_LOAD_EXPRESSION_H
#define BELLHOP_POLICY_LOAD_EXPRESSION_H

#include "common/policy/load/vocabulary.h"

struct compiling {
    struct loading *loading;
    const struct cel_environment *environment; /* of the rule */
    const struct cel_program *given;           /* its condition */
};

bool expression_compile(const struct compiling *compiling, const struct node *node,
                        const struct cel_type *expected, enum words words, struct expression *ret_expression);
bool expression_compile_sentence(const struct compiling *compiling, const struct node *node,
                                 struct sentence *ret_sentence);

#endif
