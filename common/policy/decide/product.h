/* product: how rules look at each product of a sale, and at each who waited; what a sale ends. */
#ifndef BELLHOP_POLICY_DECIDE_PRODUCT_H
#define BELLHOP_POLICY_DECIDE_PRODUCT_H

#include "common/policy/decide/deciding.h"

void product_rest_on(struct deciding *deciding, WireDecision *decision);
/* A rule that asks for the product looks at each product of a sale, and, of what has arrived, at each who
 * waited; any other rule looks once. */
typedef void product_look(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger);
void product_each(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                  product_look *look);
/* Nobody need call any more who has bought what arrived. */
void product_overtake(struct deciding *deciding);

#endif
