/* rule_override: what overrides change of a rule that is being read. */
#ifndef BELLHOP_POLICY_LOAD_RULE_OVERRIDE_H
#define BELLHOP_POLICY_LOAD_RULE_OVERRIDE_H

#include "common/policy/load/loading.h"

/* What overrides change of a rule. */
struct rule_override {
    bool is_changed, is_off;
    struct node *to; /* NULL: as the rule says */
    const struct figure_change *figures[64];
    unsigned figure_count;
};

void rule_override_find(const struct loading *loading, const struct node *rule,
                        struct rule_override *ret_override);

#endif
