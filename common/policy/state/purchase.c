/* purchase: the last sales of a product, by customer and by interaction. */
#include "common/policy/state/purchase.h"

#include "common/base/memory.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/product.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_age.h"

enum { PURCHASE_KEY_SIZE = 1 + 3 * 64 + 3 };

static size_t put_part(char *key, size_t size, const char *part)
{
    size_t length = strnlen(part, 64);
    memcpy(key + size, part, length);
    key[size + length] = '\0';
    return size + length + 1;
}

static size_t of_customer(const char *customer_id, const char *product_id, bool is_drill,
                          char into[static PURCHASE_KEY_SIZE])
{
    into[0] = is_drill ? 'C' : 'c';
    return put_part(into, put_part(into, 1, customer_id), product_id) - 1;
}

static size_t of_interaction(const char *store_id, const char *interaction_id, const char *product_id,
                             bool is_drill, char into[static PURCHASE_KEY_SIZE])
{
    into[0] = is_drill ? 'I' : 'i';
    return put_part(into, put_part(into, put_part(into, 1, store_id), interaction_id), product_id) - 1;
}

const struct purchase *purchase_of_customer(const struct fold *fold, const char *customer_id,
                                            const char *product_id, bool is_drill)
{
    char key[PURCHASE_KEY_SIZE];
    return customer_id ? map_find(&fold->purchases, key, of_customer(customer_id, product_id, is_drill, key))
                       : NULL;
}

static const struct purchase *purchase_in(const struct fold *fold, const char *store_id,
                                          const char *interaction_id, const char *product_id, bool is_drill)
{
    char key[PURCHASE_KEY_SIZE];
    return store_id && interaction_id
               ? map_find(&fold->purchases, key,
                          of_interaction(store_id, interaction_id, product_id, is_drill, key))
               : NULL;
}

const struct purchase *purchase_returned(const struct fold *fold, const WireReturnMade *returned,
                                         const char *store_id, const char *interaction_id,
                                         const char *customer_id, bool is_drill)
{
    const char *sold_in = returned->sale_interaction_id;
    const struct purchase *purchase = purchase_in(fold, store_id, sold_in, returned->product_id, is_drill);
    if (purchase || sold_in)
        return purchase;
    purchase = purchase_of_customer(fold, customer_id, returned->product_id, is_drill);
    return purchase ? purchase : purchase_in(fold, store_id, interaction_id, returned->product_id, is_drill);
}

static struct purchase *make_purchase(struct fold *fold, const char *key, size_t key_size)
{
    struct purchase *purchase = map_find(&fold->purchases, key, key_size);
    if (!purchase) {
        ENTRY_ADD(fold, &fold->purchases, purchase, key, key_size);
    }
    purchase->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_purchases, &purchase->recent);
    return purchase;
}

static void drop_purchase(struct fold *fold, struct purchase *purchase)
{
    name_set(&fold->names, &purchase->sold_by, NULL);
    ENTRY_REMOVE(fold, &fold->purchases, purchase);
}

struct selling {
    struct fold *fold;
    const struct occurrence *occurrence;
    const char *customer_id;
    const char *sold_by;
    bool is_without_need;
};

static void remember(const struct selling *selling, const char *key, size_t key_size)
{
    struct purchase *purchase = make_purchase(selling->fold, key, key_size);
    if (selling->occurrence->at < purchase->at)
        return; /* a report that comes late: the last sale is another */
    purchase->at = selling->occurrence->at;
    purchase->seq = selling->occurrence->seq;
    purchase->is_without_need = selling->is_without_need;
    name_set(&selling->fold->names, &purchase->sold_by, selling->sold_by);
}

static void sell(const struct selling *selling, const struct policy *policy, const char *product_id)
{
    const WireEvent *event = selling->occurrence->event;
    char key[PURCHASE_KEY_SIZE];
    bool matters = selling->is_without_need ||
                   (policy && product_terms_of(selling->fold, policy, product_id).service_interval_us > 0) ||
                   purchase_of_customer(selling->fold, selling->customer_id, product_id, event->drill);
    if (selling->customer_id && matters)
        remember(selling, key, of_customer(selling->customer_id, product_id, event->drill, key));
    if (selling->is_without_need)
        remember(selling, key,
                 of_interaction(event->store_id, event->interaction_id, product_id, event->drill, key));
}

/* What did not suit and came back is no longer bought: it is told once, and was not done not long ago. */
static void bring_back(struct fold *fold, const struct occurrence *occurrence, const char *customer_id)
{
    const WireEvent *event = occurrence->event;
    const WireReturnMade *returned = event->return_made;
    struct purchase *purchases[] = {
        (struct purchase *)purchase_of_customer(fold, customer_id, returned->product_id, event->drill),
        (struct purchase *)purchase_in(fold, event->store_id,
                                       returned->sale_interaction_id ? returned->sale_interaction_id
                                                                     : event->interaction_id,
                                       returned->product_id, event->drill),
    };
    for (size_t i = 0; i < COUNT_OF(purchases); i++)
        if (purchases[i])
            drop_purchase(fold, purchases[i]);
}

void purchases_observe(struct fold *fold, const struct policy *policy, const struct occurrence *occurrence,
                       const struct interaction *interaction, const char *customer_id)
{
    const WireEvent *event = occurrence->event;
    if (event->body_case == WIRE_EVENT__BODY_RETURN_MADE &&
        event->return_made->reason == WIRE_RETURN_REASON__DOES_NOT_SUIT)
        bring_back(fold, occurrence, customer_id);
    if (event->body_case != WIRE_EVENT__BODY_SALE_COMPLETED)
        return;
    struct selling selling = {
        .fold = fold,
        .occurrence = occurrence,
        .customer_id = customer_id,
        .sold_by = event->employee_id ? event->employee_id
                   : interaction      ? interaction->known.served_by
                                      : NULL,
        .is_without_need = interaction && !interaction->known.needs,
    };
    for (size_t i = 0; i < event->sale_completed->n_lines; i++)
        sell(&selling, policy, event->sale_completed->lines[i]->product_id);
}

void purchases_age(struct fold *fold)
{
    ENTRIES_AGE(purchase, &fold->recent_purchases, state_age_us(fold, fold->limits.customer_age_ms),
                fold->purchases.count > fold->limits.purchases, drop_purchase)
}

void purchases_clear(struct fold *fold)
{
    ENTRIES_CLEAR(purchase, &fold->recent_purchases, drop_purchase)
    map_clear(&fold->purchases);
}

/* --- snapshots --- */

void purchases_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, fold->purchases.count);
    LIST_EACH(node, &fold->recent_purchases) {
        const struct purchase *purchase = CONTAINER_OF(node, struct purchase, recent);
        put_slice(into, purchase->key, purchase->key_size);
        bytes_append_u64(into, (uint64_t)purchase->at);
        bytes_append_u64(into, purchase->seq);
        bytes_append_u64(into, (uint64_t)purchase->touched_at);
        bytes_append_u8(into, purchase->is_without_need);
        put_text(into, purchase->sold_by);
    }
}

static void read_purchase(struct reading *reading)
{
    struct slice key = get_slice(reading);
    if (reading->failed || key.size > PURCHASE_KEY_SIZE) {
        reading->failed = true;
        return;
    }
    struct purchase *purchase = make_purchase(reading->fold, (const char *)key.data, key.size);
    purchase->at = (int64_t)get_u64(reading);
    purchase->seq = get_u64(reading);
    purchase->touched_at = (int64_t)get_u64(reading);
    purchase->is_without_need = get_u8(reading);
    get_name(reading, &purchase->sold_by);
}

void purchases_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        read_purchase(reading);
    }
}
