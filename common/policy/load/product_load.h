/* product_load: the section of products: what the policy says of goods and services, by their ids. */
#ifndef BELLHOP_POLICY_LOAD_PRODUCT_LOAD_H
#define BELLHOP_POLICY_LOAD_PRODUCT_LOAD_H

#include "common/policy/load/loading.h"

void products_load(struct loading *loading, struct node *node);

#endif
