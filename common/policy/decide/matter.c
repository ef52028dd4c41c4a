/* matter: what rules may ask of the thing that an event is about: a remedy, a promise, a product, an appointment, a
 * question that nobody could answer, what comes up again, the good news of a day. */
#include "common/policy/decide/matter.h"

#include "common/base/text.h"
#include "common/policy/decide/facts.h"
#include "common/policy/decide/loan.h"
#include "common/policy/decide/owed.h"
#include "common/policy/decide/policy_begin.h"
#include "common/policy/state/recurrence.h"
#include "common/wire/set.h"

/* Which of the limits it is that the request is beyond. Of another currency nothing is known. */
static void fill_limits(const struct deciding *deciding, const struct level *level,
                        const struct authority_request *request, WireRemedyFacts *facts)
{
    const char *employee_id = deciding->occurrence.event->employee_id;
    const struct limits *limits = ladder_limits(deciding->policy, level, request->currency);
    if (!limits)
        return;
    facts->has_figures = true;
    int64_t used = authority_used_of_employee(deciding, request, employee_id);
    facts->is_large = limits->remedy != UNLIMITED && request->minor > limits->remedy;
    facts->is_within_day = limits->employee_day == UNLIMITED || request->minor <= limits->employee_day - used;
    facts->given_today = authority_used_of_customer(deciding, request);
}

static bool fill_remedy(struct deciding *deciding, WireRemedyFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const int64_t at = deciding->occurrence.at;
    struct remedy_name name;
    struct authority_request request;
    if (!remedy_name_of(event, &name))
        return false;
    const struct remedy *remedy = state_remedy(deciding->fold, &name);
    *facts = (WireRemedyFacts)WIRE_REMEDY_FACTS__INIT;
    facts->remedy_id = (char *)name.remedy_id;
    facts->currency = (char *)deciding->policy->currency;
    if (event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED)
        WIRE_SET(facts, kind, event->remedy_requested->kind);
    else if (remedy && remedy->kind && !remedy_is_request(event))
        WIRE_SET(facts, kind, (WireRemedyKind)remedy->kind);
    facts->is_repeated = event->body_case == WIRE_EVENT__BODY_REMEDY_REFUSED
                             ? remedy_is_over(remedy) || remedy_is_final(remedy)
                             : remedy_is_answered(remedy, event);
    facts->is_repeated |=
        remedy_is_outrun(remedy, event, at) && event->body_case != WIRE_EVENT__BODY_REMEDY_GRANTED;
    facts->exception = (char *)(remedy_is_request(event) ? remedy_exception_of(event)
                                : remedy                 ? remedy->exception
                                                         : NULL);
    facts->is_late = deciding->is_late;
    facts->is_promised = remedy_is_promised(remedy, event->employee_id);
    if (event->body_case == WIRE_EVENT__BODY_REMEDY_GRANTED) {
        facts->ungranted = remedy_ungranted(remedy, event->remedy_granted->amount, at);
        facts->is_ungranted = remedy_lacks_yes(remedy, event->remedy_granted->amount, at);
    }
    facts->is_granted = deciding->telling.is_granted && !facts->is_repeated;
    if (!authority_request_of(deciding, &request))
        return true;
    WireProofLevel proof;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, event->employee_id);
    facts->amount = request.minor;
    facts->currency = (char *)request.currency;
    struct loan_use use;
    bool is_own = authority_covers(deciding, deciding->policy, level, &request, event->employee_id, &proof);
    if (!is_own && loan_covers(deciding, deciding->policy, &request, event->employee_id, 0, NULL, NULL, &use))
        facts->lent_by = deciding_keep(deciding, use.lender);
    facts->is_covered = is_own || facts->lent_by ||
                        (event->body_case == WIRE_EVENT__BODY_REMEDY_REFUSED &&
                         remedy_is_allowed(remedy, event->employee_id));
    fill_limits(deciding, &deciding->policy->ladder.levels[level], &request, facts);
    return true;
}

/* Worth no more than the owner's role may give at once. */
static bool is_covered(const struct deciding *deciding, const WirePromise *body)
{
    const struct policy *policy = deciding->policy;
    unsigned level = deciding_level_of(deciding, policy, deciding->store_id, body->owner);
    const struct level *of_level = &policy->ladder.levels[level];
    if (!body->worth)
        return true;
    const struct limits *limits = ladder_limits(policy, of_level, body->worth->currency);
    return limits ? body->worth->minor <= limits->remedy : of_level->remedy == UNLIMITED;
}

static bool fill_promise(struct deciding *deciding, WirePromiseFacts *facts)
{
    const WirePromise *body = deciding->promise_after;
    if (!body)
        return false;
    *facts = (WirePromiseFacts)WIRE_PROMISE_FACTS__INIT;
    facts->promise_id = body->promise_id;
    facts->state = (char *)promise_state_word(deciding->promise_state);
    facts->is_repeated = !deciding->promise_changes;
    facts->owner = body->owner;
    facts->customer_id = body->customer_id;
    facts->made_at = body->made_at;
    facts->due_at = body->due_at;
    if (body->worth) {
        WIRE_SET(facts, worth, body->worth->minor);
        facts->currency = body->worth->currency;
    }
    facts->product_id = body->product_id;
    const struct shelf *shelf = stock_find(deciding->fold, deciding->store_id, body->product_id);
    const WireEvent *event = deciding->occurrence.event;
    if (event->body_case == WIRE_EVENT__BODY_STOCK_EXPECTED)
        WIRE_SET(facts, stock_at, event->stock_expected->expected_at);
    else if (shelf && shelf->expected_at)
        WIRE_SET(facts, stock_at, shelf->expected_at);
    facts->is_stock_put_off = deciding->is_stock_put_off;
    facts->is_keeper_gone = deciding->is_keeper_gone;
    facts->is_due_today = calendar_day(deciding->policy, deciding->store_id, body->due_at) ==
                          calendar_day(deciding->policy, deciding->store_id, deciding->occurrence.at);
    facts->owed_by_role = body->owed_by_role;
    facts->is_covered = is_covered(deciding, body);
    facts->same_window =
        (int32_t)promises_around(deciding->fold, deciding->store_id, body->owner, body->due_at,
                                 deciding->policy->same_window_us, deciding->promise, deciding->is_drill);
    return true;
}

/* What is asked for came before that was told, or what was waited for comes now. */
static bool has_arrived(const struct deciding *deciding, const struct shelf *shelf)
{
    const struct purchase *purchase =
        purchase_of_customer(deciding->fold, deciding->customer_id, deciding->product_id, deciding->is_drill);
    switch ((int)deciding->occurrence.event->body_case) {
    case WIRE_EVENT__BODY_STOCK_ARRIVED:
        return true;
    case WIRE_EVENT__BODY_PRODUCT_WANTED:
        return !deciding->is_drill && stock_has_arrived(shelf, deciding->occurrence.at) &&
               !(purchase && purchase->at > deciding->occurrence.at);
    }
    return false;
}

static bool fill_product(struct deciding *deciding, WireProductFacts *facts)
{
    const char *product_id = deciding->product_id;
    if (!product_id)
        return false;
    struct product_terms terms = product_terms_of(deciding->fold, deciding->policy, product_id);
    const struct shelf *shelf = stock_find(deciding->fold, deciding->store_id, product_id);
    *facts = (WireProductFacts)WIRE_PRODUCT_FACTS__INIT;
    facts->product_id = (char *)product_id;
    facts->check_in = terms.check_in > 0;
    facts->department = (char *)terms.department;
    if (terms.service_interval_us >= 0)
        WIRE_SET(facts, service_interval_ms, terms.service_interval_us / 1000);
    if (terms.check_in_after_us >= 0)
        WIRE_SET(facts, check_in_after_ms, terms.check_in_after_us / 1000);
    if (shelf && shelf->expected_at)
        WIRE_SET(facts, expected_at, shelf->expected_at);
    facts->has_arrived = has_arrived(deciding, shelf);
    if (deciding->occurrence.event->body_case != WIRE_EVENT__BODY_RETURN_MADE)
        return true;
    const struct purchase *purchase =
        purchase_returned(deciding->fold, deciding->occurrence.event->return_made, deciding->store_id,
                          deciding->interaction_id, deciding->customer_id, deciding->is_drill);
    facts->sold_without_need = purchase && purchase->is_without_need;
    facts->sold_by = (char *)(purchase ? purchase->sold_by : NULL);
    return true;
}

static bool fill_appointment(struct deciding *deciding, WireAppointmentFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct appointment *appointment = deciding->appointment;
    *facts = (WireAppointmentFacts)WIRE_APPOINTMENT_FACTS__INIT;
    if (event->body_case == WIRE_EVENT__BODY_APPOINTMENT_BOOKED) {
        const WireAppointmentBooked *booked = event->appointment_booked;
        facts->appointment_id = booked->appointment_id;
        facts->starts_at = booked->at;
        facts->prepare_by_at = appointment_prepare_by(booked);
        facts->has_prepare_by_at = facts->prepare_by_at != 0;
        const struct relation relation = deciding_relation(deciding);
        const char *given_since = relation_given_since(&relation, deciding->occurrence.at);
        facts->owner = given_since          ? deciding_keep(deciding, given_since)
                       : event->employee_id ? event->employee_id
                                            : deciding_owner(deciding);
        facts->customer_id = (char *)deciding->customer_id;
        return true;
    }
    if (!appointment)
        return false;
    facts->appointment_id = (char *)key_second(appointment->key);
    facts->starts_at = appointment->starts_at;
    facts->prepare_by_at = appointment->prepare_by_at;
    facts->has_prepare_by_at = true;
    facts->owner = (char *)appointment->owner;
    facts->customer_id = (char *)appointment->customer;
    return true;
}

static const char *department_of(const struct deciding *deciding)
{
    const char *product_id = deciding->occurrence.event->question_unanswered->product_id;
    struct product_terms terms =
        product_terms_of(deciding->fold, deciding->policy, product_id ? product_id : "");
    return terms.department ? terms.department : deciding->after.department;
}

/* Whoever knows the topic comes before those who only know the department, then the lower role before the higher,
 * then whoever has been there longer. */
static const struct employee *answerer_of(const struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    const struct employee *best = NULL;
    unsigned best_rank = 2 * POLICY_LEVELS;
    const char *department = department_of(deciding);
    if (!store)
        return NULL;
    LIST_EACH(node, &store->staff) {
        const struct employee *employee = CONTAINER_OF(node, struct employee, in_store);
        const char *id = staff_id(employee);
        bool knows_topic = staff_knows(employee, KNOWS_TOPIC, event->question_unanswered->topic);
        if ((event->employee_id && text_equal(id, event->employee_id)) ||
            (!knows_topic && !staff_knows(employee, KNOWS_DEPARTMENT, department)))
            continue;
        unsigned rank = deciding_level_of(deciding, deciding->policy, deciding->store_id, id) +
                        (knows_topic ? 0 : POLICY_LEVELS);
        if (rank < best_rank) {
            best = employee;
            best_rank = rank;
        }
    }
    return best;
}

static bool fill_question(struct deciding *deciding, WireQuestionFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct ladder *ladder = &deciding->policy->ladder;
    if (event->body_case != WIRE_EVENT__BODY_QUESTION_UNANSWERED)
        return false;
    const struct employee *answerer = answerer_of(deciding);
    const char *answerer_id = answerer ? staff_id(answerer) : NULL;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id,
                                       answerer ? answerer_id : event->employee_id);
    level += !answerer && level + 1 < ladder->count;
    *facts = (WireQuestionFacts)WIRE_QUESTION_FACTS__INIT;
    facts->topic = event->question_unanswered->topic;
    facts->answerer = (char *)answerer_id;
    facts->role = (char *)ladder->levels[level].role;
    facts_fill(deciding, 1U << FACT_RECURRENCE);
    facts->asked_at = deciding->out->workspace->facts.recurrence.came_at;
    facts->n_asked_at = deciding->out->workspace->facts.recurrence.n_came_at;
    facts->this_at = deciding->occurrence.at;
    return true;
}

/* The times that belong to no group yet, this one among them, oldest first; none when this one belongs to one. */
static size_t fill_times(const struct deciding *deciding, const struct recurrence_name *name,
                         int64_t into[static RECURRENCE_TIMES])
{
    const struct recurrence *recurrence = recurrence_find(deciding->fold, name);
    size_t count = 0, known = recurrence ? recurrence->count : 0;
    int64_t at = deciding->occurrence.at;
    if (recurrence_is_counted(recurrence, name, &deciding->occurrence))
        return 0;
    while (count < known && recurrence->occasions[count].at <= at) {
        into[count] = recurrence->occasions[count].at;
        count++;
    }
    into[count++] = at;
    for (; count <= known; count++)
        into[count] = recurrence->occasions[count - 1].at;
    return count;
}

static bool fill_recurrence(struct deciding *deciding, WireRecurrenceFacts *facts)
{
    struct facts *workspace = &deciding->out->workspace->facts;
    if (!recurrence_in_store(deciding->occurrence.event, &workspace->in_store))
        return false;
    *facts = (WireRecurrenceFacts)WIRE_RECURRENCE_FACTS__INIT;
    facts->subject = (char *)workspace->in_store.subject;
    facts->this_at = deciding->occurrence.at;
    facts->came_at = workspace->recurred_at;
    facts->n_came_at = fill_times(deciding, &workspace->in_store, workspace->recurred_at);
    return true;
}

static bool fill_pattern(struct deciding *deciding, WirePatternFacts *facts)
{
    struct facts *workspace = &deciding->out->workspace->facts;
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    if (!recurrence_of_employee(deciding->occurrence.event, before, &deciding->after,
                                &workspace->of_employee))
        return false;
    *facts = (WirePatternFacts)WIRE_PATTERN_FACTS__INIT;
    facts->employee_id = (char *)workspace->of_employee.employee_id;
    facts->reason = (char *)workspace->of_employee.subject;
    facts->this_at = deciding->occurrence.at;
    facts->failed_at = workspace->failed_at;
    facts->n_failed_at = fill_times(deciding, &workspace->of_employee, workspace->failed_at);
    return true;
}

static bool fill_digest(struct deciding *deciding, WireDigestFacts *facts)
{
    const struct good_news *news = deciding->good_news;
    if (!news)
        return false;
    *facts = (WireDigestFacts)WIRE_DIGEST_FACTS__INIT;
    facts->day = (char *)good_news_day(news);
    facts->compliments = (int32_t)news->counts[NEWS_COMPLIMENT];
    facts->kept_promises = (int32_t)news->counts[NEWS_KEPT_PROMISE];
    facts->returning_customers = (int32_t)news->counts[NEWS_RETURNING_CUSTOMER];
    facts->sales_gains = (int32_t)news->counts[NEWS_SALES_GAIN];
    for (size_t i = 0; i < POLICY_CURRENCIES; i++)
        if (text_equal(news->currencies[i], deciding->policy->currency))
            facts->gained = news->gained[i];
    return true;
}

static bool fill_loan(struct deciding *deciding, WireLoanFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireLoan *loan = deciding->loan;
    bool is_lent = event->body_case == WIRE_EVENT__BODY_AUTHORITY_LENT;
    if (!is_lent && event->body_case != WIRE_EVENT__BODY_AUTHORITY_RECLAIMED)
        return false;
    *facts = (WireLoanFacts)WIRE_LOAN_FACTS__INIT;
    facts->lender = event->employee_id;
    facts->borrower =
        is_lent ? event->authority_lent->to_employee_id : event->authority_reclaimed->to_employee_id;
    facts->role = loan && loan->role ? loan->role : (char *)"";
    facts->until_at = is_lent ? event->authority_lent->until_at : deciding->occurrence.at;
    facts->is_new = loan && loan->role;
    return true;
}

/* Whom the customer means: the one they name, else who knew them before they asked. */
static const char *asked_for(const struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *owner = deciding->customer ? deciding->customer->known.owner : NULL;
    if (event->employee_asked_for->for_employee_id)
        return event->employee_asked_for->for_employee_id;
    return owner || !deciding->interaction ? owner : deciding->interaction->known.owner;
}

static bool fill_asked(struct deciding *deciding, WireAskedFacts *facts)
{
    if (deciding->occurrence.event->body_case != WIRE_EVENT__BODY_EMPLOYEE_ASKED_FOR)
        return false;
    const char *employee_id = asked_for(deciding);
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, employee_id);
    bool is_on = employee_id && deciding_is_on_duty(deciding, deciding->store_id, employee_id);
    *facts = (WireAskedFacts)WIRE_ASKED_FACTS__INIT;
    facts->employee = (char *)employee_id;
    facts->is_there = is_on && (deciding->is_drill || employee->duty_at <= deciding->occurrence.at);
    if (employee && !is_on && employee->back_at > deciding->occurrence.at)
        WIRE_SET(facts, back_at, employee->back_at);
    facts->is_owed = employee_id && owed_has(deciding, WIRE_FOLLOW_UP_KIND__ASKED_FOR, employee_id);
    facts->is_late = deciding->is_late;
    return true;
}

static bool fill_proposal(struct deciding *deciding, WireProposalFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const WirePromise *body = deciding->promise_after;
    bool is_made = event->body_case == WIRE_EVENT__BODY_CHANGE_PROPOSED;
    if (!is_made && (event->body_case != WIRE_EVENT__BODY_CHANGE_ANSWERED || !body))
        return false;
    *facts = (WireProposalFacts)WIRE_PROPOSAL_FACTS__INIT;
    facts->proposal_id = is_made ? event->change_proposed->proposal_id : event->change_answered->proposal_id;
    facts->about = is_made ? event->change_proposed->about : body->about;
    facts->proposed_by = is_made ? event->employee_id : body->to_employee_id;
    facts->keeper = (char *)(body ? body->owed_by_role : policy_keeper(deciding->policy));
    facts->is_known = body != NULL;
    facts->is_repeated = body && !deciding->promise_changes;
    facts->cases = (int32_t)(is_made ? event->change_proposed->n_escalation_ids : body->n_escalation_ids);
    if (body)
        WIRE_SET(facts, due_at, body->due_at);
    facts->answer = body ? body->answer : NULL;
    facts->answered_by = body ? body->answered_by : NULL;
    return true;
}

/* Of a hundred contacts. */
static int32_t share(uint32_t count, const struct desk_week *desk)
{
    return desk->contacts ? (int32_t)((count * INT64_C(100) + desk->contacts / 2) / desk->contacts) : 0;
}

static int64_t waited_ms(const struct desk_week *desk)
{
    return desk->contacts ? desk->waited_us / 1000 / desk->contacts : 0;
}

static int64_t apart(int64_t one, int64_t other)
{
    return one > other ? one - other : other - one;
}

static bool fill_week(struct deciding *deciding, WireWeekFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    if (event->body_case != WIRE_EVENT__BODY_DEADLINE_PASSED || !care_is_due(store, event->deadline_passed))
        return false;
    const struct desk_week *sales = &store->care.desks[DESK_SALES],
                           *service = &store->care.desks[DESK_SERVICE];
    *facts = (WireWeekFacts)WIRE_WEEK_FACTS__INIT;
    facts->day = event->deadline_passed->subject;
    facts->sales_contacts = (int32_t)sales->contacts;
    facts->service_contacts = (int32_t)service->contacts;
    facts->sales_waited_ms = waited_ms(sales);
    facts->service_waited_ms = waited_ms(service);
    facts->waited_apart_ms = apart(facts->sales_waited_ms, facts->service_waited_ms);
    facts->sales_angry = share(sales->angry, sales);
    facts->service_angry = share(service->angry, service);
    facts->angry_apart = (int32_t)apart(facts->sales_angry, facts->service_angry);
    facts->sales_complaints = share(sales->complaints, sales);
    facts->service_complaints = share(service->complaints, service);
    facts->complaints_apart = (int32_t)apart(facts->sales_complaints, facts->service_complaints);
    facts->sales_bad = share(sales->bad, sales);
    facts->service_bad = share(service->bad, service);
    facts->bad_apart = (int32_t)apart(facts->sales_bad, facts->service_bad);
    return true;
}

void matter_fill(struct deciding *deciding, unsigned missing)
{
    struct facts *into = &deciding->out->workspace->facts;
    FACT_FILL(PRODUCT, product);
    FACT_FILL(APPOINTMENT, appointment);
    FACT_FILL(PROMISE, promise);
    FACT_FILL(RECURRENCE, recurrence);
    FACT_FILL(PATTERN, pattern);
    FACT_FILL(QUESTION, question);
    FACT_FILL(PROPOSAL, proposal);
    FACT_FILL(DIGEST, digest);
    if (missing & 1U << FACT_POLICY)
        into->bindings[FACT_POLICY] =
            cel_message(policy_begin_fill(deciding, &into->policy) ? &into->policy.base : NULL);
    FACT_FILL(WEEK, week);
    FACT_FILL(REMEDY, remedy);
    FACT_FILL(LOAN, loan);
    FACT_FILL(ASKED, asked);
}
