/* product_terms: finds them by the product's id. */
#include "common/policy/rules/product_terms.h"

#include "common/policy/rules/policy_parts.h"

#include <stdlib.h>
#include <string.h>

int product_terms_compare(const void *left, const void *right)
{
    const struct named_product *a = left, *b = right;
    return strcmp(a->product_id, b->product_id);
}

const struct product_terms *product_terms_find(const struct policy *policy, const char *product_id)
{
    struct named_product key = {.product_id = product_id};
    const struct named_product *found =
        policy->product_count
            ? bsearch(&key, policy->products, policy->product_count, sizeof key, product_terms_compare)
            : NULL;
    return found ? &found->terms : NULL;
}
