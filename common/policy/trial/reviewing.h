/* reviewing: one review under way. Internal to review*.c. */
#ifndef BELLHOP_POLICY_TRIAL_REVIEWING_H
#define BELLHOP_POLICY_TRIAL_REVIEWING_H

#include "common/policy/load/document.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/trial/review.h"

struct reviewing {
    const struct policy *policy;
    struct node *root;
    struct review *review;
};

/* A new one, empty; NULL: there are too many, which is counted. */
struct review_finding *reviewing_finding(struct review *review);

/* A finding at a node, or at its key where it is a mapping's value. `advice` is what to do. */
void reviewing_add(struct reviewing *reviewing, const struct node *node, const char *advice,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The value of a key, NULL: none. Unlike node_find() it leaves no mark. */
struct node *reviewing_value(const struct node *mapping, const char *key);
/* Likewise, or the mapping itself. */
const struct node *reviewing_part(const struct node *mapping, const char *key);

/* --- review_rule.c: rules, one by one and beside each other --- */
void review_rules(struct reviewing *reviewing);
/* --- review_ladder.c: levels, who reaches them --- */
void review_ladder(struct reviewing *reviewing);
/* --- review_condition.c: NULL, or why a condition never holds --- */
const char *review_contradiction(const struct cel_program *program);

#endif
