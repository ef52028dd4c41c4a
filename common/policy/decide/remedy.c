/* remedy: remedies, from the request to the handing over. */
#include "common/policy/decide/remedy.h"

#include "common/policy/decide/authority.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/evaluate.h"
#include "common/wire/set.h"

WireRemedy *remedy_describe(struct deciding *deciding, const struct remedy *remedy,
                            const struct remedy_name *name)
{
    const WireEvent *event = deciding->occurrence.event;
    WireRemedy *body = deciding_allocate(deciding, sizeof *body);
    if (!body)
        return NULL;
    *body = (WireRemedy)WIRE_REMEDY__INIT;
    body->remedy_id = (char *)name->remedy_id;
    body->store_id = (char *)name->store_id;
    body->interaction_id = (char *)name->interaction_id;
    body->source = name->interaction_id ? NULL : (char *)name->source;
    WIRE_SET(body, drill, name->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    body->customer_id = deciding_keep(deciding, deciding->customer_id);
    WIRE_SET(body, requested_at, deciding->occurrence.at);
    body->amount = (WireMoney *)remedy_amount_of(event);
    body->has_kind = event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED;
    body->kind = body->has_kind ? event->remedy_requested->kind : WIRE_REMEDY_KIND__REFUND;
    if (remedy)
        body->requested_at = remedy->requested_at;
    body->day = deciding_day(deciding, name->store_id, body->requested_at);
    if (!remedy)
        return body;
    if (remedy->customer)
        body->customer_id = deciding_keep(deciding, remedy->customer);
    if (!body->amount)
        body->amount = deciding_money(deciding, remedy->minor, remedy->currency);
    if (!body->has_kind && remedy->kind) {
        WIRE_SET(body, kind, (WireRemedyKind)remedy->kind);
    }
    body->charged_to = deciding_keep(deciding, remedy->charged_to);
    body->escalation_id = deciding_keep(deciding, remedy->escalation_id);
    return body;
}

void remedy_change(struct deciding *deciding, const struct rule *rule, const struct remedy *remedy,
                   WireRemedy *body, enum remedy_state state)
{
    WireDecision *decision = deciding_add(deciding, WIRE_DECISION_KIND__REMEDY_CHANGED, rule);
    if (!decision)
        return;
    body->state = (char *)remedy_state_word(state);
    WIRE_SET(body, changed_at, deciding->occurrence.at);
    decision->body_case = WIRE_DECISION__BODY_REMEDY;
    decision->remedy = body;
    decision->subject_id = body->remedy_id;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->drill |= body->drill;
    if (remedy)
        deciding_rest_on(deciding, decision, remedy->seq);
}

/* Somebody need no longer decide it. */
static void overtake_case(struct deciding *deciding, const struct remedy *remedy)
{
    const struct escalation *escalation =
        remedy ? state_escalation(deciding->fold, remedy->escalation_id) : NULL;
    if (escalation)
        case_overtake(deciding, escalation);
}

/* Of a yes that is cheaper than a no: how many hear of a no, times what one of them is worth. */
static void show_sum(struct deciding *deciding, const struct action *action, WireProof *proof)
{
    if (!action->hearer.program)
        return;
    int64_t reach = evaluate_number(deciding, &action->reach, 0);
    proof->has_reach = proof->has_hearer_minor = proof->has_expected_loss_minor = true;
    proof->reach = (int32_t)(reach < 0 ? 0 : reach > INT32_MAX ? INT32_MAX : reach);
    proof->hearer_minor = evaluate_number(deciding, &action->hearer, 0);
    if (__builtin_mul_overflow(proof->reach, proof->hearer_minor, &proof->expected_loss_minor))
        proof->expected_loss_minor = INT64_MAX;
    proof->has_cap_minor = action->cap.program != NULL;
    proof->cap_minor = evaluate_number(deciding, &action->cap, 0);
}

void remedy_grant(struct deciding *deciding, const struct rule *rule)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    struct authority_request request;
    if (!remedy_name_of(event, &name) || !authority_request_of(deciding, &request) ||
        remedy_is_answered(request.own, remedy_amount_of(event)))
        return;
    const struct remedy *remedy = request.own;
    WireRemedy *body = remedy_describe(deciding, remedy, &name);
    WireProof *proof = NULL;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, event->employee_id);
    authority_lowest(deciding, deciding->policy, level, &request, event->employee_id, &proof);
    if (!body || !proof)
        return;
    show_sum(deciding, &rule->actions[ACTION_GRANT], proof);
    body->charged_to = event->employee_id;
    remedy_change(deciding, rule, remedy, body, REMEDY_RESERVED);
    overtake_case(deciding, remedy);
    struct telling *telling = &deciding->telling;
    telling->granted = body->amount;
    telling->remedy_id = name.remedy_id;
    telling->proof = proof;
    telling->rule = rule;
}

static void settle(struct deciding *deciding, const struct remedy *remedy, enum remedy_state state)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    WireRemedy *body = remedy_name_of(event, &name) ? remedy_describe(deciding, remedy, &name) : NULL;
    if (!body)
        return;
    if (state != REMEDY_GRANTED)
        body->charged_to = NULL;
    else if (!remedy || !remedy_is_charged(remedy->state))
        body->charged_to = event->employee_id;
    remedy_change(deciding, NULL, remedy, body, state);
    overtake_case(deciding, remedy);
}

/* A request that was answered before gets the same answer again, and nothing is granted twice. */
static void repeat_answer(struct deciding *deciding, const struct remedy *remedy)
{
    struct telling *telling = &deciding->telling;
    telling->remedy_id = remedy_id_of(deciding->occurrence.event);
    if (remedy_was_withdrawn_before(remedy)) {
        settle(deciding, remedy, REMEDY_WITHDRAWN);
        return;
    }
    if (remedy_is_charged(remedy->state)) {
        telling->granted = deciding_money(deciding, remedy->minor, remedy->currency);
        return;
    }
    WireVerdictAnswer *answer = deciding_allocate(deciding, sizeof *answer);
    if (!answer)
        return;
    *answer = (WireVerdictAnswer)WIRE_VERDICT_ANSWER__INIT;
    answer->escalation_id = deciding_keep(deciding, remedy->escalation_id);
    WIRE_SET(answer, answer, WIRE_ANSWER__REFUSED);
    telling->answer = answer;
}

void remedy_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    if (!remedy_name_of(event, &name))
        return;
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
        if (remedy_is_answered(remedy, event->remedy_requested->amount))
            repeat_answer(deciding, remedy);
        break;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        if (!remedy || remedy->state != REMEDY_GRANTED ||
            remedy->minor != event->remedy_granted->amount->minor)
            settle(deciding, remedy, REMEDY_GRANTED);
        break;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        if (!remedy || remedy->state != REMEDY_REFUSED)
            settle(deciding, remedy, REMEDY_REFUSED);
        break;
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        if (!remedy || remedy->state != REMEDY_WITHDRAWN)
            settle(deciding, remedy, REMEDY_WITHDRAWN);
        break;
    }
}
