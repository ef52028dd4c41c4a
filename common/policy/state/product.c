/* product: its terms, by the policy and by events. */
#include "common/policy/state/product.h"

#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

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
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
        return event->exception_requested->product_id;
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
        ENTRY_ADD(fold, &fold->products, product, product_id, key_size);
        product->terms = (struct product_terms)PRODUCT_TERMS_INIT;
    }
    entry_touch(&fold->recent_products, &product->recent);
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

void products_observe(struct fold *fold, const struct occurrence *occurrence)
{
    if (occurrence->event->body_case == WIRE_EVENT__BODY_PRODUCT_DESCRIBED && !occurrence->event->drill)
        describe(fold, occurrence);
}

/* --- forgetting --- */

static void drop_product(struct fold *fold, struct product *product)
{
    name_set(&fold->names, &product->terms.department, NULL);
    ENTRY_REMOVE(fold, &fold->products, product);
}

void products_age(struct fold *fold)
{
    for (; fold->products.count > fold->limits.products; fold->forgotten++)
        drop_product(fold, CONTAINER_OF(list_first(&fold->recent_products), struct product, recent));
}

void products_clear(struct fold *fold)
{
    ENTRIES_CLEAR(product, &fold->recent_products, drop_product)
    map_clear(&fold->products);
}

/* --- snapshots --- */

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
}
