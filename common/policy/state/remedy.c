/* remedy: charges authority once, however often it is confirmed, and releases it once. */
#include "common/policy/state/remedy.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>

static const char *const words[] = {"", "requested", "reserved", "granted", "refused", "withdrawn"};

const char *remedy_state_word(enum remedy_state state)
{
    return words[state];
}

static enum remedy_state remedy_state_find(const char *word)
{
    for (size_t i = 1; word && i < COUNT_OF(words); i++)
        if (text_equal(words[i], word))
            return (enum remedy_state)i;
    return REMEDY_UNKNOWN;
}

static void charge(struct remedy *remedy, int64_t minor, struct charges *charges)
{
    if (remedy->is_drill)
        return;
    struct charge_account account = {
        .store_id = remedy->key, .id = remedy->charged_to, .currency = remedy->currency, .day = remedy->day};
    charge_add(charges, CHARGE_EMPLOYEE, &account, minor);
    account.id = remedy->customer;
    charge_add(charges, CHARGE_CUSTOMER, &account, minor);
}

void remedy_become(struct remedy *remedy, const WireRemedy *body, int64_t day, struct names *names,
                   struct charges *charges)
{
    bool was_charged = remedy_is_charged(remedy->state);
    bool is_same = was_charged && remedy->charged_to && body->charged_to &&
                   text_equal(remedy->charged_to, body->charged_to);
    if (was_charged)
        charge(remedy, -remedy->charged, charges);
    remedy->state = remedy_state_find(body->state);
    remedy->kind = body->has_kind ? (int)body->kind : 0;
    remedy->minor = body->amount ? body->amount->minor : 0;
    text_copy(remedy->currency, sizeof remedy->currency,
              body->amount && body->amount->currency ? body->amount->currency : "");
    remedy->requested_at = body->requested_at;
    remedy->is_drill = body->drill;
    name_set(names, &remedy->charged_to, body->charged_to);
    name_set(names, &remedy->customer, body->customer_id);
    name_set(names, &remedy->interaction, body->interaction_id);
    if (body->escalation_id &&
        (!remedy->escalation_id || !text_equal(remedy->escalation_id, body->escalation_id))) {
        free(remedy->escalation_id);
        remedy->escalation_id = memory_copy_text(body->escalation_id);
    }
    if (!is_same)
        remedy->day = day;
    remedy->charged = remedy_is_charged(remedy->state) ? remedy->minor : 0;
    if (remedy->charged)
        charge(remedy, remedy->charged, charges);
}

const char *remedy_id_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        return event->remedy_requested->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->remedy_granted->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return event->remedy_refused->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        return event->remedy_withdrawn->remedy_id;
    }
    return NULL;
}

const WireMoney *remedy_amount_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        return event->remedy_requested->amount;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->remedy_granted->amount;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return event->remedy_refused->amount;
    }
    return NULL;
}

bool remedy_was_withdrawn_before(const struct remedy *remedy)
{
    return remedy->state == REMEDY_WITHDRAWN && !remedy->kind;
}

bool remedy_is_answered(const struct remedy *remedy, bool is_drill)
{
    return remedy && remedy->is_drill == is_drill &&
           (remedy_is_charged(remedy->state) || remedy->state == REMEDY_REFUSED ||
            remedy_was_withdrawn_before(remedy));
}

bool remedy_is_over(const struct remedy *remedy, bool is_drill)
{
    return remedy && remedy->is_drill == is_drill &&
           (remedy->state == REMEDY_REFUSED || remedy->state == REMEDY_WITHDRAWN);
}

bool remedy_is_allowed(const struct remedy *remedy, const char *employee_id, bool is_drill)
{
    return remedy && remedy->is_drill == is_drill && remedy->state == REMEDY_RESERVED && employee_id &&
           remedy->charged_to && text_equal(remedy->charged_to, employee_id);
}
