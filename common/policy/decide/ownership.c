/* ownership: promises, follow-ups and cases that go along with their customer, or are known to be theirs. */
#include "common/policy/decide/ownership.h"

#include "common/base/text.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/follow_up.h"
#include "common/policy/phrase/phrase.h"

struct passing {
    struct deciding *deciding;
    struct ownership ownership;
    bool is_named; /* it is known now whose the contact is, and something came of it before */
    bool is_moved;
};

/* An event that changes it says so by itself. */
static bool is_decided(const struct deciding *deciding, const char *subject)
{
    for (size_t i = 0; i < deciding->out->count; i++) {
        const WireDecision *decision = deciding->out->items[i];
        bool is_kept = decision->body_case == WIRE_DECISION__BODY_CASE ||
                       decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP ||
                       decision->body_case == WIRE_DECISION__BODY_PROMISE;
        if (is_kept && decision->subject_id && text_equal(decision->subject_id, subject))
            return true;
    }
    return false;
}

/* Whose it is now, and whether it is known for whom. False: all stays as it was. */
static bool pass(const struct passing *passing, struct owned owned, bool *ret_is_named,
                 const char **ret_owner)
{
    *ret_is_named = passing->is_named && ownership_names(&passing->ownership, &owned);
    if (*ret_is_named)
        owned.customer_id = passing->ownership.customer_id;
    bool is_moved = passing->is_moved && ownership_takes(&passing->ownership, &owned);
    *ret_owner = is_moved ? passing->ownership.to : owned.owner;
    return *ret_is_named || is_moved;
}

/* --- promises --- */

static const struct rule *ledger_rule(const struct policy *policy)
{
    const struct rule_list *list = &policy->by_event[WIRE_EVENT__BODY_PROMISE_MADE];
    for (unsigned i = 0; i < list->count; i++)
        if (list->rules[i]->actions[ACTION_RECORD].is_given)
            return list->rules[i];
    return NULL;
}

static void change_promise(struct deciding *deciding, const struct promise *promise, WirePromise *body)
{
    WireDecision *decision =
        deciding_add(deciding, WIRE_DECISION_KIND__PROMISE_CHANGED, ledger_rule(deciding->policy));
    if (!decision)
        return;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->subject_id = body->promise_id;
    decision->audience = body->owner;
    decision->silenced = promise->is_silenced;
    decision->body_case = WIRE_DECISION__BODY_PROMISE;
    decision->promise = body;
    deciding_rest_on(deciding, decision, promise->seq);
}

static void pass_promises(const struct passing *passing)
{
    struct deciding *deciding = passing->deciding;
    LIST_EACH(node, &deciding->fold->live_promises) {
        const struct promise *promise = CONTAINER_OF(node, struct promise, recent);
        struct owned owned = {.store_id = promise->key,
                              .owner = promise->bearer ? key_second(promise->bearer->key) : NULL,
                              .customer_id = promise->customer,
                              .interaction_id = promise->interaction,
                              .at = promise->made_at,
                              .is_drill = promise->is_drill};
        bool is_named;
        const char *owner;
        if (promise->is_foretold || !pass(passing, owned, &is_named, &owner) ||
            is_decided(deciding, key_second(promise->key)))
            continue;
        WirePromise *body = promise_read(promise, &deciding->out->arena);
        deciding->is_full |= !body;
        if (!body)
            return;
        body->owner = deciding_keep(deciding, owner);
        if (is_named)
            body->customer_id = deciding_keep(deciding, passing->ownership.customer_id);
        change_promise(deciding, promise, body);
    }
}

/* --- follow-ups and cases: they are the owner's of now, whenever they came up --- */

static void pass_follow_up(const struct passing *passing, const struct follow_up *follow_up)
{
    struct deciding *deciding = passing->deciding;
    WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
    if (!body || is_decided(deciding, follow_up->id))
        return;
    struct owned owned = {.store_id = body->store_id,
                          .owner = body->owner,
                          .customer_id = body->customer_id,
                          .interaction_id = body->interaction_id,
                          .at = passing->ownership.at,
                          .is_drill = body->drill};
    bool is_named;
    const char *owner;
    if (!pass(passing, owned, &is_named, &owner))
        return;
    body->owner = is_named ? deciding_owner(deciding) : deciding_keep(deciding, owner);
    if (is_named)
        body->customer_id = deciding_keep(deciding, passing->ownership.customer_id);
    follow_up_rouse(deciding, follow_up->policy, body);
    follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_HANDED_ON, follow_up, body);
}

/* Those of the customer, and those that came of the contact before it was known whose it is. */
static void pass_follow_ups(const struct passing *passing)
{
    const struct deciding *deciding = passing->deciding;
    const struct interaction *interaction = deciding->interaction;
    if (deciding->customer && passing->is_moved)
        LIST_EACH(node, &deciding->customer->follow_ups)
            pass_follow_up(passing, CONTAINER_OF(node, struct follow_up, in_customer));
    if (!interaction || !interaction->known.has_unnamed)
        return;
    LIST_EACH(node, &deciding->fold->recent_follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, recent);
        if (follow_up->interaction && text_equal(follow_up->interaction, passing->ownership.interaction_id))
            pass_follow_up(passing, follow_up);
    }
}

static void pass_cases(const struct passing *passing)
{
    struct deciding *deciding = passing->deciding;
    LIST_EACH(node, &deciding->fold->live_escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        bool is_theirs = escalation->customer
                             ? passing->ownership.customer_id &&
                                   text_equal(escalation->customer, passing->ownership.customer_id)
                             : escalation->interaction && escalation->interaction == deciding->interaction;
        if (!is_theirs || escalation->is_drill != passing->ownership.is_drill ||
            list_is_linked(&escalation->in_employee) || is_decided(deciding, escalation->id))
            continue;
        WireCase *body = deciding_read_case(deciding, escalation);
        if (!body)
            return;
        struct owned owned = {.store_id = body->store_id,
                              .owner = body->owner,
                              .customer_id = passing->ownership.customer_id,
                              .interaction_id = passing->ownership.interaction_id,
                              .at = passing->ownership.at,
                              .is_drill = body->drill};
        if (!ownership_takes(&passing->ownership, &owned))
            continue;
        body->owner = deciding_keep(deciding, passing->ownership.to);
        case_change(deciding, WIRE_DECISION_KIND__CASE_HANDED_ON, escalation, body);
    }
}

void ownership_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct interaction_known *contact = deciding->interaction ? &deciding->interaction->known : NULL;
    if (!occurrence_is_contact(&deciding->occurrence) || !ownership_may_move(contact, event))
        return;
    bool has_customer = deciding->customer_id && !deciding->is_drill;
    struct relation was = {contact, deciding->customer ? &deciding->customer->known : NULL,
                           deciding->is_drill};
    struct relation is = {&deciding->after, has_customer ? &deciding->customer_after : NULL,
                          deciding->is_drill};
    struct customer_known nothing = {0};
    if (has_customer && !was.customer)
        was.customer = &nothing;
    struct passing passing = {
        .deciding = deciding,
        .ownership = {.store_id = deciding->store_id,
                      .interaction_id = deciding->interaction_id,
                      .customer_id = deciding->customer_id,
                      .is_drill = deciding->is_drill},
        .is_named = ownership_is_named(contact, event) && contact->has_unnamed,
    };
    passing.is_moved = ownership_moves(&was, &is, &passing.ownership);
    if (!passing.is_moved && !passing.is_named)
        return;
    pass_promises(&passing);
    pass_follow_ups(&passing);
    if (passing.is_moved)
        pass_cases(&passing);
}
