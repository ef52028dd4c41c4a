/* verdict: what the register is told of one event, last of its decisions. */
#include "common/policy/decide/verdict.h"

#include "common/policy/decide/deciding.h"
#include "common/wire/answer.h"
#include "common/wire/event.h"
#include "common/wire/set.h"

void verdict_advise(struct deciding *deciding, const struct rule *rule, char *sentence)
{
    struct telling *telling = &deciding->telling;
    if (deciding->is_late || deciding->is_old)
        return; /* the moment is gone */
    WireAdvice *advice = sentence ? deciding_allocate(deciding, sizeof *advice) : NULL;
    if (!advice || telling->advice_count == VERDICT_ADVICE)
        return;
    *advice = (WireAdvice)WIRE_ADVICE__INIT;
    advice->rule = (char *)rule->name;
    advice->rule_id = *rule->row ? (char *)rule->row : NULL;
    advice->sentence = sentence;
    telling->advice[telling->advice_count++] = advice;
    if (!telling->rule)
        telling->rule = rule;
}

void verdict_warn(struct deciding *deciding, char *sentence)
{
    struct telling *telling = &deciding->telling;
    WireAdvice *advice = sentence ? deciding_allocate(deciding, sizeof *advice) : NULL;
    if (!advice || telling->advice_count == VERDICT_ADVICE)
        return;
    *advice = (WireAdvice)WIRE_ADVICE__INIT;
    advice->sentence = sentence;
    telling->advice[telling->advice_count++] = advice;
}

void verdict_add_case(struct deciding *deciding, const struct rule *rule, const WireCase *body)
{
    struct telling *telling = &deciding->telling;
    const WireEvent *event = deciding->occurrence.event;
    WireVerdictCase *told = deciding_allocate(deciding, sizeof *told);
    if (!told || telling->case_count == VERDICT_CASES)
        return;
    *told = wire_verdict_case_of(body);
    if (!telling->case_count && !telling->is_granted)
        telling->rule = rule;
    telling->cases[telling->case_count++] = told;
    if (body->proof && !telling->proof)
        telling->proof = body->proof;
    if (remedy_is_request(event))
        telling->remedy_id = remedy_id_of(event);
}

void verdict_refuse(struct deciding *deciding, const WireActRefused *refused)
{
    WireActResult *act = deciding_allocate(deciding, sizeof *act);
    if (!act)
        return;
    *act = (WireActResult)WIRE_ACT_RESULT__INIT;
    act->reason = refused->reason;
    act->sentence = refused->sentence;
    act->present = refused->present;
    deciding->telling.act = act;
}

static WireVerdict__Outcome outcome_of(const struct telling *telling)
{
    if (telling->act)
        return telling->act->reason ? WIRE_VERDICT__OUTCOME__ACT_REFUSED : WIRE_VERDICT__OUTCOME__ACT_DONE;
    if (telling->is_granted)
        return WIRE_VERDICT__OUTCOME__GRANTED;
    if (telling->case_count || telling->answer)
        return WIRE_VERDICT__OUTCOME__ESCALATED;
    return WIRE_VERDICT__OUTCOME__ADVICE;
}

void verdict_give(struct deciding *deciding)
{
    const struct telling *telling = &deciding->telling;
    const WireEvent *event = deciding->occurrence.event;
    bool has_something = telling->is_granted || telling->case_count || telling->advice_count ||
                         telling->answer || telling->act;
    if (!has_something || wire_event_is_system(event->body_case))
        return;
    WireVerdict *verdict = deciding_allocate(deciding, sizeof *verdict);
    WireVerdictCase **cases = deciding_allocate(deciding, sizeof telling->cases);
    WireAdvice **advice = deciding_allocate(deciding, sizeof telling->advice);
    if (!verdict || !cases || !advice)
        return;
    WireDecision *decision = deciding_add(deciding, WIRE_DECISION_KIND__VERDICT_GIVEN, telling->rule);
    if (!decision)
        return;
    memcpy(cases, telling->cases, sizeof telling->cases);
    memcpy(advice, telling->advice, sizeof telling->advice);
    *verdict = (WireVerdict)WIRE_VERDICT__INIT;
    WIRE_SET(verdict, outcome, outcome_of(telling));
    verdict->has_event_id = event->has_id;
    verdict->event_id = event->id;
    verdict->remedy_id = (char *)telling->remedy_id;
    verdict->amount = telling->granted;
    verdict->n_cases = telling->case_count;
    verdict->cases = cases;
    verdict->n_advice = telling->advice_count;
    verdict->advice = advice;
    verdict->proof = telling->proof;
    verdict->answer = telling->answer;
    verdict->act = telling->act;
    decision->facts = telling->facts;
    decision->n_facts = telling->fact_count;
    decision->body_case = WIRE_DECISION__BODY_VERDICT;
    decision->verdict = verdict;
}
