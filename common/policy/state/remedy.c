/* remedy: charges authority once, however often it is confirmed, and releases it once. */
#include "common/policy/state/remedy.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>

static const char *const words[] = {"unknown", "requested", "reserved", "granted", "refused", "withdrawn"};

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

/* --- what it is known by --- */

static size_t put(char *into, const char *text)
{
    size_t size = text ? strnlen(text, KEY_TEXT_SIZE - 1) : 0;
    memcpy(into, text ? text : "", size);
    into[size] = '\0';
    return size + 1;
}

size_t remedy_key(const struct remedy_name *name, char into[static KEY_REMEDY_SIZE])
{
    size_t size = key_pair(name->store_id, name->remedy_id, into) + 1;
    into[size - 1] = '\0';
    size += put(into + size, name->interaction_id);
    size += put(into + size, name->interaction_id ? NULL : name->source);
    into[size++] = name->is_drill ? 'd' : 'r';
    return size;
}

struct remedy_name remedy_name(const struct remedy *remedy)
{
    struct remedy_name name = {.store_id = remedy->key, .is_drill = remedy->is_drill};
    name.remedy_id = key_second(name.store_id);
    const char *interaction_id = key_second(name.remedy_id), *source = key_second(interaction_id);
    name.interaction_id = *interaction_id ? interaction_id : NULL;
    name.source = *source ? source : NULL;
    return name;
}

static const char *asked_in(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->remedy_granted->remedy_interaction_id;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return event->remedy_refused->remedy_interaction_id;
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        return event->remedy_withdrawn->remedy_interaction_id;
    case WIRE_EVENT__BODY_REMEDY_RETURNED:
        return event->remedy_returned->remedy_interaction_id;
    }
    return NULL;
}

bool remedy_name_of(const WireEvent *event, struct remedy_name *ret_name)
{
    const char *remedy_id = remedy_id_of(event), *interaction_id = asked_in(event);
    if (!remedy_id)
        return false;
    *ret_name = (struct remedy_name){
        .store_id = event->store_id,
        .interaction_id = interaction_id ? interaction_id : event->interaction_id,
        .source = event->source,
        .remedy_id = remedy_id,
        .is_drill = event->drill,
    };
    return true;
}

struct remedy_name remedy_name_of_case(const WireCase *body)
{
    return (struct remedy_name){
        .store_id = body->store_id,
        .interaction_id = body->interaction_id,
        .source = body->source,
        .remedy_id = body->subject,
        .is_drill = body->drill,
    };
}

/* --- what it becomes --- */

static void charge(struct remedy *remedy, int64_t minor, struct charges *charges)
{
    if (remedy->is_drill)
        return;
    struct charge_account account = {
        .store_id = remedy->key, .id = remedy->charged_to, .currency = remedy->currency, .day = remedy->day};
    charge_add(charges, CHARGE_EMPLOYEE, &account, minor);
    account.id = remedy->customer ? remedy->customer : remedy_name(remedy).interaction_id;
    charge_add(charges, remedy->customer ? CHARGE_CUSTOMER : CHARGE_CONTACT, &account, minor);
}

void remedy_take_name(struct remedy *remedy, const char *customer_id, struct names *names,
                      struct charges *charges)
{
    if (remedy->charged) {
        struct charge_account account = {.store_id = remedy->key,
                                         .id = remedy_name(remedy).interaction_id,
                                         .currency = remedy->currency,
                                         .day = remedy->day};
        int64_t minor = remedy->is_drill ? 0 : remedy->charged;
        charge_add(charges, CHARGE_CONTACT, &account, -minor);
        account.id = customer_id;
        charge_add(charges, CHARGE_CUSTOMER, &account, minor);
    }
    name_set(names, &remedy->customer, customer_id);
    list_remove(&remedy->in_contact);
}

static void hear_time(int64_t *last, int64_t at)
{
    *last = at > *last ? at : *last;
}

void remedy_hear(struct remedy *remedy, const WireEvent *event, int64_t at)
{
    const WireMoney *asked = remedy_amount_of(event);
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        hear_time(&remedy->settled_at, at);
        return;
    case WIRE_EVENT__BODY_REMEDY_RETURNED:
        hear_time(&remedy->returned_at, at);
        return;
    }
    if (!remedy_is_request(event))
        return;
    hear_time(&remedy->asked_at, at);
    remedy->asked = asked ? asked->minor : 0;
    text_copy(remedy->asked_currency, sizeof remedy->asked_currency, asked ? asked->currency : "");
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
    const WireMoney *money = body->amount ? body->amount : body->returned;
    text_copy(remedy->currency, sizeof remedy->currency, money && money->currency ? money->currency : "");
    remedy->requested_at = body->requested_at;
    name_set(names, &remedy->exception, body->exception);
    name_set(names, &remedy->charged_to, body->charged_to);
    name_set(names, &remedy->lent_to, body->lent_to);
    name_set(names, &remedy->customer, body->customer_id);
    if (body->escalation_id &&
        (!remedy->escalation_id || !text_equal(remedy->escalation_id, body->escalation_id))) {
        free(remedy->escalation_id);
        remedy->escalation_id = memory_copy_text(body->escalation_id);
    }
    if (!is_same)
        remedy->day = day;
    remedy->returned = body->returned ? body->returned->minor : 0;
    remedy->is_ungranted = body->ungranted != NULL;
    remedy->ungranted = body->ungranted ? body->ungranted->minor : 0;
    remedy->charged = remedy_is_charged(remedy->state) && remedy->minor > remedy->returned
                          ? remedy->minor - remedy->returned
                          : 0;
    if (remedy->charged)
        charge(remedy, remedy->charged, charges);
}

const char *remedy_id_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        return event->remedy_requested->remedy_id;
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
        return event->exception_requested->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->remedy_granted->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return event->remedy_refused->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        return event->remedy_withdrawn->remedy_id;
    case WIRE_EVENT__BODY_REMEDY_RETURNED:
        return event->remedy_returned->remedy_id;
    }
    return NULL;
}

const WireMoney *remedy_amount_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        return event->remedy_requested->amount;
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
        return event->exception_requested->worth;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return event->remedy_granted->amount;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return event->remedy_refused->amount;
    }
    return NULL;
}

bool remedy_is_request(const WireEvent *event)
{
    return event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED ||
           event->body_case == WIRE_EVENT__BODY_EXCEPTION_REQUESTED;
}

const char *remedy_exception_of(const WireEvent *event)
{
    return event->body_case == WIRE_EVENT__BODY_EXCEPTION_REQUESTED ? event->exception_requested->exception
                                                                    : NULL;
}

bool remedy_has_case(const WireCase *body)
{
    return body->requested || body->exception;
}

static bool was_asked_for(const struct remedy *remedy)
{
    return remedy->kind || remedy->exception;
}

bool remedy_was_withdrawn_before(const struct remedy *remedy)
{
    return remedy->state == REMEDY_WITHDRAWN && !was_asked_for(remedy);
}

static bool is_same_exception(const struct remedy *remedy, const WireEvent *event)
{
    const char *asked = remedy_exception_of(event);
    return asked && remedy->exception ? text_equal(asked, remedy->exception) : !asked == !remedy->exception;
}

bool remedy_was_asked(const struct remedy *remedy, const WireEvent *event)
{
    const WireMoney *asked = remedy_amount_of(event);
    if (remedy_is_request(event) && !is_same_exception(remedy, event))
        return false;
    if (!asked)
        return !remedy_is_request(event) || !*remedy->asked_currency;
    return asked->minor == remedy->asked && text_equal(asked->currency, remedy->asked_currency);
}

/* Another amount, or another exception, is another request, while nothing was handed over; what was granted of the first
 * one is not. */
static bool is_same_request(const struct remedy *remedy, const WireEvent *event)
{
    const WireMoney *asked = remedy_amount_of(event);
    if (!was_asked_for(remedy) || remedy->state == REMEDY_GRANTED || remedy_was_asked(remedy, event))
        return true;
    return asked && !(remedy_is_request(event) && !is_same_exception(remedy, event)) &&
           asked->minor == remedy->charged && text_equal(asked->currency, remedy->currency);
}

bool remedy_is_answered(const struct remedy *remedy, const WireEvent *event)
{
    return remedy &&
           (remedy_is_charged(remedy->state) || remedy->state == REMEDY_REFUSED ||
            remedy_was_withdrawn_before(remedy)) &&
           is_same_request(remedy, event);
}

bool remedy_is_over(const struct remedy *remedy)
{
    return remedy && (remedy->state == REMEDY_REFUSED || remedy->state == REMEDY_WITHDRAWN);
}

bool remedy_is_final(const struct remedy *remedy)
{
    return remedy && remedy->state == REMEDY_GRANTED;
}

bool remedy_is_outrun(const struct remedy *remedy, const WireEvent *event, int64_t at)
{
    if (!remedy || !was_asked_for(remedy))
        return false;
    if (remedy_is_request(event))
        return at < remedy->settled_at || (at < remedy->asked_at && !remedy_was_asked(remedy, event));
    return at < remedy->asked_at;
}

bool remedy_is_given_again(const struct remedy *remedy, int64_t at)
{
    return remedy_is_final(remedy) && remedy->returned && at > remedy->returned_at;
}

int64_t remedy_ungranted(const struct remedy *remedy, const WireMoney *handed_over, int64_t at)
{
    if (remedy_is_given_again(remedy, at))
        return handed_over->minor;
    bool was_granted =
        remedy && remedy_is_charged(remedy->state) && text_equal(remedy->currency, handed_over->currency);
    int64_t granted = was_granted ? remedy->minor : 0;
    return handed_over->minor > granted ? handed_over->minor - granted : 0;
}

bool remedy_lacks_yes(const struct remedy *remedy, const WireMoney *handed_over, int64_t at)
{
    bool lacks_kind = remedy && remedy->exception && !remedy_is_charged(remedy->state);
    return lacks_kind || remedy_ungranted(remedy, handed_over, at) > 0;
}

bool remedy_is_promised(const struct remedy *remedy, const char *employee_id)
{
    return remedy && remedy->state == REMEDY_RESERVED && !remedy_is_allowed(remedy, employee_id);
}

bool remedy_is_allowed(const struct remedy *remedy, const char *employee_id)
{
    const char *allowed = remedy && remedy->lent_to ? remedy->lent_to : remedy ? remedy->charged_to : NULL;
    return remedy && remedy->state == REMEDY_RESERVED && employee_id && allowed &&
           text_equal(allowed, employee_id);
}
