/* escalation: opens cases, adds causes, and raises. */
#include "common/policy/decide/escalation.h"

#include "common/base/text.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/busy.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/evaluate.h"
#include "common/policy/decide/mute.h"
#include "common/policy/decide/remedy.h"
#include "common/policy/state/group.h"
#include "common/wire/set.h"

/* The clock of the state the case is in now. */
static void arm(const struct deciding *deciding, const struct policy *policy, WireCase *body)
{
    body->due_at = case_due(deciding, policy, body);
    body->has_due_at = body->due_at != 0;
}

enum { CASES_OF_INTERACTION = 64 };

struct cause {
    const struct rule *rule;
    const struct action *action;
    unsigned level;
    int64_t severity;
    char *subject;
    WireProof *proof;
    bool has_ended;
    bool is_muted;
    bool is_silenced; /* for another reason than a critical case */
};

/* Where it is, whose, about what, and what caused it. */
static void name_case(struct deciding *deciding, const struct cause *cause, WireCase *body)
{
    const WireEvent *event = deciding->occurrence.event;
    *body = (WireCase)WIRE_CASE__INIT;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->customer_id = deciding_keep(deciding, deciding->customer_id);
    body->rule = (char *)cause->rule->name;
    body->subject = cause->subject;
    body->source = event->source;
    body->has_event_id = event->has_id;
    body->event_id = event->id;
    WIRE_SET(body, drill, deciding->is_drill);
    if (remedy_is_request(event)) {
        body->requested = (WireMoney *)remedy_amount_of(event);
        body->exception = (char *)remedy_exception_of(event);
    }
}

static void fill_case(struct deciding *deciding, const struct cause *cause, WireCase *body)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct policy *policy = deciding->policy;
    name_case(deciding, cause, body);
    body->escalation_id = deciding_next_id(deciding);
    body->rule_id = *cause->rule->row ? (char *)cause->rule->row : NULL;
    body->role = body->opened_role = (char *)policy->ladder.levels[cause->level].role;
    body->has_severity = body->has_round = body->has_opened_at = body->has_climbs = body->has_causes = true;
    body->severity = (WireSeverity)cause->severity;
    body->state = (char *)escalation_state_word(ESCALATION_OPEN);
    body->round = body->causes = 1;
    body->opened_at = deciding->occurrence.recorded_at;
    body->owner = deciding_owner(deciding);
    WIRE_SET(body, late, deciding->is_late);
    WIRE_SET(body, silenced, cause->is_silenced || cause->is_muted);
    WIRE_SET(body, outlives, cause->action->ends_with == ENDS_WITH_NOTHING);
    if (remedy_has_case(body) || event->body_case == WIRE_EVENT__BODY_QUESTION_UNANSWERED)
        body->asked_by = event->employee_id;
    body->proof = cause->proof;
    body->sentence = evaluate_sentence(deciding, &cause->action->says);
    WIRE_SET(body, call_back, evaluate_truth(deciding, &cause->action->call_back));
    WIRE_SET(body, legal, evaluate_truth(deciding, &cause->action->legal));
    WIRE_SET(body, policy_version, policy->version);
    body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
    arm(deciding, policy, body);
}

/* The remedy that a case is about is recorded as asked for. */
static void request_remedy(struct deciding *deciding, const struct rule *rule, const WireCase *body)
{
    const WireEvent *event = deciding->occurrence.event;
    struct remedy_name name;
    if (!remedy_is_request(event) || !body->subject || !text_equal(body->subject, remedy_id_of(event)) ||
        !remedy_name_of(event, &name))
        return;
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    if (remedy && remedy->state == REMEDY_REQUESTED && remedy->escalation_id &&
        text_equal(remedy->escalation_id, body->escalation_id) && remedy_was_asked(remedy, event))
        return;
    WireRemedy *changed = remedy_describe(deciding, remedy, &name);
    if (!changed)
        return;
    changed->escalation_id = body->escalation_id;
    changed->charged_to = changed->lent_to = NULL;
    remedy_change(deciding, rule, remedy, changed, REMEDY_REQUESTED);
    const struct escalation *before = remedy ? state_escalation(deciding->fold, remedy->escalation_id) : NULL;
    if (before && escalation_is_live(before->state) && !text_equal(before->id, body->escalation_id))
        case_overtake(deciding, before); /* something else was asked for under the same id */
}

static void open_case(struct deciding *deciding, const struct cause *cause)
{
    WireCase *body = deciding_allocate(deciding, sizeof *body),
             *after = deciding_allocate(deciding, sizeof *after);
    if (!body || !after)
        return;
    fill_case(deciding, cause, body);
    if (!case_change(deciding, WIRE_DECISION_KIND__CASE_OPENED, NULL, body))
        return;
    request_remedy(deciding, cause->rule, body);
    *after = *body;
    if (cause->has_ended) {
        case_end(deciding, NULL, after);
        return;
    }
    if (cause->is_muted && !cause->is_silenced)
        case_change(deciding, WIRE_DECISION_KIND__CASE_MUTED, NULL, after);
    if (!cause->is_silenced)
        verdict_add_case(deciding, cause->rule, body);
    if (cause->severity == WIRE_SEVERITY__CRITICAL && !cause->is_silenced)
        mute_others(deciding, NULL);
}

static void raise_case(struct deciding *deciding, const struct cause *cause,
                       const struct escalation *escalation, WireCase *body, unsigned level)
{
    const struct policy *policy = escalation->policy;
    unsigned before = ladder_place(&policy->ladder, body->role);
    bool begins_anew = level > before || (body->silenced && !cause->is_silenced && !cause->is_muted);
    body->severity =
        (WireSeverity)(cause->severity > (int64_t)body->severity ? cause->severity : (int64_t)body->severity);
    body->sentence = evaluate_sentence(deciding, &cause->action->says);
    if (begins_anew) {
        body->role = (char *)policy->ladder.levels[level > before ? level : before].role;
        body->state = (char *)escalation_state_word(ESCALATION_OPEN);
        body->has_acknowledged_at = body->has_acknowledged_until = false;
        body->acknowledged_by = body->lent_by = NULL;
        body->silenced = cause->is_silenced || cause->is_muted;
        body->round++;
        arm(deciding, policy, body);
    } else if (cause->severity == WIRE_SEVERITY__CRITICAL && body->has_due_at &&
               text_equal(body->state, escalation_state_word(ESCALATION_OPEN)))
        arm(deciding, policy, body); /* it knows no hours any more */
    case_change(deciding, WIRE_DECISION_KIND__CASE_RAISED, escalation, body);
    if (cause->severity == WIRE_SEVERITY__CRITICAL && !body->silenced)
        mute_others(deciding, escalation);
}

/* The case was opened in the wait that still runs: a further limit of it is no second cause. */
static bool is_same_wait(const struct deciding *deciding, const struct cause *cause,
                         const struct escalation *escalation)
{
    return cause->action->ends_with == ENDS_WITH_WAIT && deciding->after.wait_kind &&
           escalation->opened_seq > deciding->after.wait_seq;
}

/* Something else is asked for than before under the same id. */
static bool is_asked_anew(const struct deciding *deciding, const WireCase *body)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireMoney *amount = remedy_amount_of(event);
    const char *exception = remedy_exception_of(event);
    if (!remedy_is_request(event) || !remedy_has_case(body))
        return false;
    bool is_same_amount = amount && body->requested
                              ? amount->minor == body->requested->minor &&
                                    text_equal(amount->currency, body->requested->currency)
                              : !amount == !body->requested;
    return !is_same_amount || (exception && !(body->exception && text_equal(exception, body->exception)));
}

/* It is that which is judged. */
static void ask_anew(struct deciding *deciding, const struct cause *cause, WireCase *body)
{
    const WireEvent *event = deciding->occurrence.event;
    body->requested = (WireMoney *)remedy_amount_of(event);
    body->exception = (char *)remedy_exception_of(event);
    body->proof = cause->proof;
    body->sentence = evaluate_sentence(deciding, &cause->action->says);
}

static void add_cause(struct deciding *deciding, const struct cause *cause,
                      const struct escalation *escalation)
{
    WireCase *body = deciding_read_case(deciding, escalation);
    if (!body)
        return;
    const struct policy *policy = escalation->policy;
    int known = ladder_find(&policy->ladder, deciding->policy->ladder.levels[cause->level].role);
    int before = (int)ladder_place(&policy->ladder, body->role);
    unsigned level = (unsigned)(known > before ? known : before);
    bool is_anew = is_asked_anew(deciding, body);
    if (is_anew && known >= 0 && known < before && escalation->state == ESCALATION_OPEN) {
        open_case(deciding, cause); /* a lower level can decide it now: the other one is overtaken */
        return;
    }
    bool wakes = body->silenced && !cause->is_silenced && !cause->is_muted &&
                 !mute_applies(deciding->interaction, body->severity, body->drill);
    bool calls_back = !body->call_back && evaluate_truth(deciding, &cause->action->call_back);
    bool is_legal = !body->legal && evaluate_truth(deciding, &cause->action->legal);
    bool is_raised = cause->severity > (int64_t)body->severity || (int)level > before || wakes;
    if (is_raised || calls_back || is_legal || !is_same_wait(deciding, cause, escalation)) {
        body->causes++;
        if (is_anew)
            ask_anew(deciding, cause, body);
        body->call_back |= calls_back;
        body->legal |= is_legal;
        if (is_raised)
            raise_case(deciding, cause, escalation, body, level);
        else
            case_change(deciding, WIRE_DECISION_KIND__CASE_CAUSE_ADDED, escalation, body);
        request_remedy(deciding, cause->rule, body);
    }
    if (!cause->is_silenced)
        verdict_add_case(deciding, cause->rule, body);
}

/* The live case that this is a further cause of. */
static const struct escalation *find_live(struct deciding *deciding, const struct cause *cause)
{
    WireCase names;
    name_case(deciding, cause, &names);
    char key[KEY_GROUP_SIZE];
    size_t size = group_key(rule_find_escalating(deciding->policy, cause->rule->name), &names, key);
    const struct escalation *escalation = map_find(&deciding->fold->groups, key, size);
    return escalation ? escalation : busy_case(deciding, cause->rule, cause->subject);
}

void escalation_open(struct deciding *deciding, const struct rule *rule, unsigned level, WireProof *proof)
{
    const struct action *action = &rule->actions[ACTION_ESCALATE];
    int64_t severity = evaluate_number(deciding, &action->severity, WIRE_SEVERITY__NORMAL);
    bool ends = action->ends_with != ENDS_WITH_NOTHING;
    struct cause cause = {
        .rule = rule,
        .action = action,
        .level = level,
        .severity = severity < WIRE_SEVERITY__LOW || severity > WIRE_SEVERITY__CRITICAL
                        ? WIRE_SEVERITY__NORMAL
                        : severity,
        .subject = evaluate_text(deciding, &action->subject, 255),
        .proof = proof,
        .has_ended = ends && (deciding->after.closed_at || deciding->is_missed ||
                              (action->ends_with == ENDS_WITH_MOOD && interaction_is_calm(&deciding->after))),
    };
    cause.is_silenced = deciding->is_old || (deciding->is_late && ends) || cause.has_ended;
    bool is_request = remedy_is_request(deciding->occurrence.event); /* somebody waits for it */
    cause.is_muted = !is_request && mute_applies(deciding->interaction, cause.severity, deciding->is_drill);
    const struct escalation *escalation = find_live(deciding, &cause);
    if (escalation && deciding->is_missed)
        return; /* it was told, and ends now */
    if (escalation)
        add_cause(deciding, &cause, escalation);
    else if (deciding->interaction && list_count(&deciding->interaction->escalations) >= CASES_OF_INTERACTION)
        deciding_add_finding(deciding, deciding->interaction_id,
                             "More cases are open in this interaction than anybody can handle: "
                             "no further one was opened.",
                             CASES_OF_INTERACTION);
    else
        open_case(deciding, &cause);
}
