/* facts: what rules may ask, from the state and the event that has just happened. */
#include "common/policy/state/attention.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/deciding.h"
#include "common/policy/state/topic.h"
#include "common/policy/rules/scope.h"

#include "common/base/clock.h"
#include "common/base/text.h"

#define SET(message, field, value) ((message)->has_##field = true, (message)->field = (value))

static void fill_interaction(struct deciding *deciding, WireInteractionFacts *facts)
{
    const struct interaction_known *known = &deciding->after;
    *facts = (WireInteractionFacts)WIRE_INTERACTION_FACTS__INIT;
    facts->interaction_id = (char *)deciding->interaction_id;
    facts->is_open = known->is_open;
    if (known->channel)
        SET(facts, channel, known->channel);
    if (known->purpose)
        SET(facts, purpose, known->purpose);
    facts->department = (char *)known->department;
    facts->first_purchase = known->first_purchase;
    if (known->opened_at)
        SET(facts, opened_at, known->opened_at);
    if (known->closed_at) {
        SET(facts, closed_at, known->closed_at);
        SET(facts, outcome, known->outcome);
    }
    if (known->rating)
        SET(facts, rating, known->rating);
    if (known->mood)
        SET(facts, mood, known->mood);
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    facts->is_mood_new = deciding->occurrence.event->body_case == WIRE_EVENT__BODY_MOOD_OBSERVED &&
                         (!before || before->mood != known->mood);
    facts->served_before = (char *)(before ? before->served_by : NULL);
    facts->is_hurried = known->mood == WIRE_MOOD__HURRIED;
    facts->owner = (char *)known->owner;
    facts->served_by = (char *)known->served_by;
    facts->needs = known->needs;
    facts->offers = known->offers;
    facts->sales = known->sales;
    facts->hand_overs = known->hand_overs;
    facts->complaints = known->complaints;
    facts->incidents = known->incidents;
    facts->promises = known->promises;
    facts->remedies = known->remedies;
    facts->menus = known->menus;
    facts->announcements = known->announcements;
    facts->has_waited = known->has_waited;
    facts->held_ms = known->held_us / 1000;
    facts->queued_ms = known->queued_us / 1000;
    facts->returns = known->returns;
    facts->was_angry = known->was_angry;
    facts->is_leaving = known->is_leaving;
    facts->is_public = known->is_public;
    attention_fill(deciding, facts);
}

static void fill_customer(struct deciding *deciding, WireCustomerFacts *facts)
{
    const struct customer_known *known = &deciding->customer_after;
    *facts = (WireCustomerFacts)WIRE_CUSTOMER_FACTS__INIT;
    facts->customer_id = (char *)deciding->customer_id;
    facts->owner = (char *)known->owner;
    facts->visits = (int32_t)known->visits;
    facts->shop_visits = (int32_t)known->shop_visits;
    if (known->first_seen_at)
        SET(facts, first_seen_at, known->first_seen_at);
    if (known->last_seen_at)
        SET(facts, last_seen_at, known->last_seen_at);
    if (known->last_outcome)
        SET(facts, last_outcome, known->last_outcome);
    if (known->last_rating)
        SET(facts, last_rating, known->last_rating);
    facts->last_served_by = (char *)known->last_served_by;
    if (known->last_bought_at)
        SET(facts, last_bought_at, known->last_bought_at);
    facts->complaints = known->complaints;
    facts->longest_hold_ms = known->longest_hold_us / 1000;
    facts->most_menus = known->most_menus;
    facts->open_complaints = known->open_complaints;
    if (known->promise_broken_at > known->well_at)
        facts->broken_promises = known->broken_promises;
    int64_t last_service = last_service_at(deciding);
    if (last_service)
        SET(facts, last_service_at, last_service);
    if (deciding->customer)
        LIST_EACH(node, &deciding->customer->follow_ups) {
            int kind = CONTAINER_OF(node, struct follow_up, in_customer)->kind;
            facts->call_backs += kind == WIRE_FOLLOW_UP_KIND__CALL_BACK;
            facts->recoveries += kind == WIRE_FOLLOW_UP_KIND__RECOVERY;
        }
}

static void fill_employee(struct deciding *deciding, WireEmployeeFacts *facts)
{
    const char *employee_id = deciding->occurrence.event->employee_id;
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, employee_id);
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, employee_id);
    *facts = (WireEmployeeFacts)WIRE_EMPLOYEE_FACTS__INIT;
    facts->employee_id = (char *)employee_id;
    facts->role = (char *)deciding->policy->ladder.levels[level].role;
    facts->on_duty = employee && employee->is_on_duty;
}

/* What time it is there. */
static void fill_clock(const struct deciding *deciding, const struct place *place, WireStoreFacts *facts)
{
    struct facts *workspace = &deciding->out->workspace->facts;
    int64_t at =
        deciding->countdown ? deciding->occurrence.event->deadline_passed->due_at : deciding->occurrence.at;
    struct civil civil = civil_from_utc_us(place_local(place, at));
    facts->is_open = place_is_open(place, at);
    facts->has_closes_at = place_closes_at(place, at, &facts->closes_at);
    facts->has_opens_at = place_opens_at(place, at, &facts->opens_at);
    facts->hour = civil.hour;
    facts->minute = civil.minute;
    facts->weekday = civil.weekday ? civil.weekday : 7;
    text_format(workspace->store_date, sizeof workspace->store_date, "%04d-%02d-%02d", civil.year,
                civil.month, civil.day);
    text_format(workspace->store_time, sizeof workspace->store_time, "%02d:%02d", civil.hour, civil.minute);
    facts->date = workspace->store_date;
    facts->time = workspace->store_time;
}

static void fill_store(struct deciding *deciding, WireStoreFacts *facts)
{
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    const struct store_scope *scope = scopes_of(deciding->policy->scopes, deciding->store_id);
    struct place place = policy_place(deciding->policy, deciding->store_id);
    *facts = (WireStoreFacts)WIRE_STORE_FACTS__INIT;
    facts->store_id = (char *)(deciding->store_id ? deciding->store_id : "");
    facts->on_duty = store ? (int32_t)store->on_duty : 0;
    facts->zone = (char *)scope->zone_name;
    facts->region = (char *)scope->region;
    facts->n_tags = scope->tag_count;
    facts->tags = (char **)scope->tags;
    fill_clock(deciding, &place, facts);
}

/* False: the customer does not wait. */
static bool fill_wait(struct deciding *deciding, WireWaitFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    *facts = (WireWaitFacts)WIRE_WAIT_FACTS__INIT;
    if (before && deciding->is_missed) {
        facts->kind = before->wait_kind;
        facts->lasted_ms = (deciding->occurrence.at - before->wait_started_at) / 1000;
        facts->menus = facts->kind == WIRE_WAIT_KIND__MENU;
        return true;
    }
    if (event->body_case == WIRE_EVENT__BODY_WAIT_REPORTED) {
        const WireWaitReported *wait = event->wait_reported;
        facts->kind = wait->kind;
        facts->lasted_ms = wait->duration_ms;
        facts->menus = wait->has_menus ? wait->menus : wait->kind == WIRE_WAIT_KIND__MENU;
        facts->announcements = wait->interruptions;
        return true;
    }
    if (event->body_case == WIRE_EVENT__BODY_WAIT_ENDED) {
        facts->kind = event->wait_ended->kind;
        facts->announcements = event->wait_ended->interruptions;
        if (before && before->wait_kind == (int)event->wait_ended->kind &&
            deciding->occurrence.at > before->wait_started_at)
            facts->lasted_ms = (deciding->occurrence.at - before->wait_started_at) / 1000;
        return true;
    }
    if (!deciding->after.wait_kind)
        return false;
    int64_t until = deciding->countdown ? event->deadline_passed->due_at : deciding->occurrence.at;
    facts->kind = deciding->after.wait_kind;
    facts->is_running = true;
    facts->lasted_ms =
        until > deciding->after.wait_started_at ? (until - deciding->after.wait_started_at) / 1000 : 0;
    facts->menus = facts->kind == WIRE_WAIT_KIND__MENU;
    return true;
}

/* Which of the limits it is that the request is beyond. Of another currency nothing is known. */
static void fill_limits(const struct deciding *deciding, const struct level *level,
                        const struct authority_request *request, WireRemedyFacts *facts)
{
    const struct charges *charges = &deciding->fold->charges;
    const char *employee_id = deciding->occurrence.event->employee_id;
    const struct limits *limits = level_limits(deciding->policy, level, request->currency);
    if (!limits)
        return;
    facts->has_figures = true;
    struct charge_account account = {
        .store_id = request->store_id, .id = employee_id, .currency = request->currency, .day = request->day};
    int64_t used = charge_used(charges, CHARGE_EMPLOYEE, &account);
    facts->is_large = limits->remedy != UNLIMITED && request->minor > limits->remedy;
    facts->is_within_day = limits->employee_day == UNLIMITED || request->minor <= limits->employee_day - used;
    account.id = request->customer_id;
    facts->given_today = charge_used(charges, CHARGE_CUSTOMER, &account);
}

static bool fill_remedy(struct deciding *deciding, WireRemedyFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *remedy_id = remedy_id_of(event);
    struct authority_request request;
    if (!remedy_id)
        return false;
    const struct remedy *remedy = state_remedy(deciding->fold, deciding->store_id, remedy_id);
    *facts = (WireRemedyFacts)WIRE_REMEDY_FACTS__INIT;
    facts->remedy_id = (char *)remedy_id;
    facts->currency = (char *)deciding->policy->currency;
    if (event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED)
        SET(facts, kind, event->remedy_requested->kind);
    else if (remedy && remedy->kind)
        SET(facts, kind, (WireRemedyKind)remedy->kind);
    facts->is_repeated = event->body_case == WIRE_EVENT__BODY_REMEDY_REFUSED
                             ? remedy_is_over(deciding, remedy)
                             : remedy_is_answered(deciding, remedy);
    facts->is_granted = deciding->telling.granted != NULL && !facts->is_repeated;
    if (!remedy_request_of(deciding, &request))
        return true;
    WireProofLevel proof;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, event->employee_id);
    facts->amount = request.minor;
    facts->currency = (char *)request.currency;
    facts->is_covered =
        authority_covers(deciding, deciding->policy, level, &request, event->employee_id, &proof) ||
        remedy_is_allowed(deciding, remedy);
    fill_limits(deciding, &deciding->policy->ladder.levels[level], &request, facts);
    return true;
}

void facts_fill(struct deciding *deciding, unsigned facts)
{
    struct facts *into = &deciding->out->workspace->facts;
    unsigned missing = facts & ~into->filled;
    if (!missing)
        return;
    into->filled |= missing;
    if (missing & 1U << FACT_EVENT)
        into->bindings[FACT_EVENT] = cel_message(&deciding->occurrence.event->base);
    if (missing & 1U << FACT_INTERACTION) {
        fill_interaction(deciding, &into->interaction);
        into->bindings[FACT_INTERACTION] = cel_message(&into->interaction.base);
    }
    if (missing & 1U << FACT_CUSTOMER) {
        fill_customer(deciding, &into->customer);
        into->bindings[FACT_CUSTOMER] = cel_message(&into->customer.base);
    }
    if (missing & 1U << FACT_EMPLOYEE) {
        fill_employee(deciding, &into->employee);
        into->bindings[FACT_EMPLOYEE] = cel_message(&into->employee.base);
    }
    if (missing & 1U << FACT_STORE) {
        fill_store(deciding, &into->store);
        into->bindings[FACT_STORE] = cel_message(&into->store.base);
    }
    if (missing & 1U << FACT_WAIT)
        into->bindings[FACT_WAIT] = cel_message(fill_wait(deciding, &into->wait) ? &into->wait.base : NULL);
    if (missing & 1U << FACT_PRODUCT)
        into->bindings[FACT_PRODUCT] =
            cel_message(product_fill(deciding, &into->product) ? &into->product.base : NULL);
    if (missing & 1U << FACT_APPOINTMENT)
        into->bindings[FACT_APPOINTMENT] =
            cel_message(appointment_fill(deciding, &into->appointment) ? &into->appointment.base : NULL);
    if (missing & 1U << FACT_PROMISE)
        into->bindings[FACT_PROMISE] =
            cel_message(promise_fill(deciding, &into->promise) ? &into->promise.base : NULL);
    if (missing & 1U << FACT_QUESTION)
        into->bindings[FACT_QUESTION] =
            cel_message(question_fill(deciding, &into->question) ? &into->question.base : NULL);
    if (missing & 1U << FACT_DIGEST)
        into->bindings[FACT_DIGEST] =
            cel_message(digest_fill(deciding, &into->digest) ? &into->digest.base : NULL);
    if (missing & 1U << FACT_REMEDY)
        into->bindings[FACT_REMEDY] =
            cel_message(fill_remedy(deciding, &into->remedy) ? &into->remedy.base : NULL);
}
