/* loading: one load of a policy under way. Internal to common/policy. */
#ifndef BELLHOP_POLICY_LOAD_LOADING_H
#define BELLHOP_POLICY_LOAD_LOADING_H

#include "common/policy/load/finding.h"
#include "common/policy/rules/scope.h"

/* What is being loaded of such a one. */
struct overriding {
    const struct override_set *set;
    struct node *list; /* the section of overrides, in its tree */
    bool is_strict;    /* to find what is wrong with an override */
};

/* Carried through one load. */
struct loading {
    struct policy *policy;
    struct policy_findings *findings;
    struct cel_environment *environment; /* what every rule may name */
    WireZoneTable *const *zones;
    size_t zone_count;
    const struct overriding *overriding; /* NULL: the policy itself is loaded */
    struct node *to;                     /* whom the rule being read escalates to, by an override */
};

#endif
