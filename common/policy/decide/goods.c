/* goods: what rules may ask of products, and how they look at each product of a sale, and at each who waited.
 */
#include "common/policy/decide/deciding.h"

#include <string.h>

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

#define SET(message, field, value) ((message)->has_##field = true, (message)->field = (value))

/* What was sold, as the return says, else as this customer bought it last, else in this interaction. */
static const struct purchase *purchase_returned(const struct deciding *deciding)
{
    const struct fold *fold = deciding->fold;
    const WireReturnMade *returned = deciding->occurrence.event->return_made;
    const struct purchase *purchase =
        purchase_in(fold, deciding->store_id, returned->sale_interaction_id, returned->product_id);
    if (purchase || returned->sale_interaction_id)
        return purchase;
    purchase = purchase_of_customer(fold, deciding->customer_id, returned->product_id);
    return purchase ? purchase
                    : purchase_in(fold, deciding->store_id, deciding->interaction_id, returned->product_id);
}

bool product_fill(struct deciding *deciding, WireProductFacts *facts)
{
    const char *product_id = deciding->product_id;
    if (!product_id)
        return false;
    struct product_terms terms = product_terms_of(deciding->fold, deciding->policy, product_id);
    const struct shelf *shelf = state_shelf(deciding->fold, deciding->store_id, product_id);
    *facts = (WireProductFacts)WIRE_PRODUCT_FACTS__INIT;
    facts->product_id = (char *)product_id;
    facts->check_in = terms.check_in > 0;
    facts->department = (char *)terms.department;
    if (terms.service_interval_us >= 0)
        SET(facts, service_interval_ms, terms.service_interval_us / 1000);
    if (terms.check_in_after_us >= 0)
        SET(facts, check_in_after_ms, terms.check_in_after_us / 1000);
    if (shelf && shelf->expected_at)
        SET(facts, expected_at, shelf->expected_at);
    if (deciding->occurrence.event->body_case != WIRE_EVENT__BODY_RETURN_MADE)
        return true;
    const struct purchase *purchase = purchase_returned(deciding);
    facts->sold_without_need = purchase && purchase->is_without_need;
    facts->sold_by = (char *)(purchase ? purchase->sold_by : NULL);
    return true;
}

int64_t last_service_at(const struct deciding *deciding)
{
    const struct purchase *purchase =
        deciding->product_id
            ? purchase_of_customer(deciding->fold, deciding->customer_id, deciding->product_id)
            : NULL;
    return purchase && purchase->at <= deciding->occurrence.at ? purchase->at : 0;
}

void goods_rest_on(struct deciding *deciding, WireDecision *decision)
{
    const struct purchase *purchase =
        purchase_of_customer(deciding->fold, deciding->customer_id, deciding->product_id);
    if (deciding->occurrence.event->body_case == WIRE_EVENT__BODY_RETURN_MADE)
        purchase = purchase_returned(deciding);
    deciding_rest_on(deciding, decision, purchase ? purchase->seq : 0);
    deciding_rest_on(deciding, decision, deciding->waits_since);
}

/* ---- each */

static bool is_again(const WireSaleCompleted *sale, size_t line)
{
    for (size_t at = 0; at < line; at++)
        if (!strcmp(sale->lines[at]->product_id, sale->lines[line]->product_id))
            return true;
    return false;
}

static void turn_to_product(struct deciding *deciding, const char *product_id)
{
    deciding->product_id = product_id;
    deciding->out->workspace->facts.filled &= ~(1U << FACT_PRODUCT | 1U << FACT_CUSTOMER);
}

static void each_sold(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                      rule_look *look)
{
    const WireSaleCompleted *sale = deciding->occurrence.event->sale_completed;
    for (size_t line = 0; line < sale->n_lines; line++)
        if (!is_again(sale, line)) {
            turn_to_product(deciding, sale->lines[line]->product_id);
            look(deciding, rule, trigger);
        }
    turn_to_product(deciding, product_id_of(deciding->occurrence.event));
}

/* Whoever waits is whom it is about: the customer, and the contact in which they asked. */
static void each_waiting(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                         rule_look *look)
{
    const struct shelf *shelf = state_shelf(deciding->fold, deciding->store_id, deciding->product_id);
    const struct deciding own = *deciding;
    if (!shelf)
        return;
    LIST_EACH(node, &shelf->wants) {
        const struct want *want = CONTAINER_OF(node, struct want, in_shelf);
        if (want->is_drill != deciding->is_drill)
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

void each_subject(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                  rule_look *look)
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

/* ---- what a sale ends */

static bool is_sold(const WireSaleCompleted *sale, const char *product_id)
{
    for (size_t line = 0; product_id && line < sale->n_lines; line++)
        if (!strcmp(sale->lines[line]->product_id, product_id))
            return true;
    return false;
}

void goods_overtake(struct deciding *deciding)
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
