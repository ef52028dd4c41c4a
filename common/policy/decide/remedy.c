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
    body->exception = (char *)remedy_exception_of(event);
    if (remedy)
        body->requested_at = remedy->requested_at;
    body->day = deciding_day(deciding, name->store_id, body->requested_at);
    if (!remedy)
        return body;
    if (remedy->customer)
        body->customer_id = deciding_keep(deciding, remedy->customer);
    if (!remedy_is_request(event)) {
        body->exception = deciding_keep(deciding, remedy->exception);
        if (!body->amount && *remedy->currency)
            body->amount = deciding_money(deciding, remedy->minor, remedy->currency);
        body->has_kind = remedy->kind != 0;
        body->kind = body->has_kind ? (WireRemedyKind)remedy->kind : body->kind;
    }
    if (remedy->returned)
        body->returned = deciding_money(deciding, remedy->returned, remedy->currency);
    if (remedy->is_ungranted)
        body->ungranted = deciding_money(deciding, remedy->ungranted, remedy->currency);
    body->charged_to = deciding_keep(deciding, remedy->charged_to);
    body->lent_to = deciding_keep(deciding, remedy->lent_to);
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
    if (!remedy_name_of(event, &name) || !authority_request_of(deciding, &request) || deciding->is_late ||
        remedy_is_answered(request.own, event) ||
        remedy_is_outrun(request.own, event, deciding->occurrence.at))
        return; /* what is told late happened without us */
    const struct remedy *remedy = request.own;
    WireRemedy *body = remedy_describe(deciding, remedy, &name);
    WireProof *proof = NULL;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, event->employee_id);
    authority_lowest(deciding, deciding->policy, level, &request, event->employee_id, &proof);
    if (!body || !proof)
        return;
    show_sum(deciding, &rule->actions[ACTION_GRANT], proof);
    const WireProofLevel *found = proof->levels[proof->n_levels - 1];
    bool is_lent = found->enough && found->lent_by;
    body->charged_to = is_lent ? found->lent_by : event->employee_id;
    body->lent_to = is_lent ? event->employee_id : NULL;
    remedy_change(deciding, rule, remedy, body, REMEDY_RESERVED);
    overtake_case(deciding, remedy);
    struct telling *telling = &deciding->telling;
    telling->is_granted = true;
    telling->granted = body->amount;
    telling->remedy_id = name.remedy_id;
    telling->proof = proof;
    telling->rule = rule;
}

static int64_t sum(int64_t left, int64_t right)
{
    return right > INT64_MAX - left ? INT64_MAX : left + right;
}

static void settle(struct deciding *deciding, const struct remedy *remedy, enum remedy_state state)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    WireRemedy *body = remedy_name_of(event, &name) ? remedy_describe(deciding, remedy, &name) : NULL;
    if (!body)
        return;
    if (state != REMEDY_GRANTED || !remedy || !remedy_is_charged(remedy->state)) {
        body->charged_to = state == REMEDY_GRANTED ? event->employee_id : NULL;
        body->lent_to = NULL;
    }
    if (state == REMEDY_GRANTED) {
        const WireMoney *handed_over = event->remedy_granted->amount;
        int64_t at = deciding->occurrence.at, more = remedy_ungranted(remedy, handed_over, at);
        if (remedy_lacks_yes(remedy, handed_over, at))
            body->ungranted =
                deciding_money(deciding, sum(remedy ? remedy->ungranted : 0, more), handed_over->currency);
        if (remedy && remedy_is_given_again(remedy, at))
            body->amount =
                deciding_money(deciding, sum(remedy->minor, handed_over->minor), handed_over->currency);
    }
    remedy_change(deciding, NULL, remedy, body, state);
    overtake_case(deciding, remedy);
}

/* What it is now stays so; whoever asked for something else is told. */
static void refuse_verdict(struct deciding *deciding, const char *sentence)
{
    WireActRefused refused = WIRE_ACT_REFUSED__INIT;
    refused.reason = (char *)"ended";
    refused.sentence = (char *)sentence;
    deciding->telling.remedy_id = remedy_id_of(deciding->occurrence.event);
    verdict_refuse(deciding, &refused);
}

/* Likewise whoever says that nothing is, or was, handed over; that they did is on record. */
static void refuse(struct deciding *deciding, const struct remedy *remedy, const char *sentence)
{
    WireActRefused *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__ACT_REFUSED, NULL) : NULL;
    if (!decision)
        return;
    *body = (WireActRefused)WIRE_ACT_REFUSED__INIT;
    body->reason = (char *)"ended";
    body->sentence = (char *)sentence;
    decision->body_case = WIRE_DECISION__BODY_ACT_REFUSED;
    decision->act_refused = body;
    decision->subject_id = (char *)remedy_id_of(deciding->occurrence.event);
    decision->audience = deciding->occurrence.event->employee_id;
    deciding_rest_on(deciding, decision, remedy->seq);
    refuse_verdict(deciding, sentence);
}

static void give_back(struct deciding *deciding, const struct remedy *remedy, const struct remedy_name *name)
{
    const WireMoney *amount = deciding->occurrence.event->remedy_returned->amount;
    WireRemedy *body = remedy_describe(deciding, remedy, name);
    int64_t returned = remedy ? remedy->returned : 0;
    if (!body)
        return;
    body->returned = deciding_money(deciding, sum(returned, amount->minor), amount->currency);
    remedy_change(deciding, NULL, remedy, body, remedy ? remedy->state : REMEDY_UNKNOWN);
}

#define OUTRUN "Something later was told of it already, and that stands."

/* No, or no longer: nothing is handed over. */
static void decline(struct deciding *deciding, const struct remedy *remedy, enum remedy_state state)
{
    if (remedy_is_final(remedy))
        refuse(deciding, remedy,
               "It was handed over: what the customer gives back is told with remedy_returned.");
    else if (remedy_is_outrun(remedy, deciding->occurrence.event, deciding->occurrence.at))
        refuse(deciding, remedy, OUTRUN);
    else if (!remedy || remedy->state != state)
        settle(deciding, remedy, state);
}

/* Somebody granted it, or some of it. */
static bool was_granted(const struct remedy *remedy)
{
    return remedy->minor > remedy->ungranted || !remedy->is_ungranted;
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
    if (remedy_is_final(remedy) && remedy->returned) {
        refuse_verdict(deciding,
                       "It was handed over and given back: what is asked for again has an id of its own.");
        return;
    }
    if (remedy_is_final(remedy) && !remedy_was_asked(remedy, deciding->occurrence.event)) {
        refuse_verdict(deciding, "It was handed over: what else is asked for has an id of its own.");
        return;
    }
    if (remedy_is_charged(remedy->state) && was_granted(remedy)) {
        telling->is_granted = true;
        if (*remedy->currency)
            telling->granted = deciding_money(deciding, remedy->minor - remedy->ungranted, remedy->currency);
        return;
    }
    WireVerdictAnswer *answer = deciding_allocate(deciding, sizeof *answer);
    if (!answer)
        return;
    *answer = (WireVerdictAnswer)WIRE_VERDICT_ANSWER__INIT;
    answer->escalation_id = deciding_keep(deciding, remedy->escalation_id);
    WIRE_SET(answer, answer, WIRE_ANSWER__REFUSED);
    telling->answer = answer;
    const struct escalation *escalation = state_escalation(deciding->fold, remedy->escalation_id);
    const WireCase *body = escalation ? deciding_read_case(deciding, escalation) : NULL;
    if (!body || !body->has_resolved_at)
        return;
    answer->answered_by = body->resolved_by;
    WIRE_SET(answer, answered_at, body->resolved_at);
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
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
        if (remedy_is_answered(remedy, event))
            repeat_answer(deciding, remedy);
        else if (remedy_is_outrun(remedy, event, deciding->occurrence.at))
            refuse_verdict(deciding, OUTRUN);
        break;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        if (!remedy || remedy->state != REMEDY_GRANTED ||
            remedy->minor != event->remedy_granted->amount->minor ||
            remedy_is_given_again(remedy, deciding->occurrence.at))
            settle(deciding, remedy, REMEDY_GRANTED);
        break;
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        decline(deciding, remedy, REMEDY_REFUSED);
        break;
    case WIRE_EVENT__BODY_REMEDY_WITHDRAWN:
        decline(deciding, remedy, REMEDY_WITHDRAWN);
        break;
    case WIRE_EVENT__BODY_REMEDY_RETURNED:
        give_back(deciding, remedy, &name);
        break;
    }
}

void remedy_note(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    if (!remedy_is_request(event) || !deciding->is_late || !remedy_name_of(event, &name))
        return;
    for (size_t i = 0; i < deciding->out->count; i++)
        if (deciding->out->items[i]->kind == WIRE_DECISION_KIND__REMEDY_CHANGED)
            return;
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    if (remedy && (remedy->state == REMEDY_REQUESTED || remedy_is_answered(remedy, event) ||
                   remedy_is_outrun(remedy, event, deciding->occurrence.at)))
        return;
    WireRemedy *body = remedy_describe(deciding, remedy, &name);
    if (!body)
        return;
    body->charged_to = body->lent_to = NULL;
    remedy_change(deciding, NULL, remedy, body, REMEDY_REQUESTED);
}
