/* product: what is known of goods and services.
 *
 * The policy names products, and product_described events do; of each thing the later word holds. Products are kept for
 * good. */
#ifndef BELLHOP_POLICY_STATE_PRODUCT_H
#define BELLHOP_POLICY_STATE_PRODUCT_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "common/policy/rules/product_terms.h"
#include "common/policy/state/occurrence.h"

struct fold;
struct policy;
struct reading;

/* The first product that an event is about; NULL: none. */
const char *product_id_of(const WireEvent *event);

/* What events said of it. */
struct product {
    struct list_node recent;
    struct product_terms terms;
    uint64_t seq; /* of the last of them */
    uint16_t key_size;
    char key[]; /* the product's id */
};

/* By the policy and by events, the later word first. */
struct product_terms product_terms_of(const struct fold *fold, const struct policy *policy,
                                      const char *product_id);

/* Let product_described happen. */
void products_observe(struct fold *fold, const struct occurrence *occurrence);

void products_age(struct fold *fold);
void products_clear(struct fold *fold);
void products_write(const struct fold *fold, struct bytes *into);
void products_read(struct reading *reading);

#endif
