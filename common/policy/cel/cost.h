/* cost: how many steps one evaluation may take. */
#ifndef BELLHOP_POLICY_CEL_COST_H
#define BELLHOP_POLICY_CEL_COST_H

#include "common/policy/cel/names.h"
#include "common/policy/cel/syntax.h"

struct cost {
    uint64_t steps; /* UINT64_MAX: beyond counting */
    uint64_t items; /* of its value, when it is a list */
};

/* By the longest way through a checked expression, with lists of facts as long as the limits assume. */
struct cost cost_of(const struct syntax *syntax, const struct limits *limits);

#endif
