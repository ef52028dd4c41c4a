/* product_terms: what is said of a product. */
#ifndef BELLHOP_POLICY_RULES_PRODUCT_TERMS_H
#define BELLHOP_POLICY_RULES_PRODUCT_TERMS_H

#include <stdbool.h>
#include <stdint.h>

struct policy;

struct product_terms {
    int64_t service_interval_us; /* -1: nothing said; not needed again before it has passed */
    int64_t check_in_after_us;   /* -1: nothing said */
    int check_in;                /* -1: nothing said; 1: a sale asks for a check-in with the customer */
    const char *department;      /* NULL: nothing said */
};

#define PRODUCT_TERMS_INIT                                                                                   \
    {                                                                                                        \
        .service_interval_us = -1, .check_in_after_us = -1, .check_in = -1                                   \
    }

struct named_product {
    const char *product_id;
    struct product_terms terms;
};

/* What the policy says of it; NULL: nothing. */
const struct product_terms *product_terms_find(const struct policy *policy, const char *product_id);

/* For qsort() and bsearch(): named products by their ids. */
int product_terms_compare(const void *left, const void *right);

#endif
