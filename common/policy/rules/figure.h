/* figure: what a policy calls by a name: a number, a duration, an amount. */
#ifndef BELLHOP_POLICY_RULES_FIGURE_H
#define BELLHOP_POLICY_RULES_FIGURE_H

#include "common/policy/cel/value.h"
#include "common/policy/rules/currency.h"

struct policy;

enum { POLICY_FIGURES = 512 };

struct figure {
    const char *name;
    struct cel_value value; /* int or duration; of money in the policy's first currency */
    bool is_money;
    int64_t amounts[POLICY_CURRENCIES]; /* of money, by currency; -1: none in this one */
    unsigned line;
};

/* What the function figures.NAME(currency) knows: the figure as it was where the rule was compiled. */
struct money_figure {
    const struct policy *policy;
    int64_t amounts[POLICY_CURRENCIES];
};

const struct figure *figure_find(const struct policy *policy, const char *name);

struct figure_change {
    unsigned figure;  /* in policy->figures */
    struct figure to; /* of money, the amounts that are given; the others stay */
    unsigned line;
};

/* Make `figure` what the change says. */
void figure_apply(struct figure *figure, const struct figure_change *change);

#endif
