/* product: how rules look at each product of a sale, and at each who waited; what a sale ends. */
#include "common/policy/decide/product.h"

#include "common/base/text.h"
#include "common/policy/decide/follow_up.h"

void product_rest_on(struct deciding *deciding, WireDecision *decision)
{
    const struct purchase *purchase =
        purchase_of_customer(deciding->fold, deciding->customer_id, deciding->product_id, deciding->is_drill);
    if (deciding->occurrence.event->body_case == WIRE_EVENT__BODY_RETURN_MADE)
        purchase =
            purchase_returned(deciding->fold, deciding->occurrence.event->return_made, deciding->store_id,
                              deciding->interaction_id, deciding->customer_id, deciding->is_drill);
    deciding_rest_on(deciding, decision, purchase ? purchase->seq : 0);
    deciding_rest_on(deciding, decision, deciding->waits_since);
}

/* --- each --- */

static bool is_again(const WireSaleCompleted *sale, size_t line)
{
    for (size_t i = 0; i < line; i++)
        if (text_equal(sale->lines[i]->product_id, sale->lines[line]->product_id))
            return true;
    return false;
}

static void turn_to_product(struct deciding *deciding, const char *product_id)
{
    deciding->product_id = product_id;
    deciding->out->workspace->facts.filled &= ~(1U << FACT_PRODUCT | 1U << FACT_CUSTOMER);
}

static void each_sold(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                      product_look *look)
{
    const WireSaleCompleted *sale = deciding->occurrence.event->sale_completed;
    for (size_t line = 0; line < sale->n_lines; line++)
        if (!is_again(sale, line)) {
            turn_to_product(deciding, sale->lines[line]->product_id);
            look(deciding, rule, trigger);
        }
    turn_to_product(deciding, product_id_of(deciding->occurrence.event));
}

/* Each is decided about the customer who waits, and the contact in which they asked. */
static void each_waiting(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                         product_look *look)
{
    const struct shelf *shelf = stock_find(deciding->fold, deciding->store_id, deciding->product_id);
    const struct deciding own = *deciding;
    if (!shelf)
        return;
    LIST_EACH(node, &shelf->wants) {
        const struct want *want = CONTAINER_OF(node, struct want, in_shelf);
        if (want->is_drill != deciding->is_drill || want->at > deciding->occurrence.at)
            continue;
        const struct customer *customer = state_customer(deciding->fold, want->customer);
        const char *owner = customer ? customer->known.owner : NULL;
        deciding_turn_to(deciding, deciding_keep(deciding, want->interaction),
                         deciding_keep(deciding, want->customer), owner ? owner : want->employee);
        deciding->waits_since = want->seq;
        look(deciding, rule, trigger);
    }
    deciding->waits_since = 0;
    deciding_turn_to(deciding, own.interaction_id, own.customer_id, own.owner);
    deciding->after = own.after;
    deciding->customer_after = own.customer_after;
}

void product_each(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                  product_look *look)
{
    bool asks_for_product = rule->facts & 1U << FACT_PRODUCT;
    switch ((int)deciding->occurrence.event->body_case) {
    case WIRE_EVENT__BODY_SALE_COMPLETED:
        if (asks_for_product)
            each_sold(deciding, rule, trigger, look);
        else
            look(deciding, rule, trigger);
        break;
    case WIRE_EVENT__BODY_STOCK_ARRIVED:
        if (asks_for_product)
            each_waiting(deciding, rule, trigger, look);
        else
            look(deciding, rule, trigger);
        break;
    default:
        look(deciding, rule, trigger);
        break;
    }
}

/* --- what a sale ends --- */

static bool is_sold(const WireSaleCompleted *sale, const char *product_id)
{
    for (size_t line = 0; product_id && line < sale->n_lines; line++)
        if (text_equal(sale->lines[line]->product_id, product_id))
            return true;
    return false;
}

void product_overtake(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    if (event->body_case != WIRE_EVENT__BODY_SALE_COMPLETED || !deciding->customer)
        return;
    LIST_EACH(node, &deciding->customer->follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, in_customer);
        if (follow_up->kind != WIRE_FOLLOW_UP_KIND__GOODS_ARRIVED ||
            follow_up->is_drill != deciding->is_drill)
            continue;
        WireFollowUp *body = follow_up_read(follow_up, &deciding->out->arena);
        if (body && is_sold(event->sale_completed, body->subject))
            follow_up_overtake(deciding, follow_up, body);
    }
}
