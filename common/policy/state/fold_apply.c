/* fold_apply: changes the state by an event and the decisions that are stored for it. Nothing is decided here. */
#include "common/base/text.h"
#include "common/policy/load/variant.h"
#include "common/policy/state/asked.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/attention.h"
#include "common/policy/state/policy_begin.h"
#include "common/policy/state/state.h"
#include "common/policy/state/state_age.h"
#include "common/policy/state/state_set.h"
#include "common/policy/state/recurrence.h"

#include <errno.h>

struct applying {
    struct fold *fold;
    struct occurrence occurrence;
    const struct policy *policy; /* in force; NULL: none */
    bool is_old;
    /* What the event is one more time of, in its store and of an employee; without a subject: of nothing. */
    struct recurrence_name in_store, of_employee;
};

/* For the digest of the store's day; what is old is no news. */
static void add_news(const struct applying *applying, enum news kind, const char *store_id,
                     const char *employee_id, const WireMoney *gained)
{
    if (!applying->is_old)
        good_news_add(applying->fold, applying->policy, &applying->occurrence, kind, store_id, employee_id,
                      gained);
}

/* --- what the event itself changes --- */

static void apply_interaction(const struct applying *applying, struct interaction *interaction)
{
    struct fold *fold = applying->fold;
    int waited = interaction->known.wait_kind;
    uint64_t wait_seq = interaction->known.wait_seq;
    interaction_observe(&interaction->known, &applying->occurrence, &fold->names);
    attention_follow(fold, interaction);
    if (interaction->known.customer)
        LIST_EACH_SAFE(node, &interaction->unnamed)
            remedy_take_name(CONTAINER_OF(node, struct remedy, in_contact), interaction->known.customer,
                             &fold->names, &fold->charges);
    if (interaction->known.closed_at) {
        countdowns_drop(fold, interaction, false);
        state_file_interaction(fold, interaction);
    } else if (waited && (!interaction->known.wait_kind || interaction->known.wait_seq != wait_seq)) {
        countdowns_drop(fold, interaction, true);
    }
    countdown_start(fold, &applying->occurrence, applying->policy, applying->is_old, interaction);
}

static void apply_duty(const struct applying *applying)
{
    const WireEvent *event = applying->occurrence.event;
    struct fold *fold = applying->fold;
    if (!event->store_id || !event->employee_id)
        return;
    bool is_on = event->body_case == WIRE_EVENT__BODY_ON_DUTY;
    struct employee *employee = state_make_employee(fold, event->store_id, event->employee_id);
    if (event->drill) {
        name_set(&fold->names, &employee->drilled_role, is_on ? event->on_duty->role : NULL);
        return;
    }
    if (applying->occurrence.at < employee->duty_at)
        return; /* what came after it was told before */
    employee->duty_at = applying->occurrence.at;
    struct store *store = state_make_store(fold, event->store_id);
    store->on_duty += (uint32_t)(is_on && !employee->is_on_duty);
    store->on_duty -= (uint32_t)(!is_on && employee->is_on_duty && store->on_duty);
    employee->is_on_duty = is_on;
    employee->back_at = is_on ? 0 : event->off_duty->back_at;
    employee->seq = applying->occurrence.seq;
    name_set(&fold->names, &employee->role, is_on ? event->on_duty->role : NULL);
    if (!is_on)
        attention_end(employee);
    if (is_on)
        staff_join(fold, store, employee, event->on_duty);
    else
        staff_leave(fold, employee);
}

/* Nobody knows for whom it is that came of the contact. */
static void note_unnamed(struct fold *fold, const char *store_id, const char *interaction_id, bool is_drill)
{
    struct interaction *interaction = state_interaction(fold, store_id, interaction_id, is_drill);
    if (interaction)
        interaction->known.has_unnamed = true;
}

static void apply_appointment(const struct applying *applying, const struct interaction *interaction,
                              const char *customer_id)
{
    const WireEvent *event = applying->occurrence.event;
    struct fold *fold = applying->fold;
    const struct customer *customer = state_customer(fold, customer_id);
    const struct relation relation = {.contact = interaction ? &interaction->known : NULL,
                                      .customer = customer ? &customer->known : NULL,
                                      .is_drill = event->drill};
    const char *given_since = relation_given_since(&relation, applying->occurrence.at);
    struct booking booking = {
        .policy = applying->policy,
        .owner = given_since          ? given_since
                 : event->employee_id ? event->employee_id
                                      : relation_owner(&relation),
        .customer = customer_id,
        .is_late = occurrence_is_late(&applying->occurrence, applying->policy),
        .is_old = applying->is_old,
    };
    appointment_observe(fold, &applying->occurrence, &booking);
    if (!customer_id)
        note_unnamed(fold, event->store_id, event->interaction_id, event->drill);
}

/* What was opened before it was known whose the contact is. */
static void name_cases(struct fold *fold, const WireEvent *event)
{
    struct interaction *interaction =
        state_interaction(fold, event->store_id, event->interaction_id, event->drill);
    if (!interaction)
        return;
    LIST_EACH(node, &interaction->escalations)
        escalation_take_name(fold, CONTAINER_OF(node, struct escalation, in_interaction), event->customer_id);
}

/* What was broken before it was known to whom it was promised. */
static void name_broken_promises(const struct applying *applying)
{
    struct fold *fold = applying->fold;
    const WireEvent *event = applying->occurrence.event;
    if (event->drill)
        return;
    LIST_EACH(node, &fold->ended_promises) {
        struct promise *promise = CONTAINER_OF(node, struct promise, recent);
        if (promise->state != PROMISE_BROKEN || promise->is_drill || promise->customer ||
            !promise->interaction || !text_equal(promise->interaction, event->interaction_id) ||
            !text_equal(promise->key, event->store_id))
            continue;
        struct customer *customer = state_make_customer(fold, event->customer_id);
        promise_take_name(fold, promise, event->customer_id);
        customer_promise_turned(&customer->known, &applying->occurrence, true);
        customer_fail(&customer->known, promise->due_at);
    }
}

/* What goes along when the contact, or its customer, is somebody else's `after` the event, or it is known whose it is. */
static void apply_ownership(const struct applying *applying, const struct relation *before,
                            const struct relation *after, const char *customer_id)
{
    const WireEvent *event = applying->occurrence.event;
    struct ownership ownership = {.store_id = event->store_id,
                                  .interaction_id = event->interaction_id,
                                  .customer_id = customer_id,
                                  .is_drill = event->drill};
    bool is_named = before->contact && ownership_is_named(before->contact, event);
    if (is_named && before->contact->has_unnamed) {
        ownership_name_appointments(applying->fold, &ownership);
        name_broken_promises(applying);
    }
    if (is_named)
        name_cases(applying->fold, event);
    if (ownership_moves(before, after, &ownership))
        ownership_take_appointments(applying->fold, &ownership);
}

/* The customer and the contact as the event leaves them. */
static void apply_contact(const struct applying *applying, struct customer *customer,
                          struct interaction *interaction, const struct interaction_known *before,
                          const char *customer_id)
{
    const WireEvent *event = applying->occurrence.event;
    struct fold *fold = applying->fold;
    struct customer_known customer_before = customer ? customer->known : (struct customer_known){0};
    struct relation was = {before, customer ? &customer_before : NULL, event->drill};
    struct relation is = {interaction ? &interaction->known : NULL, customer ? &customer->known : NULL,
                          event->drill};
    bool may_move = ownership_may_move(before, event);
    const char *kept[2] = {NULL}; /* names that the event may let go of */
    if (may_move) {
        name_set(&fold->names, &kept[0], customer_before.owner);
        name_set(&fold->names, &kept[1], before ? before->owner : NULL);
    }
    if (customer)
        customer_observe(&customer->known, before, &applying->occurrence, &fold->names);
    if (interaction)
        apply_interaction(applying, interaction);
    if (customer && interaction) {
        interaction->known.is_first |= customer_is_first(&customer->known, before);
        customer_trouble(&customer->known, before, &interaction->known, &applying->occurrence);
    }
    if (customer && interaction && !interaction_is_repeated(before, event))
        customer_suffer(&customer->known, before, &interaction->known, &applying->occurrence);
    if (may_move)
        apply_ownership(applying, &was, &is, customer_id);
    name_set(&fold->names, &kept[0], NULL);
    name_set(&fold->names, &kept[1], NULL);
}

/* What it is one more time of is counted. */
static void apply_recurrences(struct applying *applying, const struct interaction_known *before,
                              const struct interaction_known *after)
{
    const WireEvent *event = applying->occurrence.event;
    if (recurrence_in_store(event, &applying->in_store))
        recurrence_observe(applying->fold, &applying->in_store, &applying->occurrence);
    if (after && recurrence_of_employee(event, before, after, &applying->of_employee))
        recurrence_observe(applying->fold, &applying->of_employee, &applying->occurrence);
}

static void apply_service(struct applying *applying)
{
    const WireEvent *event = applying->occurrence.event;
    struct fold *fold = applying->fold;
    struct interaction *interaction = NULL;
    const struct interaction_known *known_before = NULL;
    struct interaction_known before;
    bool is_contact = occurrence_is_contact(&applying->occurrence);
    if (event->interaction_id && is_contact) {
        interaction = state_interaction(fold, event->store_id, event->interaction_id, event->drill);
        if (interaction) {
            before = interaction->known;
            known_before = &before;
        }
        interaction = state_make_interaction(fold, event->store_id, event->interaction_id, event->drill);
    }
    if (is_contact && event->store_id && !event->drill)
        state_make_store(fold, event->store_id);
    const char *customer_id = event->customer_id ? event->customer_id : known_before ? before.customer : NULL;
    struct customer *customer =
        customer_id && is_contact && !event->drill ? state_make_customer(fold, customer_id) : NULL;
    const char *served_before = NULL; /* of complaints: a name that the event may let go of */
    if (known_before && event->body_case == WIRE_EVENT__BODY_COMPLAINT)
        name_set(&fold->names, &served_before, before.served_by);
    apply_contact(applying, customer, interaction, known_before, customer_id);
    apply_recurrences(applying, known_before, interaction ? &interaction->known : NULL);
    name_set(&fold->names, &served_before, NULL);
    products_observe(fold, &applying->occurrence);
    purchases_observe(fold, applying->policy, &applying->occurrence, interaction, customer_id);
    stock_observe(fold, &applying->occurrence, customer_id);
    promise_observe(fold, &applying->occurrence);
    if (appointment_id_of(event))
        apply_appointment(applying, interaction, customer_id);
    if (event->body_case == WIRE_EVENT__BODY_ON_DUTY || event->body_case == WIRE_EVENT__BODY_OFF_DUTY)
        apply_duty(applying);
    roster_observe(fold, &applying->occurrence);
    if (event->body_case == WIRE_EVENT__BODY_ACHIEVEMENT &&
        event->achievement->kind == WIRE_ACHIEVEMENT_KIND__SALES_GAIN && !event->drill)
        add_news(applying, NEWS_SALES_GAIN, event->store_id, event->employee_id, event->achievement->amount);
}

static void stop_if_due(struct fold *fold, struct deadline *deadline, const WireDeadlinePassed *passed)
{
    if (deadline_is_of(deadline, passed->due_at))
        deadline_stop(&fold->deadlines, deadline);
}

/* A deadline is over once its event is there, whatever was decided. One armed anew has another round. */
static void apply_deadline(const struct applying *applying)
{
    const WireEvent *event = applying->occurrence.event;
    const WireDeadlinePassed *passed = event->deadline_passed;
    struct fold *fold = applying->fold;
    struct promise *promise = promise_find(fold, event->store_id, passed->subject, event->drill);
    struct appointment *appointment = appointment_find(fold, event->store_id, passed->subject, event->drill);
    struct escalation *escalation = state_escalation(fold, passed->subject);
    struct follow_up *follow_up = state_follow_up(fold, passed->subject);
    switch ((int)passed->kind) {
    case WIRE_DEADLINE_KIND__RULE_DUE:
        countdown_expire(fold, event, passed);
        return;
    case WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PROMISE_DUE:
        if (promise)
            promise_expire(fold, promise, passed);
        return;
    case WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PREPARATION_DUE:
        if (appointment)
            appointment_expire(fold, appointment, passed);
        return;
    case WIRE_DEADLINE_KIND__WEEK_DUE:
        care_close(fold, state_store(fold, event->store_id), passed);
        return;
    case WIRE_DEADLINE_KIND__DIGEST_DUE:
        good_news_expire(fold, event->store_id, passed);
        return;
    case WIRE_DEADLINE_KIND__POLICY_BEGINS:
        policy_begin_expire(fold, state_store(fold, event->store_id), passed,
                            applying->occurrence.recorded_at);
        return;
    case WIRE_DEADLINE_KIND__NOBODY_HOME_DUE:
        if (escalation)
            stop_if_due(fold, &escalation->unattended, passed);
        return;
    }
    if (escalation)
        stop_if_due(fold, &escalation->deadline, passed);
    if (follow_up)
        stop_if_due(fold, &follow_up->deadline, passed);
}

/* --- what decisions change --- */

static void apply_case(const struct applying *applying, const WireDecision *decision)
{
    const WireCase *body = decision->case_;
    struct fold *fold = applying->fold;
    if (!body->escalation_id || !body->rule || !body->state || !fold->policy_count)
        return;
    const struct escalation *known = state_escalation(fold, body->escalation_id);
    bool was_muted = known && known->is_muted;
    if (known && !escalation_is_live(known->state))
        return;
    state_set_escalation(fold, body,
                         decision->kind == WIRE_DECISION_KIND__CASE_MUTED || (was_muted && body->silenced));
    escalation_set_page(fold, state_escalation(fold, body->escalation_id), decision->page_id);
}

static void apply_follow_up(const struct applying *applying, const WireDecision *decision)
{
    const WireFollowUp *body = decision->follow_up;
    struct fold *fold = applying->fold;
    if (!body->follow_up_id || !body->state || !fold->policy_count)
        return;
    const struct follow_up *before = state_follow_up(fold, body->follow_up_id);
    bool is_theirs_now = body->customer_id && (!before || before->interaction) && !body->drill;
    state_set_follow_up(fold, body);
    if (!body->customer_id)
        note_unnamed(fold, body->store_id, body->interaction_id, body->drill);
    if (is_theirs_now && body->kind == WIRE_FOLLOW_UP_KIND__RECOVERY)
        customer_fail(&state_make_customer(fold, body->customer_id)->known, body->occurred_at);
}

static void apply_remedy(const struct applying *applying, const WireRemedy *body)
{
    struct fold *fold = applying->fold;
    if (!body->remedy_id || !body->store_id || !body->state)
        return;
    const struct remedy_name name = {
        .store_id = body->store_id,
        .interaction_id = body->interaction_id,
        .source = body->source,
        .remedy_id = body->remedy_id,
        .is_drill = body->drill,
    };
    struct remedy *remedy = state_make_remedy(fold, &name);
    remedy_hear(remedy, applying->occurrence.event, applying->occurrence.at);
    remedy->seq = applying->occurrence.seq;
    remedy_become(remedy, body, calendar_day(applying->policy, body->store_id, body->changed_at),
                  &fold->names, &fold->charges);
    state_join_contact(fold, remedy);
}

/* Whoever is owed what was promised remembers that it did not come. */
static void apply_promise(const struct applying *applying, const WireDecision *decision)
{
    const WirePromise *body = decision->promise;
    struct fold *fold = applying->fold;
    if (!body->promise_id || !body->store_id || !body->state || !fold->policy_count)
        return;
    const WireEvent *event = applying->occurrence.event;
    const char *told_of = promise_id_of(event);
    if (event->body_case != WIRE_EVENT__BODY_DEADLINE_PASSED && !body->owed_by_role &&
        (!told_of || !text_equal(told_of, body->promise_id))) {
        promise_hand_on(fold, body);
        return;
    }
    if (!body->customer_id && !body->owed_by_role)
        note_unnamed(fold, body->store_id, body->interaction_id, body->drill);
    const struct promise *before = promise_find(fold, body->store_id, body->promise_id, body->drill);
    bool was_broken = before && before->state == PROMISE_BROKEN;
    int64_t was_due_at = before ? before->due_at : 0;
    bool is_in_time = before && applying->occurrence.at <= before->due_at &&
                      event->body_case != WIRE_EVENT__BODY_PROMISE_MADE;
    bool is_kept = !before || before->state != PROMISE_KEPT;
    promise_become(fold, decision, applying->occurrence.at, applying->occurrence.seq);
    enum promise_state state = promise_find(fold, body->store_id, body->promise_id, body->drill)->state;
    bool is_broken = state == PROMISE_BROKEN && !was_broken;
    bool was_kept = state != PROMISE_BROKEN && was_broken && is_in_time; /* and told late */
    if (state == PROMISE_KEPT && is_kept && !body->drill && !body->owed_by_role)
        add_news(applying, NEWS_KEPT_PROMISE, body->store_id, body->owner, NULL);
    if (!is_broken && !was_kept)
        return;
    interaction_promise_turned(state_interaction(fold, body->store_id, body->interaction_id, body->drill),
                               is_broken);
    if (body->drill || !body->customer_id)
        return;
    struct customer *customer = state_make_customer(fold, body->customer_id);
    customer_promise_turned(&customer->known, &applying->occurrence, is_broken);
    if (is_broken)
        customer_fail(&customer->known, body->ended_at);
    else
        customer_unfail(&customer->known, was_due_at);
}

static void apply_recognition(const struct applying *applying, const WireRecognition *body)
{
    enum news kind =
        body->kind == WIRE_RECOGNITION_KIND__COMPLIMENT ? NEWS_COMPLIMENT : NEWS_RETURNING_CUSTOMER;
    if (body->has_kind && !body->drill)
        add_news(applying, kind, body->store_id, body->employee_id, NULL);
}

/* A good end makes good what was before. */
static void apply_experience(const struct applying *applying, const WireExperience *body)
{
    struct customer *customer = body->drill ? NULL : state_customer(applying->fold, body->customer_id);
    if (customer && body->feeling == WIRE_FEELING__GOOD)
        customer_made_good(&customer->known, body->occurred_at);
    if (customer && body->trouble_solved)
        customer->known.is_trouble_solved = true;
    if (!applying->is_old)
        care_add(applying->fold, applying->policy, body);
}

/* A group that was told of takes what belongs to it. */
static void apply_coaching(const struct applying *applying, const WireCoaching *body)
{
    const struct told_group group = {.from = body->since_at, .until = body->until_at};
    const struct recurrence_name *name = body->lead_alone ? &applying->of_employee : &applying->in_store;
    if (body->has_until_at && name->subject)
        recurrence_tell(applying->fold, name, group);
}

static void apply_day_served(const struct applying *applying, const WireDayServed *body)
{
    struct fold *fold = applying->fold;
    if (!body->store_id || !applying->policy)
        return;
    state_make_store(fold, body->store_id)->day_from_at = body->from_at;
    if (!body->employee_id)
        return;
    struct employee *employee = state_make_employee(fold, body->store_id, body->employee_id);
    int level = body->role ? ladder_find(&applying->policy->ladder, body->role) : 0;
    employee->served_from_at = body->from_at;
    employee->served_level = (uint8_t)(level < 0 ? 0 : level);
}

static int apply_decision(const struct applying *applying, const WireDecision *decision,
                          char why[static WHY_SIZE])
{
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_CASE:
        apply_case(applying, decision);
        break;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        apply_follow_up(applying, decision);
        break;
    case WIRE_DECISION__BODY_REMEDY:
        apply_remedy(applying, decision->remedy);
        break;
    case WIRE_DECISION__BODY_PROMISE:
        apply_promise(applying, decision);
        break;
    case WIRE_DECISION__BODY_LOAN:
        loan_become(applying->fold, decision->loan);
        break;
    case WIRE_DECISION__BODY_POLICY:
        if (decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED)
            return state_add_policy(applying->fold, applying->occurrence.event->policy_proposed,
                                    applying->occurrence.seq, decision->policy->active_at, why);
        break;
    case WIRE_DECISION__BODY_EXPERIENCE:
        apply_experience(applying, decision->experience);
        break;
    case WIRE_DECISION__BODY_RECOGNITION:
        apply_recognition(applying, decision->recognition);
        break;
    case WIRE_DECISION__BODY_NOTICE:
        asked_note(applying->fold, decision);
        break;
    case WIRE_DECISION__BODY_WORD:
        asked_answer(applying->fold, applying->occurrence.event->staff_word->escalation_id);
        break;
    case WIRE_DECISION__BODY_COACHING:
        apply_coaching(applying, decision->coaching);
        break;
    case WIRE_DECISION__BODY_DAY_SERVED:
        apply_day_served(applying, decision->day_served);
        break;
    case WIRE_DECISION__BODY_FINDING:
        if (decision->finding->subject && text_equal(decision->finding->subject, STATE_FORGOTTEN))
            applying->fold->forgotten_told = (uint64_t)decision->finding->value;
        break;
    }
    return 0;
}

static bool is_quarantined(WireDecision *const *decisions, size_t count)
{
    return count && decisions[0]->kind == WIRE_DECISION_KIND__QUARANTINED;
}

static void apply_event(struct applying *applying)
{
    const struct occurrence *occurrence = &applying->occurrence;
    struct fold *fold = applying->fold;
    applying->policy = variant_for(state_policy_at(fold, occurrence->recorded_at, false),
                                   occurrence->event->store_id, occurrence->recorded_at);
    applying->is_old =
        applying->policy && occurrence->recorded_at - occurrence->at > applying->policy->old_after_us;
    if (occurrence_is_service(occurrence))
        apply_service(applying);
    else if (occurrence->event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED)
        apply_deadline(applying);
    else if (occurrence->event->body_case == WIRE_EVENT__BODY_SERVING_STARTED ||
             occurrence->event->body_case == WIRE_EVENT__BODY_SERVING_ENDED)
        attendance_change(fold, occurrence);
}

int fold_apply(struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
               WireDecision *const *decisions, size_t count, char why[static WHY_SIZE])
{
    struct applying applying = {.fold = fold, .occurrence = occurrence_of(record, event)};
    if (fold->seq && applying.occurrence.seq != fold->seq + 1) {
        text_format(why, WHY_SIZE, "event %llu does not follow %llu",
                    (unsigned long long)applying.occurrence.seq, (unsigned long long)fold->seq);
        return -EINVAL;
    }
    fold->epoch = applying.occurrence.epoch;
    fold->seq = applying.occurrence.seq;
    fold->recorded_at = applying.occurrence.recorded_at;
    if (is_quarantined(decisions, count))
        return 0;
    apply_event(&applying);
    for (size_t i = 0; i < count; i++) {
        int rc = apply_decision(&applying, decisions[i], why);
        if (rc)
            return rc;
    }
    state_age(fold);
    return 0;
}
