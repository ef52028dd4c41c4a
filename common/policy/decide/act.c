/* act: what people do with cases and follow-ups. An act names its round; one that comes too late, or from too
 * low, is answered with the present state. */
#include "common/policy/decide/act.h"

#include "common/base/text.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/expire.h"
#include "common/policy/decide/follow_up.h"
#include "common/policy/decide/loan.h"
#include "common/policy/decide/proposal.h"
#include "common/policy/decide/remedy.h"
#include "common/policy/state/asked.h"
#include "common/wire/answer.h"
#include "common/wire/set.h"

enum { DECLINED_MOST = 16 };

/* An act, as all kinds of it have it. */
struct act {
    const char *escalation_id;
    uint32_t round;
    const char *role;
    const struct escalation *escalation; /* NULL: unknown */
    WireCase *body;                      /* as it is */
    const struct policy *policy;         /* the case's own */
    int level;                           /* of whoever acts; -1: no role of the case's policy */
    const char *lender;                  /* whose authority they use; NULL: their own */
};

/* What whoever acts is told; `reason` NULL: it is done. */
static void tell(struct deciding *deciding, const char *reason, const char *sentence, WireCase *present,
                 WireFollowUp *follow_up)
{
    WireActResult *result = deciding_allocate(deciding, sizeof *result);
    if (!result)
        return;
    *result = (WireActResult)WIRE_ACT_RESULT__INIT;
    result->reason = (char *)reason;
    result->sentence = (char *)sentence;
    result->present = present;
    result->follow_up = follow_up;
    deciding->telling.act = result;
}

static void refuse(struct deciding *deciding, const struct act *act, const char *reason, const char *sentence)
{
    WireActRefused *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__ACT_REFUSED, NULL) : NULL;
    if (!decision)
        return;
    tell(deciding, reason, sentence, act->body, NULL);
    *body = (WireActRefused)WIRE_ACT_REFUSED__INIT;
    body->reason = (char *)reason;
    body->sentence = (char *)sentence;
    body->present = act->body;
    decision->body_case = WIRE_DECISION__BODY_ACT_REFUSED;
    decision->act_refused = body;
    decision->subject_id = (char *)act->escalation_id;
    decision->audience = deciding->occurrence.event->employee_id;
    if (!act->body)
        return;
    decision->rule = act->body->rule;
    decision->rule_id = act->body->rule_id;
    decision->store_id = act->body->store_id;
    decision->interaction_id = act->body->interaction_id;
    decision->late |= act->body->late;
    decision->drill |= act->body->drill;
    decision->silenced |= act->body->silenced;
    deciding_rest_on(deciding, decision, act->escalation->opened_seq);
}

/* The authority of somebody else, lent to them, that reaches the level. */
static bool act_borrow(struct deciding *deciding, struct act *act, unsigned from, const char *except)
{
    struct loan_use use;
    if (!loan_reaches(deciding, act->policy, act->body->store_id, deciding->occurrence.event->employee_id,
                      from, except, &use))
        return false;
    act->lender = use.lender;
    act->level = act->role ? act->level : (int)use.level;
    return true;
}

static const char own_request[] =
    "Nobody answers what they asked for themselves, nor does anybody they lent their authority to.";

/* The level they act at: of the role they name, else of the one they have; where that is too low, of what is lent to them.
 * Of whoever asked nothing is. False: they name a role they do not have. */
static bool act_rank(struct deciding *deciding, struct act *act)
{
    const char *employee_id = deciding->occurrence.event->employee_id, *store_id = act->body->store_id;
    int highest = (int)deciding_highest_of(deciding, act->policy, store_id, employee_id);
    bool is_on_duty = deciding_is_on_duty(deciding, store_id, employee_id);
    act->level = act->role    ? ladder_find(&act->policy->ladder, act->role)
                 : is_on_duty ? (int)deciding_level_of(deciding, act->policy, store_id, employee_id)
                              : highest;
    int wanted = (int)ladder_place(&act->policy->ladder, act->body->role);
    bool is_missing = act->role ? act->level > highest : act->level < wanted;
    if (is_missing)
        act_borrow(deciding, act, (unsigned)(act->role ? act->level : wanted), act->body->asked_by);
    return act->lender || act->level <= highest;
}

/* False: refused. */
static bool act_find(struct deciding *deciding, struct act *act)
{
    act->escalation = state_escalation(deciding->fold, act->escalation_id);
    /* an exercise moves no real case */
    if (!act->escalation || (deciding->is_drill && !act->escalation->is_drill)) {
        refuse(deciding, act, "unknown_case", "There is no such case, or it ended a while ago.");
        return false;
    }
    deciding->is_drill = act->escalation->is_drill; /* whoever acts on it takes part in the exercise */
    act->policy = act->escalation->policy;
    WireCase *body = deciding_read_case(deciding, act->escalation);
    if (!body)
        return false;
    if (!text_equal(body->store_id, deciding->store_id)) {
        refuse(deciding, act, "other_store", "The case is another store's.");
        return false;
    }
    act->body = body;
    if (!escalation_is_live(act->escalation->state)) {
        refuse(deciding, act, "ended", "The case has ended already.");
        return false;
    }
    if (act->round != act->escalation->round) {
        refuse(deciding, act, "stale_round", "The case has changed meanwhile: look at it again.");
        return false;
    }
    if (!act_rank(deciding, act)) {
        refuse(deciding, act, "beyond_role",
               "Whoever acts names a role that is higher than the one they have.");
        return false;
    }
    unsigned wanted = ladder_place(&act->policy->ladder, act->body->role);
    if (act->level < (int)wanted && !act->role && act_borrow(deciding, act, wanted, NULL)) {
        refuse(deciding, act, "own_request", own_request);
        return false;
    }
    if (act->level < (int)wanted) {
        refuse(deciding, act, "too_low", "The case is at a higher level than that of whoever acts.");
        return false;
    }
    return true;
}

/* Until when an acknowledgement may hold; 0: for ever. */
static int64_t latest_answer(const struct deciding *deciding, const struct act *act,
                             const struct level *level)
{
    unsigned times = (unsigned)act->policy->acknowledged_times;
    return level->acknowledge_us ? case_clock(deciding, act->policy, act->body, level, times) : 0;
}

void act_acknowledge(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireCaseAcknowledged *acknowledged = event->case_acknowledged;
    struct act act = {.escalation_id = acknowledged->escalation_id,
                      .round = acknowledged->round,
                      .role = acknowledged->role};
    if (!act_find(deciding, &act))
        return;
    WireCase *body = act.body;
    int64_t now = deciding->occurrence.recorded_at;
    const struct level *level = &act.policy->ladder.levels[ladder_place(&act.policy->ladder, body->role)];
    body->state = (char *)escalation_state_word(ESCALATION_ACKNOWLEDGED);
    body->round++;
    WIRE_SET(body, acknowledged_at, now);
    body->acknowledged_by = event->employee_id;
    body->lent_by = deciding_keep(deciding, act.lender);
    int64_t latest = latest_answer(deciding, &act, level);
    bool is_too_late = acknowledged->has_until_at && latest && acknowledged->until_at > latest;
    body->acknowledged_until = is_too_late                  ? latest
                               : acknowledged->has_until_at ? acknowledged->until_at
                               : level->acknowledge_us      ? case_clock(deciding, act.policy, body, level, 1)
                                                            : 0;
    body->has_acknowledged_until = body->acknowledged_until != 0;
    if (act.escalation->is_muted)
        body->silenced = false; /* somebody has it all the same */
    body->has_due_at = body->has_acknowledged_until && !body->silenced;
    body->due_at = body->acknowledged_until;
    case_change(deciding, WIRE_DECISION_KIND__CASE_ACKNOWLEDGED, act.escalation, body);
    tell(deciding, NULL,
         is_too_late ? "The case is taken, but no longer than its level may take: look until when."
                     : "The case is taken.",
         body, NULL);
}

/* --- not me --- */

static bool has_declined(const WireCase *body, const char *employee_id)
{
    for (size_t i = 0; i < body->n_declined_by; i++)
        if (text_equal(body->declined_by[i], employee_id))
            return true;
    return false;
}

static void add_decliner(struct deciding *deciding, WireCase *body, char *employee_id)
{
    char **names = deciding_allocate(deciding, (body->n_declined_by + 1) * sizeof *names);
    if (!names || has_declined(body, employee_id) || body->n_declined_by == DECLINED_MOST)
        return;
    for (size_t i = 0; i < body->n_declined_by; i++)
        names[i] = body->declined_by[i];
    names[body->n_declined_by++] = employee_id;
    body->declined_by = names;
}

static bool may_grant(struct deciding *deciding, const struct act *act, const char *employee_id,
                      const WireMoney *amount);

/* What the case is about is known to them: a topic in their department, or one they were announced with. */
static bool knows(const struct act *act, const struct employee *employee)
{
    const struct interaction *interaction = act->escalation->interaction;
    return staff_knows(employee, KNOWS_TOPIC, act->body->subject) ||
           (interaction && staff_knows(employee, KNOWS_DEPARTMENT, interaction->known.department));
}

/* Whoever declines was called for what they know. */
static bool asks_for_knowledge(const struct deciding *deciding, const struct act *act)
{
    const struct rule *rule = rule_find_escalating(act->policy, act->body->rule);
    const struct employee *decliner =
        state_employee(deciding->fold, act->body->store_id, deciding->occurrence.event->employee_id);
    return rule && rule->triggers[0].event == WIRE_EVENT__BODY_QUESTION_UNANSWERED && act->body->subject &&
           decliner && knows(act, decliner);
}

/* Somebody else of the case's level who is on duty, can decide it and has not said no; longest on duty first. */
static char *somebody_else(struct deciding *deciding, struct act *act)
{
    const WireCase *body = act->body;
    const struct store *store = state_store(deciding->fold, body->store_id);
    unsigned level = ladder_place(&act->policy->ladder, body->role);
    if (!store)
        return NULL;
    act->level = (int)level;
    bool is_known = asks_for_knowledge(deciding, act);
    LIST_EACH(node, &store->staff) {
        const struct employee *employee = CONTAINER_OF(node, struct employee, in_store);
        const char *id = staff_id(employee);
        struct loan_use use = {.lender = NULL};
        bool has_level = deciding_level_of(deciding, act->policy, body->store_id, id) == level;
        bool has_borrowed =
            !has_level &&
            loan_reaches(deciding, act->policy, body->store_id, id, level, body->asked_by, &use) &&
            use.level == level;
        if ((!is_known || knows(act, employee)) && (has_level || has_borrowed) && !has_declined(body, id) &&
            !(body->asked_by && text_equal(body->asked_by, id)) &&
            (!remedy_has_case(body) ||
             may_grant(deciding, act, has_borrowed ? use.lender : id, body->requested)))
            return deciding_keep(deciding, id);
    }
    return NULL;
}

/* The case begins a new round, with nobody who has it. */
static void call_again(struct deciding *deciding, const struct act *act, char *somebody, char *reason)
{
    WireCase *body = act->body;
    if (!somebody) {
        expire_climb(deciding, act->escalation, body, reason);
        return;
    }
    body->round++;
    body->called = somebody;
    body->climb_reason = reason;
    body->due_at = case_due(deciding, act->policy, body);
    body->has_due_at = body->due_at != 0;
    case_change(deciding, WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN, act->escalation, body);
}

void act_decline(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireCaseDeclined *declined = event->case_declined;
    struct act act = {
        .escalation_id = declined->escalation_id, .round = declined->round, .role = declined->role};
    if (!act_find(deciding, &act))
        return;
    WireCase *body = act.body;
    if (body->acknowledged_by && !text_equal(body->acknowledged_by, event->employee_id)) {
        refuse(deciding, &act, "taken",
               "Somebody else has the case: nothing is asked of whoever declines it.");
        return;
    }
    char reason[96];
    text_format(reason, sizeof reason, "not me: %s", declined->reason);
    add_decliner(deciding, body, event->employee_id);
    body->state = (char *)escalation_state_word(ESCALATION_OPEN);
    body->has_acknowledged_at = body->has_acknowledged_until = false;
    body->acknowledged_by = body->lent_by = NULL;
    if (expire_is_over(deciding, act.escalation, body))
        case_end(deciding, act.escalation, body);
    else
        call_again(deciding, &act, somebody_else(deciding, &act), deciding_keep(deciding, reason));
    tell(deciding, NULL, "The case goes on to the next who can.", body, NULL);
}

/* --- answers --- */

static bool is_remedy_case(const WireCase *body)
{
    return remedy_has_case(body) && body->subject;
}

/* NULL: of an exception nothing is said of what it is worth. */
static WireMoney *amount_granted(const WireCase *body, const WireCaseAnswered *answered)
{
    return answered->amount || !body->exception ? answered->amount : body->requested;
}

/* The answerer's remaining authority must cover what is granted. */
static bool may_grant(struct deciding *deciding, const struct act *act, const char *employee_id,
                      const WireMoney *amount)
{
    struct authority_request request = authority_request_of_case(deciding, act->policy, act->body, amount);
    WireProofLevel proof;
    return authority_covers(deciding, act->policy, (unsigned)act->level, &request, employee_id, &proof);
}

/* Nothing is left to decide: it was handed over, withdrawn, or granted at the counter, meanwhile. */
static bool is_settled(const struct deciding *deciding, const WireCase *body)
{
    const struct remedy_name name = remedy_name_of_case(body);
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    return remedy && (remedy_is_charged(remedy->state) || remedy->state == REMEDY_WITHDRAWN);
}

/* Their own, or what is lent to them. */
static bool finds_authority(struct deciding *deciding, struct act *act, const WireMoney *amount)
{
    const char *employee_id = deciding->occurrence.event->employee_id;
    const WireCase *body = act->body;
    struct authority_request request = authority_request_of_case(deciding, act->policy, body, amount);
    struct loan_use use;
    if (may_grant(deciding, act, act->lender ? act->lender : employee_id, amount))
        return true;
    if (act->role || !loan_covers(deciding, act->policy, &request, employee_id,
                                  ladder_place(&act->policy->ladder, body->role), body->asked_by, NULL, &use))
        return false;
    act->lender = use.lender;
    act->level = (int)use.level;
    return true;
}

/* False: refused. */
static bool check_answer(struct deciding *deciding, struct act *act, const WireCaseAnswered *answered)
{
    if (act->body->asked_by && text_equal(act->body->asked_by, deciding->occurrence.event->employee_id)) {
        refuse(deciding, act, "own_request", own_request);
        return false;
    }
    bool is_granted = answered->answer == WIRE_ANSWER__GRANTED;
    if (!is_remedy_case(act->body)) {
        if (is_granted || answered->amount)
            refuse(deciding, act, "no_remedy", "Nothing is asked for in this case: it is done, or refused.");
        return !is_granted && !answered->amount;
    }
    if (is_settled(deciding, act->body)) {
        refuse(deciding, act, "ended",
               "What was asked for was handed over, withdrawn or granted at the counter meanwhile.");
        return false;
    }
    bool lacks_amount = is_granted && !answered->amount && !act->body->exception;
    if (answered->answer == WIRE_ANSWER__DONE || lacks_amount) {
        refuse(deciding, act, "no_amount",
               act->body->exception ? "An exception is granted, or refused."
                                    : "A remedy is granted with its amount, or refused.");
        return false;
    }
    if (is_granted && !finds_authority(deciding, act, amount_granted(act->body, answered))) {
        refuse(deciding, act, "beyond_authority",
               act->body->exception ? "The exception is beyond the remaining authority of whoever answers."
                                    : "The amount is beyond the remaining authority of whoever answers.");
        return false;
    }
    return true;
}

static void answer_remedy(struct deciding *deciding, const WireCase *body, const WireCaseAnswered *answered)
{
    const struct remedy_name name = remedy_name_of_case(body);
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    WireRemedy *changed = remedy_describe(deciding, remedy, &name);
    bool is_granted = answered->answer == WIRE_ANSWER__GRANTED;
    if (!changed)
        return;
    if (!remedy) {
        changed->customer_id = body->customer_id;
        changed->amount = body->requested;
        changed->exception = body->exception;
    }
    changed->escalation_id = body->escalation_id;
    char *employee_id = deciding->occurrence.event->employee_id;
    changed->charged_to = !is_granted ? NULL : body->lent_by ? body->lent_by : employee_id;
    changed->lent_to = is_granted && body->lent_by ? employee_id : NULL;
    if (is_granted)
        changed->amount = amount_granted(body, answered);
    const struct rule *rule =
        rule_find_escalating(state_policy(deciding->fold, body->policy_version), body->rule);
    remedy_change(deciding, rule, remedy, changed, is_granted ? REMEDY_RESERVED : REMEDY_REFUSED);
}

void act_answer(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireCaseAnswered *answered = event->case_answered;
    struct act act = {
        .escalation_id = answered->escalation_id, .round = answered->round, .role = answered->role};
    if (!act_find(deciding, &act) || !check_answer(deciding, &act, answered))
        return;
    WireCase *body = act.body;
    body->state = (char *)escalation_state_word(ESCALATION_RESOLVED);
    body->round++;
    body->has_due_at = false;
    WIRE_SET(body, resolved_at, deciding->occurrence.recorded_at);
    body->resolved_by = event->employee_id;
    body->lent_by = deciding_keep(deciding, act.lender);
    body->answer = (char *)wire_answer_word(answered->answer);
    if (act.escalation->is_muted)
        body->silenced = false; /* whoever waits for it hears */
    if (answered->answer == WIRE_ANSWER__GRANTED)
        body->granted = amount_granted(body, answered);
    case_change(deciding, WIRE_DECISION_KIND__CASE_RESOLVED, act.escalation, body);
    tell(deciding, NULL, "The case is answered.", body, NULL);
    if (is_remedy_case(body))
        answer_remedy(deciding, body, answered);
}

void act_finish_follow_up(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct follow_up *follow_up = state_follow_up(deciding->fold, event->follow_up_done->follow_up_id);
    struct act act = {.escalation_id = event->follow_up_done->follow_up_id};
    if (!follow_up || (deciding->is_drill && !follow_up->is_drill)) {
        refuse(deciding, &act, "unknown_follow_up", "There is no such follow-up, or it has ended already.");
        return;
    }
    WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
    if (!body)
        return;
    if (!text_equal(body->store_id, deciding->store_id)) {
        refuse(deciding, &act, "other_store", "The follow-up is another store's.");
        return;
    }
    body->state = "done";
    WIRE_SET(body, ended_at, deciding->occurrence.recorded_at);
    body->ended_by = event->employee_id;
    body->has_outcome = event->follow_up_done->has_outcome;
    body->outcome = event->follow_up_done->outcome;
    follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_DONE, follow_up, body);
    follow_up_tell(deciding, follow_up, body);
    tell(deciding, NULL, "The follow-up is done.", NULL, body);
}

/* The first day of a week, a Monday; days count from 1970-01-01, a Thursday. */
static char *week_of(struct deciding *deciding, int64_t at)
{
    char text[DAY_TEXT_SIZE];
    place_format_day(place_monday(calendar_day(deciding->policy, deciding->store_id, at)), text);
    return deciding_keep(deciding, text);
}

/* It says nothing by which it could be found whose word it was: neither their contact nor the event. */
static void note_word(struct deciding *deciding, const struct asked *asked)
{
    WireWordNoted *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__STAFF_WORD_NOTED, NULL) : NULL;
    if (!decision)
        return;
    *body = (WireWordNoted)WIRE_WORD_NOTED__INIT;
    body->store_id = (char *)deciding->store_id;
    WIRE_SET(body, able, deciding->occurrence.event->staff_word->able);
    body->week = week_of(deciding, deciding->occurrence.at);
    WIRE_SET(body, drill, asked->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    decision->drill = asked->is_drill;
    decision->interaction_id = NULL;
    decision->has_event_id = false;
    decision->body_case = WIRE_DECISION__BODY_WORD;
    decision->word = body;
}

void act_give_word(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct asked *asked = asked_find(deciding->fold, event->staff_word->escalation_id);
    const struct act act = {.escalation_id = event->staff_word->escalation_id};
    if (!asked || (deciding->is_drill && !asked->is_drill) ||
        !text_equal(asked->employee, event->employee_id)) {
        refuse(deciding, &act, "not_asked",
               "Whoever answers was not asked about this case, or has answered already.");
        return;
    }
    if (!text_equal(asked->store, deciding->store_id)) {
        refuse(deciding, &act, "other_store", "The case is another store's.");
        return;
    }
    note_word(deciding, asked);
    tell(deciding, NULL, "Thank you: it is counted by store and week, and shown of nobody.", NULL, NULL);
}

/* False: refused. */
static bool check_proposal(struct deciding *deciding, const struct act *act, const struct promise *promise)
{
    const WireEvent *event = deciding->occurrence.event;
    const WirePromise *body = promise ? promise_read(promise, &deciding->out->arena) : NULL;
    if (!body || !body->owed_by_role) {
        refuse(deciding, act, "unknown_proposal", "There is no such proposal in this store.");
        return false;
    }
    if (body->answer) {
        refuse(deciding, act, "ended", "The proposal was answered already.");
        return false;
    }
    if (body->to_employee_id && text_equal(body->to_employee_id, event->employee_id)) {
        refuse(deciding, act, "own_request", "Nobody answers what they asked for themselves.");
        return false;
    }
    int level = (int)deciding_highest_of(deciding, deciding->policy, deciding->store_id, event->employee_id);
    if (level < ladder_find(&deciding->policy->ladder, body->owed_by_role)) {
        refuse(deciding, act, "too_low", "The policy is kept by a higher level.");
        return false;
    }
    return true;
}

void act_answer_proposal(struct deciding *deciding)
{
    const char *proposal_id = deciding->occurrence.event->change_answered->proposal_id;
    const struct act act = {.escalation_id = proposal_id};
    char promise_id[PROPOSAL_PROMISE_SIZE];
    promise_id_of_proposal(proposal_id, promise_id);
    const struct promise *promise =
        promise_find(deciding->fold, deciding->store_id, promise_id, deciding->is_drill);
    if (!promise && !deciding->is_drill) /* whoever answers need not say that it is an exercise */
        promise = promise_find(deciding->fold, deciding->store_id, promise_id, true);
    if (check_proposal(deciding, &act, promise) && proposal_answer(deciding, promise))
        tell(deciding, NULL, "The proposal is answered, and whoever proposed it hears it.", NULL, NULL);
}
