/* compiler: from a checked tree to nodes. */
#ifndef BELLHOP_POLICY_CEL_COMPILER_H
#define BELLHOP_POLICY_CEL_COMPILER_H

#include "common/policy/cel/compilation.h"
#include "common/policy/cel/machine.h"

/* The fast form: paths and comparisons fused, constant parts evaluated now. NULL when a constant part always
 * fails and the environment is not lenient. */
struct node *compile_fast(struct compilation *compilation, struct syntax *syntax);
/* The form for explanations, made after the fast one: a node for every part, each observed. */
struct node *compile_observed(struct compilation *compilation, struct syntax *syntax);

#endif
