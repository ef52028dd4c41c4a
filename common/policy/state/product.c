/* product: its terms, and sales. */
#include "common/policy/state/product.h"

const char *product_id_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_OFFER_MADE:
        return event->offer_made->product_id;
    case WIRE_EVENT__BODY_SALE_COMPLETED:
        return event->sale_completed->n_lines ? event->sale_completed->lines[0]->product_id : NULL;
    case WIRE_EVENT__BODY_RETURN_MADE:
        return event->return_made->product_id;
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        return event->remedy_requested->product_id;
    case WIRE_EVENT__BODY_QUESTION_UNANSWERED:
        return event->question_unanswered->product_id;
    case WIRE_EVENT__BODY_PROMISE_MADE:
        return event->promise_made->product_id;
    case WIRE_EVENT__BODY_PRODUCT_DESCRIBED:
        return event->product_described->product_id;
    case WIRE_EVENT__BODY_PRODUCT_WANTED:
        return event->product_wanted->product_id;
    case WIRE_EVENT__BODY_STOCK_EXPECTED:
        return event->stock_expected->product_id;
    case WIRE_EVENT__BODY_STOCK_ARRIVED:
        return event->stock_arrived->product_id;
    }
    return NULL;
}

#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

/* ---- terms */

static void overlay(struct product_terms *terms, const struct product_terms *later)
{
    if (later->service_interval_us >= 0)
        terms->service_interval_us = later->service_interval_us;
    if (later->check_in_after_us >= 0)
        terms->check_in_after_us = later->check_in_after_us;
    if (later->check_in >= 0)
        terms->check_in = later->check_in;
    if (later->department)
        terms->department = later->department;
}

struct product_terms product_terms_of(const struct fold *fold, const struct policy *policy,
                                      const char *product_id)
{
    struct product_terms terms = PRODUCT_TERMS_INIT;
    const struct product *product = map_find_text(&fold->products, product_id);
    const struct product_terms *named = product_terms_find(policy, product_id);
    bool is_policy_later = product && product->seq < policy->version;
    if (named && !is_policy_later)
        overlay(&terms, named);
    if (product)
        overlay(&terms, &product->terms);
    if (named && is_policy_later)
        overlay(&terms, named);
    return terms;
}

static struct product *make_product(struct fold *fold, const char *product_id)
{
    struct product *product = map_find_text(&fold->products, product_id);
    if (!product) {
        size_t key_size = strlen(product_id);
        product = entry_new(fold, sizeof *product, key_size);
        product->key_size = (uint16_t)key_size;
        product->terms = (struct product_terms)PRODUCT_TERMS_INIT;
        memcpy(product->key, product_id, key_size);
        map_put(&fold->products, product->key, key_size, product);
    }
    touch(&fold->recent_products, &product->recent);
    return product;
}

static void describe(struct fold *fold, const struct occurrence *occurrence)
{
    const WireProductDescribed *described = occurrence->event->product_described;
    struct product *product = make_product(fold, described->product_id);
    struct product_terms later = PRODUCT_TERMS_INIT;
    const char *department = product->terms.department;
    if (described->has_service_interval_ms)
        later.service_interval_us = described->service_interval_ms * 1000;
    if (described->has_check_in_after_ms) {
        later.check_in_after_us = described->check_in_after_ms * 1000;
        later.check_in = 1; /* unless it says otherwise */
    }
    if (described->has_check_in)
        later.check_in = described->check_in;
    overlay(&product->terms, &later);
    if (described->department)
        name_set(&fold->names, &department, described->department);
    product->terms.department = department;
    product->seq = occurrence->seq;
}

/* ---- sales */

enum { PURCHASE_KEY_SIZE = 1 + 3 * 64 + 3 };

static size_t put_part(char *key, size_t size, const char *part)
{
    size_t length = strnlen(part, 64);
    memcpy(key + size, part, length);
    key[size + length] = '\0';
    return size + length + 1;
}

static size_t customer_key(const char *customer_id, const char *product_id,
                           char into[static PURCHASE_KEY_SIZE])
{
    into[0] = 'c';
    return put_part(into, put_part(into, 1, customer_id), product_id) - 1;
}

static size_t interaction_key(const char *store_id, const char *interaction_id, const char *product_id,
                              char into[static PURCHASE_KEY_SIZE])
{
    into[0] = 'i';
    return put_part(into, put_part(into, put_part(into, 1, store_id), interaction_id), product_id) - 1;
}

const struct purchase *purchase_of_customer(const struct fold *fold, const char *customer_id,
                                            const char *product_id)
{
    char key[PURCHASE_KEY_SIZE];
    return customer_id ? map_find(&fold->purchases, key, customer_key(customer_id, product_id, key)) : NULL;
}

const struct purchase *purchase_in(const struct fold *fold, const char *store_id, const char *interaction_id,
                                   const char *product_id)
{
    char key[PURCHASE_KEY_SIZE];
    return store_id && interaction_id
               ? map_find(&fold->purchases, key, interaction_key(store_id, interaction_id, product_id, key))
               : NULL;
}

const struct purchase *purchase_returned(const struct fold *fold, const WireReturnMade *returned,
                                         const char *store_id, const char *interaction_id,
                                         const char *customer_id)
{
    const char *sold_in = returned->sale_interaction_id;
    const struct purchase *purchase = purchase_in(fold, store_id, sold_in, returned->product_id);
    if (purchase || sold_in)
        return purchase;
    purchase = purchase_of_customer(fold, customer_id, returned->product_id);
    return purchase ? purchase : purchase_in(fold, store_id, interaction_id, returned->product_id);
}

static struct purchase *make_purchase(struct fold *fold, const char *key, size_t key_size)
{
    struct purchase *purchase = map_find(&fold->purchases, key, key_size);
    if (!purchase) {
        purchase = entry_new(fold, sizeof *purchase, key_size);
        purchase->key_size = (uint16_t)key_size;
        memcpy(purchase->key, key, key_size);
        map_put(&fold->purchases, purchase->key, key_size, purchase);
    }
    purchase->touched_at = fold->recorded_at;
    touch(&fold->recent_purchases, &purchase->recent);
    return purchase;
}

static void drop_purchase(struct fold *fold, struct purchase *purchase)
{
    list_remove(&purchase->recent);
    map_take(&fold->purchases, purchase->key, purchase->key_size);
    name_set(&fold->names, &purchase->sold_by, NULL);
    entry_free(fold, purchase, sizeof *purchase, purchase->key_size);
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
                   purchase_of_customer(selling->fold, selling->customer_id, product_id);
    if (selling->customer_id && matters)
        remember(selling, key, customer_key(selling->customer_id, product_id, key));
    if (selling->is_without_need)
        remember(selling, key, interaction_key(event->store_id, event->interaction_id, product_id, key));
}

/* What did not suit and came back is no longer bought: it is told once, and was not done not long ago. */
static void take_back(struct fold *fold, const struct occurrence *occurrence, const char *customer_id)
{
    const WireEvent *event = occurrence->event;
    const WireReturnMade *returned = event->return_made;
    struct purchase *purchases[] = {
        (struct purchase *)purchase_of_customer(fold, customer_id, returned->product_id),
        (struct purchase *)purchase_in(fold, event->store_id,
                                       returned->sale_interaction_id ? returned->sale_interaction_id
                                                                     : event->interaction_id,
                                       returned->product_id),
    };
    for (size_t at = 0; at < COUNT_OF(purchases); at++)
        if (purchases[at])
            drop_purchase(fold, purchases[at]);
}

void products_observe(struct fold *fold, const struct policy *policy, const struct occurrence *occurrence,
                      const struct interaction *interaction, const char *customer_id)
{
    const WireEvent *event = occurrence->event;
    if (event->drill)
        return;
    if (event->body_case == WIRE_EVENT__BODY_PRODUCT_DESCRIBED)
        describe(fold, occurrence);
    if (event->body_case == WIRE_EVENT__BODY_RETURN_MADE &&
        event->return_made->reason == WIRE_RETURN_REASON__DOES_NOT_SUIT)
        take_back(fold, occurrence, customer_id);
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
    for (size_t at = 0; at < event->sale_completed->n_lines; at++)
        sell(&selling, policy, event->sale_completed->lines[at]->product_id);
}

/* ---- forgetting */

static void drop_product(struct fold *fold, struct product *product)
{
    list_remove(&product->recent);
    map_take(&fold->products, product->key, product->key_size);
    name_set(&fold->names, &product->terms.department, NULL);
    entry_free(fold, product, sizeof *product, product->key_size);
}

void products_age(struct fold *fold)
{
    for (; fold->products.count > fold->limits.products; fold->forgotten++)
        drop_product(fold, CONTAINER_OF(list_first(&fold->recent_products), struct product, recent));
    for (struct list_node *node; (node = list_first(&fold->recent_purchases));) {
        struct purchase *oldest = CONTAINER_OF(node, struct purchase, recent);
        bool is_old =
            oldest->touched_at + state_age_us(fold, fold->limits.customer_age_ms) < fold->recorded_at;
        if (!is_old && fold->purchases.count <= fold->limits.purchases)
            return;
        fold->forgotten += !is_old;
        drop_purchase(fold, oldest);
    }
}

void products_clear(struct fold *fold)
{
    for (struct list_node *node; (node = list_first(&fold->recent_products));)
        drop_product(fold, CONTAINER_OF(node, struct product, recent));
    for (struct list_node *node; (node = list_first(&fold->recent_purchases));)
        drop_purchase(fold, CONTAINER_OF(node, struct purchase, recent));
    map_clear(&fold->products);
    map_clear(&fold->purchases);
}

/* ---- snapshots */

void products_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, fold->products.count);
    LIST_EACH(node, &fold->recent_products) {
        const struct product *product = CONTAINER_OF(node, struct product, recent);
        put_text(into, product->key);
        bytes_append_u64(into, product->seq);
        bytes_append_u64(into, (uint64_t)product->terms.service_interval_us);
        bytes_append_u64(into, (uint64_t)product->terms.check_in_after_us);
        bytes_append_u32(into, (uint32_t)product->terms.check_in);
        put_text(into, product->terms.department);
    }
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

void products_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct product *product = make_product(reading->fold, get_word(reading));
        product->seq = get_u64(reading);
        product->terms.service_interval_us = (int64_t)get_u64(reading);
        product->terms.check_in_after_us = (int64_t)get_u64(reading);
        product->terms.check_in = (int)get_u32(reading);
        get_name(reading, &product->terms.department);
    }
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        read_purchase(reading);
    }
}
