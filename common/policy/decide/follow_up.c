/* follow_up: opens follow-ups, and ends those that were overtaken. */
#include "common/policy/decide/follow_up.h"

#include "common/base/text.h"
#include "common/policy/decide/evaluate.h"
#include "common/policy/decide/facts.h"
#include "common/policy/decide/perform.h"
#include "common/policy/rules/calendar.h"
#include "common/wire/set.h"

enum { FOLLOW_UPS_OF_CUSTOMER = 64, WOKEN_AT_ONCE = 256 };

WireDecision *follow_up_change(struct deciding *deciding, WireDecisionKind kind,
                               const struct follow_up *follow_up, WireFollowUp *body)
{
    WireDecision *decision = deciding_add(deciding, kind, NULL);
    if (!decision)
        return NULL;
    decision->rule = body->rule;
    decision->rule_id = body->rule_id;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    WIRE_SET(decision, policy_version, body->policy_version);
    if (follow_up)
        deciding_name_overrides(decision, follow_up->policy);
    decision->late |= body->late;
    decision->drill |= body->drill;
    decision->silenced = body->silenced;
    decision->subject_id = body->follow_up_id;
    decision->audience = body->owner;
    decision->body_case = WIRE_DECISION__BODY_FOLLOW_UP;
    decision->follow_up = body;
    if (follow_up)
        deciding_rest_on(deciding, decision, follow_up->opened_seq);
    return decision;
}

/* Whoever was served since need not be called back: it is over as it is opened. */
static bool was_served_since(const struct deciding *deciding)
{
    return deciding->customer && !deciding->is_drill &&
           deciding->customer->known.served_at >= deciding->occurrence.at;
}

/* A customer is owed one call-back: the one for what happened last takes the place of another, and is due when that
 * was. False: one for something later, told before, is open. */
static bool replace_call_back(struct deciding *deciding, int64_t *ret_due_at)
{
    bool is_last = true;
    LIST_EACH(node, &deciding->customer->follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, in_customer);
        if (follow_up->kind != WIRE_FOLLOW_UP_KIND__CALL_BACK || follow_up->is_drill != deciding->is_drill)
            continue;
        WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
        if (!body)
            break;
        if (body->occurred_at > deciding->occurrence.at) {
            is_last = false;
            continue;
        }
        if (!follow_up->is_overdue && body->has_due_at && (!*ret_due_at || body->due_at < *ret_due_at))
            *ret_due_at = body->due_at;
        follow_up_overtake(deciding, follow_up, body);
    }
    return is_last;
}

/* Who promised what it is about, or else sold or served; NULL: nobody did. */
static char *who_served(struct deciding *deciding)
{
    const char *employee_id = deciding->promise_after ? deciding->promise_after->owner
                              : deciding->occurrence.event->employee_id && !deciding->owner
                                  ? deciding->occurrence.event->employee_id
                                  : deciding->after.served_by;
    return deciding_keep(deciding, employee_id ? employee_id : deciding->owner);
}

/* When business is over on the day it happened; after that, when the day is. */
static int64_t day_ends_at(const struct deciding *deciding)
{
    const struct place place = calendar_place(deciding->policy, deciding->store_id);
    int64_t day = place_day(&place, deciding->occurrence.at), closing_at = place_closing(&place, day);
    return closing_at > deciding->occurrence.at ? closing_at : place_midnight(&place, day + 1);
}

/* --- until they are back --- */

/* Its time runs from `at`. */
static void begin(const struct deciding *deciding, const struct policy *policy, WireFollowUp *body,
                  int64_t at)
{
    body->waits = false;
    body->state = "open";
    at = at > body->occurred_at ? at : body->occurred_at;
    WIRE_SET(body, due_at,
             calendar_due(policy, body->store_id, deciding->is_old ? deciding->occurrence.recorded_at : at,
                          body->due_in_ms * 1000));
}

void follow_up_rouse(struct deciding *deciding, const struct policy *policy, WireFollowUp *body)
{
    const struct employee *owner = state_employee(deciding->fold, body->store_id, body->owner);
    bool is_there = owner && (body->drill ? deciding_is_on_duty(deciding, body->store_id, body->owner)
                                          : owner->is_on_duty);
    if (body->waits && is_there)
        begin(deciding, policy, body, owner->duty_at);
}

void follow_ups_wake(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, event->employee_id);
    unsigned woken = 0;
    if (event->body_case != WIRE_EVENT__BODY_ON_DUTY ||
        (employee && !deciding->is_drill && deciding->occurrence.at < employee->duty_at))
        return; /* what came after it was told before */
    LIST_EACH(node, &deciding->fold->waiting_follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, in_waiting);
        if (follow_up->is_drill != deciding->is_drill ||
            !text_equal(follow_up->waits_for, event->employee_id))
            continue;
        WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
        if (!body || woken == WOKEN_AT_ONCE)
            return;
        if (!text_equal(body->store_id, deciding->store_id))
            continue;
        begin(deciding, follow_up->policy, body, deciding->occurrence.at);
        follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_WOKEN, follow_up, body);
        woken++;
    }
}

/* --- opened --- */

/* Whose it is; and of one that waits for them, when it is due all the same: when they are expected, or at the latest. */
static void give(struct deciding *deciding, const struct action *action, WireFollowUp *body)
{
    char *employee = action->employee.program ? evaluate_text(deciding, &action->employee, 64) : NULL;
    body->owner = employee ? employee : deciding_owner(deciding);
    if (!action->waits.program || !body->owner)
        return;
    int64_t due_in_us = evaluate_duration_us(deciding, &action->due_in);
    int64_t at = deciding->occurrence.at, most_us = evaluate_duration_us(deciding, &action->waits);
    const struct employee *known = state_employee(deciding->fold, body->store_id, body->owner);
    bool is_expected = known && !known->is_on_duty && known->back_at > at;
    WIRE_SET(body, waits, true);
    WIRE_SET(body, due_in_ms, due_in_us / 1000);
    WIRE_SET(body, due_at,
             is_expected ? calendar_due(deciding->policy, body->store_id, known->back_at, due_in_us)
                         : calendar_due(deciding->policy, body->store_id, at, most_us));
    follow_up_rouse(deciding, deciding->policy, body);
}

/* A wish that is told after the goods came is called for as if it had been told before. */
static int64_t due_from(const struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    int64_t at = deciding->occurrence.at;
    const struct shelf *shelf = event->body_case == WIRE_EVENT__BODY_PRODUCT_WANTED
                                    ? stock_find(deciding->fold, deciding->store_id, deciding->product_id)
                                    : NULL;
    return stock_has_arrived(shelf, at) ? shelf->arrived_at : at;
}

void follow_up_open(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_FOLLOW_UP];
    WireFollowUp *body = deciding_allocate(deciding, sizeof *body);
    if (!body)
        return;
    if (deciding->customer && list_count(&deciding->customer->follow_ups) >= FOLLOW_UPS_OF_CUSTOMER) {
        deciding_add_finding(
            deciding, deciding->customer_id,
            "More follow-ups are open for this customer than anybody can do: no further one was opened.",
            FOLLOW_UPS_OF_CUSTOMER);
        return;
    }
    bool is_call_back = action->follow_up == WIRE_FOLLOW_UP_KIND__CALL_BACK;
    int64_t sooner_at = 0;
    bool is_last = !is_call_back || !deciding->customer || replace_call_back(deciding, &sooner_at);
    int64_t due_in_us = evaluate_duration_us(deciding, &action->due_in);
    *body = (WireFollowUp)WIRE_FOLLOW_UP__INIT;
    body->follow_up_id = deciding_next_id(deciding);
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->rule = (char *)rule->name;
    body->rule_id = *rule->row ? (char *)rule->row : NULL;
    body->has_kind = body->has_opened_at = body->has_late = body->has_drill = body->has_silenced = true;
    body->kind = (WireFollowUpKind)action->follow_up;
    body->state = "open";
    body->customer_id = deciding_keep(deciding, deciding->customer_id);
    body->opened_at = deciding->occurrence.recorded_at;
    WIRE_SET(body, occurred_at, deciding->occurrence.at);
    body->has_due_at = due_in_us > 0;
    if (body->has_due_at)
        body->due_at = calendar_due(deciding->policy, body->store_id, due_from(deciding), due_in_us);
    if (body->has_due_at && evaluate_truth(deciding, &action->same_day) &&
        day_ends_at(deciding) < body->due_at)
        body->due_at = day_ends_at(deciding);
    give(deciding, action, body);
    if (deciding->is_old && body->due_at <= deciding->occurrence.recorded_at)
        body->has_due_at = false; /* what is still to come is armed, however late it is told */
    if (body->has_due_at && sooner_at && sooner_at < body->due_at)
        body->due_at = sooner_at;
    body->late = deciding->is_late;
    body->drill = deciding->is_drill;
    body->silenced = deciding->is_old && !body->has_due_at;
    body->day = deciding_day(deciding, body->store_id, deciding->occurrence.at);
    body->subject = evaluate_text(deciding, &action->subject, 64);
    body->sentence = evaluate_sentence(deciding, &action->says);
    body->served_by = who_served(deciding);
    WIRE_SET(body, policy_version, deciding->policy->version);
    bool is_over = is_call_back && (!is_last || was_served_since(deciding));
    if (is_over) {
        body->silenced = true;
        body->has_due_at = false;
    }
    follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_OPENED, NULL, body);
    WireFollowUp *after = is_over ? deciding_allocate(deciding, sizeof *after) : NULL;
    if (after) {
        *after = *body;
        follow_up_overtake(deciding, NULL, after);
    }
}

void follow_up_overtake(struct deciding *deciding, const struct follow_up *follow_up, WireFollowUp *body)
{
    body->state = "overtaken";
    WIRE_SET(body, ended_at, deciding->occurrence.recorded_at);
    body->ended_by = deciding->occurrence.event->employee_id;
    follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN, follow_up, body);
}

void follow_up_tell(struct deciding *deciding, const struct follow_up *follow_up, const WireFollowUp *body)
{
    struct facts *facts = &deciding->out->workspace->facts;
    const struct policy *policy = deciding->policy;
    bool is_drill = deciding->is_drill, is_late = deciding->is_late;
    const char *interaction_id = deciding->interaction_id;
    deciding->policy = follow_up->policy;
    deciding->is_drill = follow_up->is_drill; /* whoever did it need not say so */
    deciding->is_late |= body->late;
    deciding->interaction_id = body->interaction_id;
    facts->bindings[FACT_FOLLOW_UP] = cel_message(&body->base);
    facts->filled |= 1U << FACT_FOLLOW_UP;
    perform_rules(deciding, &deciding->policy->by_event[WIRE_EVENT__BODY_FOLLOW_UP_DONE], NULL);
    deciding->policy = policy;
    deciding->is_drill = is_drill;
    deciding->is_late = is_late;
    deciding->interaction_id = interaction_id;
}

void follow_ups_overtake(struct deciding *deciding)
{
    if (!deciding->customer)
        return;
    LIST_EACH(node, &deciding->customer->follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, in_customer);
        bool is_asked_for = follow_up->kind == WIRE_FOLLOW_UP_KIND__ASKED_FOR;
        if ((follow_up->kind != WIRE_FOLLOW_UP_KIND__CALL_BACK && !is_asked_for) ||
            follow_up->is_drill != deciding->is_drill)
            continue;
        WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
        if (!body)
            return;
        const char *served_by = deciding->after.served_by;
        bool is_theirs = !is_asked_for || (served_by && body->owner && text_equal(served_by, body->owner));
        if (is_theirs && body->occurred_at <= deciding->occurrence.at) /* served since, not before */
            follow_up_overtake(deciding, follow_up, body);
    }
}
