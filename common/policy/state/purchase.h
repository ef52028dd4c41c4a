/* purchase: what a sale leaves behind that later offers and returns ask for. Kept as long as customers are. */
#ifndef BELLHOP_POLICY_STATE_PURCHASE_H
#define BELLHOP_POLICY_STATE_PURCHASE_H

#include "common/base/bytes.h"
#include "common/policy/state/interaction.h"

struct fold;
struct policy;
struct reading;

/* The last sale of a product to a customer, where that will matter (the product has a service interval, or no
 * need had been recorded), or within an interaction where none had. */
struct purchase {
    struct list_node recent;
    int64_t at;
    uint64_t seq;
    const char *sold_by; /* NULL: unknown */
    bool is_without_need;
    int64_t touched_at;
    uint16_t key_size;
    char key
        []; /* 'c' customer NUL product, or 'i' store NUL interaction NUL product; capitals: of an exercise */
};

/* NULL: none that is known. A NULL argument matches anything. */
const struct purchase *purchase_of_customer(const struct fold *fold, const char *customer_id,
                                            const char *product_id, bool is_drill);

/* What was sold, as the return says, else as this customer bought it last, else in this interaction. */
const struct purchase *purchase_returned(const struct fold *fold, const WireReturnMade *returned,
                                         const char *store_id, const char *interaction_id,
                                         const char *customer_id, bool is_drill);

/* Let a sale in `interaction` (NULL: in none) to `customer_id` (NULL: unknown), or what came back, happen. */
void purchases_observe(struct fold *fold, const struct policy *policy, const struct occurrence *occurrence,
                       const struct interaction *interaction, const char *customer_id);

void purchases_age(struct fold *fold);
void purchases_clear(struct fold *fold);
void purchases_write(const struct fold *fold, struct bytes *into);
void purchases_read(struct reading *reading);

#endif
