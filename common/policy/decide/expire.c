/* expire: deadlines that have passed. One of a finished round does nothing. */
#include "common/policy/decide/expire.h"

#include "common/base/text.h"
#include "common/policy/decide/appointment.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/busy.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/follow_up.h"
#include "common/policy/decide/mute.h"
#include "common/policy/decide/perform.h"
#include "common/policy/decide/promise.h"
#include "common/policy/phrase/phrase.h"

static bool is_about(const struct rule *rule, WireDeadlineKind overdue)
{
    for (unsigned i = 0; rule && i < rule->trigger_count; i++)
        if (rule->triggers[i].event == WIRE_EVENT__BODY_DEADLINE_PASSED &&
            rule->triggers[i].kind == (int)overdue)
            return true;
    return false;
}

/* What was asked for is settled, what was promised kept or put off, what was to be prepared ready, or who was busy
 * no longer is. */
static bool subject_has_ended(struct deciding *deciding, const struct escalation *escalation,
                              const WireCase *body)
{
    const struct fold *fold = deciding->fold;
    const struct rule *rule = rule_find_escalating(escalation->policy, body->rule);
    if (!body->subject)
        return false;
    if (remedy_has_case(body)) {
        const struct remedy_name name = remedy_name_of_case(body);
        const struct remedy *remedy = state_remedy(fold, &name);
        return remedy && remedy->state != REMEDY_REQUESTED;
    }
    if (is_about(rule, WIRE_DEADLINE_KIND__PROMISE_DUE)) {
        const struct promise *promise = promise_find(fold, body->store_id, body->subject, body->drill);
        return promise && (promise->state != PROMISE_BROKEN || promise->is_settled);
    }
    if (is_about(rule, WIRE_DEADLINE_KIND__PREPARATION_DUE)) {
        const struct appointment *appointment =
            appointment_find(fold, body->store_id, body->subject, body->drill);
        return !appointment || appointment->has_ended || deadline_is_set(&appointment->deadline);
    }
    return list_is_linked(&escalation->in_employee) && !busy_goes_on(deciding, escalation, body->subject);
}

/* What it was about has ended: nobody needs to come any more. */
bool expire_is_over(struct deciding *deciding, const struct escalation *escalation, const WireCase *body)
{
    const struct interaction_known *known = escalation->interaction ? &escalation->interaction->known : NULL;
    bool is_over = !known || known->closed_at;
    switch (escalation->ends_with) {
    case ENDS_WITH_NOTHING:
        break;
    case ENDS_WITH_INTERACTION:
        if (is_over && !list_is_linked(&escalation->in_employee))
            return true;
        break;
    case ENDS_WITH_WAIT:
        if (is_over || !known->wait_kind)
            return true;
        break;
    case ENDS_WITH_MOOD:
        if (is_over || interaction_is_calm(known))
            return true;
        break;
    }
    return subject_has_ended(deciding, escalation, body);
}

/* The next level that can decide: of a remedy, one whose remaining authority covers it. -1: it is at the top.
 */
static int next_level(struct deciding *deciding, const struct policy *policy, const WireCase *body)
{
    int level = ladder_find(&policy->ladder, body->role);
    if (level + 1 >= (int)policy->ladder.count)
        return -1;
    if (!remedy_has_case(body))
        return level + 1;
    struct authority_request request = authority_request_of_case(deciding, policy, body, body->requested);
    WireProof *proof;
    return (int)authority_lowest(deciding, policy, (unsigned)level + 1, &request, NULL, &proof);
}

void expire_climb(struct deciding *deciding, const struct escalation *escalation, WireCase *body,
                  char *reason)
{
    const struct policy *policy = escalation->policy;
    int level = next_level(deciding, policy, body);
    body->round++;
    if (level >= 0) {
        body->role = (char *)policy->ladder.levels[level].role;
        body->climbs++;
        body->climb_reason = reason;
    }
    body->called = NULL;
    body->due_at = case_due(deciding, policy, body);
    body->has_due_at = body->due_at != 0;
    case_change(deciding,
                level >= 0 ? WIRE_DECISION_KIND__CASE_CLIMBED : WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN,
                escalation, body);
}

static void reopen(struct deciding *deciding, const struct escalation *escalation, WireCase *body)
{
    if (expire_is_over(deciding, escalation, body)) {
        case_end(deciding, escalation, body);
        return;
    }
    body->round++;
    body->state = (char *)escalation_state_word(ESCALATION_OPEN);
    body->has_acknowledged_at = body->has_acknowledged_until = false;
    body->acknowledged_by = body->called = body->lent_by = NULL;
    body->due_at = case_due(deciding, escalation->policy, body);
    body->has_due_at = body->due_at != 0;
    case_change(deciding, WIRE_DECISION_KIND__CASE_REOPENED, escalation, body);
    mute_reopened(deciding, escalation, body);
}

static void expire_case(struct deciding *deciding, const WireDeadlinePassed *passed,
                        enum escalation_state expected)
{
    const struct escalation *escalation = state_escalation(deciding->fold, passed->subject);
    if (!escalation || escalation->state != expected || escalation->round != passed->round ||
        !deadline_is_of(&escalation->deadline, passed->due_at))
        return;
    WireCase *body = deciding_read_case(deciding, escalation);
    if (!body)
        return;
    bool is_relieved =
        list_is_linked(&escalation->in_employee) && !busy_goes_on(deciding, escalation, body->subject);
    if (expected == ESCALATION_OPEN && is_relieved)
        case_end(deciding, escalation, body);
    else if (expected == ESCALATION_OPEN)
        expire_climb(deciding, escalation, body, "not acknowledged");
    else
        reopen(deciding, escalation, body);
}

/* Nobody is home at its level, and the clock that runs since is this one. */
static void expire_unattended(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    const struct escalation *escalation = state_escalation(deciding->fold, passed->subject);
    if (!escalation || escalation->round != passed->round ||
        !deadline_is_of(&escalation->unattended, passed->due_at))
        return;
    WireCase *body = deciding_read_case(deciding, escalation);
    if (body)
        expire_climb(deciding, escalation, body, "nobody home");
}

/* Whose it is, for whom, since when, and what is to be done. */
static char *overdue_sentence(struct deciding *deciding, const struct follow_up *follow_up,
                              const WireFollowUp *body, const char *whose)
{
    AUTO_CLEAR(bytes) sentence = {0};
    bytes_append_format(&sentence, "%s (%s)", whose, body->rule);
    if (body->customer_id)
        bytes_append_format(&sentence, " for %s", body->customer_id);
    bytes_append_text(&sentence, " is overdue since ");
    phrase_time(follow_up->policy, body->store_id, body->due_at, &sentence);
    bytes_append_format(&sentence, ": %s", body->sentence ? body->sentence : "it is still to be done.");
    return deciding_keep(deciding, bytes_text(&sentence));
}

/* `role` hears; NULL: the owner. */
static void remind(struct deciding *deciding, const struct follow_up *follow_up, const WireFollowUp *body,
                   const char *role, const char *whose)
{
    WireNotice *notice = deciding_allocate(deciding, sizeof *notice);
    WireDecision *decision = notice ? deciding_add(deciding, WIRE_DECISION_KIND__NOTICE_GIVEN, NULL) : NULL;
    if (!decision)
        return;
    *notice = (WireNotice)WIRE_NOTICE__INIT;
    notice->to_employee_id = role ? NULL : body->owner;
    notice->sentence = overdue_sentence(deciding, follow_up, body, whose);
    notice->subject = body->follow_up_id;
    decision->rule = body->rule;
    decision->rule_id = body->rule_id;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->drill = body->drill;
    decision->late = body->late;
    decision->silenced = body->silenced;
    decision->audience = role ? (char *)role : body->owner;
    decision->subject_id = body->follow_up_id;
    decision->body_case = WIRE_DECISION__BODY_NOTICE;
    decision->notice = notice;
    deciding_rest_on(deciding, decision, follow_up->opened_seq);
}

/* The level above the owner's; without an owner that of whoever leads the counter. */
static void remind_lead(struct deciding *deciding, const struct follow_up *follow_up,
                        const WireFollowUp *body)
{
    const struct policy *policy = follow_up->policy;
    unsigned lead = deciding_level_above(deciding, policy, body->store_id, body->owner);
    char whose[96] = "A follow-up that is nobody's";
    if (body->owner)
        text_format(whose, sizeof whose, "%s's follow-up", body->owner);
    remind(deciding, follow_up, body, policy->ladder.levels[lead].role, whose);
}

static void expire_follow_up(struct deciding *deciding, const WireDeadlinePassed *passed, bool is_long)
{
    const struct follow_up *follow_up = state_follow_up(deciding->fold, passed->subject);
    if (!follow_up || follow_up->is_overdue != is_long ||
        !deadline_is_of(&follow_up->deadline, passed->due_at))
        return;
    WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
    if (!body)
        return;
    if (is_long) {
        remind_lead(deciding, follow_up, body);
        return;
    }
    body->state = "overdue";
    follow_up_change(deciding, WIRE_DECISION_KIND__FOLLOW_UP_OVERDUE, follow_up, body);
    if (body->owner)
        remind(deciding, follow_up, body, NULL, "Your follow-up");
    else
        remind_lead(deciding, follow_up, body);
}

static void expire_countdown(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    const struct countdown *countdown = countdown_find(deciding->interaction, passed->subject);
    if (!countdown || !countdown_is_at(countdown, passed))
        return;
    deciding->countdown = countdown;
    deciding->policy = countdown->policy;
    deciding->is_drill = countdown->is_drill;
    deciding->is_late =
        countdown->started_at + countdown_trigger(countdown)->after_us <= countdown->late_until;
    perform_rules(deciding, &countdown->policy->delayed[countdown->event], countdown_trigger(countdown));
}

/* Each rule once, however many of its limits have passed. */
static bool was_judged(const struct countdown *countdown, uint32_t at)
{
    const struct rule_list *list = &countdown->policy->delayed[countdown->event];
    for (uint32_t before = countdown->unjudged; before < at;
         before = countdown_next(countdown->policy, countdown->event, countdown->kind, before + 1))
        if (list->rules[before] == list->rules[at])
            return true;
    return false;
}

static void judge_missed(struct deciding *deciding, const struct countdown *countdown, int64_t ended_at)
{
    const struct rule_list *list = &countdown->policy->delayed[countdown->event];
    deciding->policy = countdown->policy;
    for (uint32_t at = countdown->unjudged; at < list->count;
         at = countdown_next(countdown->policy, countdown->event, countdown->kind, at + 1)) {
        if (countdown->started_at + list->triggers[at]->after_us > ended_at)
            return;
        if (!was_judged(countdown, at))
            perform_rules(deciding, list, list->triggers[at]);
    }
}

static void begin_missed(struct deciding *deciding, bool is_missed)
{
    deciding->is_missed = is_missed;
    deciding->out->workspace->facts.filled &= ~(1U << FACT_WAIT);
}

void expire_over(struct deciding *deciding)
{
    const struct occurrence *occurrence = &deciding->occurrence;
    int kind = trigger_kind_of(occurrence->event);
    struct countdown countdown = {
        .policy = deciding->policy,
        .started_at = occurrence->at,
        .kind = kind,
        .event = WIRE_EVENT__BODY_WAIT_STARTED,
        .unjudged = countdown_next(deciding->policy, WIRE_EVENT__BODY_WAIT_STARTED, kind, 0),
    };
    begin_missed(deciding, true);
    judge_missed(deciding, &countdown, deciding->wait_over_at);
    begin_missed(deciding, false);
}

void expire_missed(struct deciding *deciding)
{
    const struct policy *policy = deciding->policy;
    begin_missed(deciding, true);
    for (const struct countdown *countdown = deciding->interaction->countdowns; countdown;
         countdown = countdown->next)
        if (countdown->event == WIRE_EVENT__BODY_WAIT_STARTED && countdown->is_drill == deciding->is_drill)
            judge_missed(deciding, countdown, deciding->occurrence.at);
    begin_missed(deciding, false);
    deciding->policy = policy;
}

static bool digest_come_due(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    const struct good_news *news = good_news_find(deciding->fold, deciding->store_id, passed->subject);
    if (!news || news->deadline.due_at != passed->due_at)
        return false;
    deciding->good_news = news;
    return true;
}

/* What it was waited for is there: the rules that look at it. */
static void judge(struct deciding *deciding)
{
    perform_rules(deciding, &deciding->policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED], NULL);
}

/* Another policy begins in the store: by its own rules, as they hold there by now. */
static void expire_policy(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    struct policy_begin begin;
    if (!policy_begin_find(deciding->fold, deciding->store_id, passed, deciding->occurrence.recorded_at,
                           &begin))
        return;
    deciding->begin = &begin;
    judge(deciding);
    deciding->begin = NULL;
}

void expire_deadline(struct deciding *deciding)
{
    const WireDeadlinePassed *passed = deciding->occurrence.event->deadline_passed;
    switch ((int)passed->kind) {
    case WIRE_DEADLINE_KIND__RULE_DUE:
        expire_countdown(deciding, passed);
        break;
    case WIRE_DEADLINE_KIND__ACKNOWLEDGE_DUE:
        expire_case(deciding, passed, ESCALATION_OPEN);
        break;
    case WIRE_DEADLINE_KIND__ANSWER_DUE:
        expire_case(deciding, passed, ESCALATION_ACKNOWLEDGED);
        break;
    case WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PROMISE_DUE:
        if (promise_come_due(deciding, passed))
            judge(deciding);
        break;
    case WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PREPARATION_DUE:
        if (appointment_come_due(deciding, passed))
            judge(deciding);
        break;
    case WIRE_DEADLINE_KIND__WEEK_DUE:
        if (care_is_due(state_store(deciding->fold, deciding->store_id), passed))
            judge(deciding);
        break;
    case WIRE_DEADLINE_KIND__DIGEST_DUE:
        if (digest_come_due(deciding, passed))
            judge(deciding);
        break;
    case WIRE_DEADLINE_KIND__POLICY_BEGINS:
        expire_policy(deciding, passed);
        break;
    case WIRE_DEADLINE_KIND__NOBODY_HOME_DUE:
        expire_unattended(deciding, passed);
        break;
    case WIRE_DEADLINE_KIND__FOLLOW_UP_DUE:
        expire_follow_up(deciding, passed, false);
        break;
    case WIRE_DEADLINE_KIND__FOLLOW_UP_LONG_DUE:
        expire_follow_up(deciding, passed, true);
        break;
    }
}
