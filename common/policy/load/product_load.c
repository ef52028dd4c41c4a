/* product_load: the section of products: what the policy says of goods and services, by their ids. */
#include "common/policy/load/product_load.h"

#include "common/base/memory.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/wire/rules.h"

#include <stdlib.h>

static void read_terms(struct loading *loading, struct node *node, struct product_terms *terms)
{
    static const char *const answers[] = {"false", "true", NULL};
    struct node *interval = node_find(node, "service_interval"), *check_in = node_find(node, "check_in");
    struct node *after = node_find(node, "check_in_after"), *department = node_find(node, "department");
    if (interval)
        scalar_read_duration(loading, interval, &terms->service_interval_us);
    if (after && scalar_read_duration(loading, after, &terms->check_in_after_us))
        terms->check_in = 1;
    if (check_in)
        terms->check_in = scalar_read_choice(loading, check_in, answers);
    if (department)
        terms->department = scalar_read_word(loading, department, 64);
    node_refuse_unread(node, "a product", loading->findings);
}

void products_load(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    size_t count = 0;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "products here, one a line: ID: { service_interval: 26w }"))
        return;
    for (struct node *value = node->first; value; value = value->next)
        count++;
    policy->products = memory_zeroed((count + 1) * sizeof *policy->products);
    for (struct node *value = node->first; value; value = value->next) {
        value->was_read = true;
        struct named_product *product = &policy->products[policy->product_count];
        *product = (struct named_product){.terms = PRODUCT_TERMS_INIT};
        if (!wire_charset_allows(WIRE_ID, value->key->text, value->key->size) || value->key->size > 64)
            finding_at(loading->findings, value->key,
                       "\"%.40s\" is no product's id: 1 to 64 letters, digits and . _ : / @ -",
                       value->key->text);
        else if (value->kind != NODE_MAPPING)
            finding_at(loading->findings, value,
                       "expected what holds of the product here, such as { service_interval: 26w }");
        else if ((product->product_id =
                      arena_text(&policy->arena, slice_of(value->key->text, value->key->size)))) {
            read_terms(loading, value, &product->terms);
            policy->product_count++;
        }
    }
    qsort(policy->products, policy->product_count, sizeof *policy->products, product_terms_compare);
}
