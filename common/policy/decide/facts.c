/* facts: what rules may ask, from the state and the event that has just happened. */
#include "common/policy/decide/facts.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/policy/decide/deciding.h"
#include "common/policy/decide/matter.h"
#include "common/policy/rules/scope.h"
#include "common/policy/state/attention.h"
#include "common/wire/set.h"

/* What the employee now serving has to do, with the event; deciding->server, if given, instead. */
static void fill_attention(const struct deciding *deciding, WireInteractionFacts *facts)
{
    struct attention now = attention_of(&deciding->after);
    const char *employee_id = deciding->server ? deciding->server : now.employee_id;
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, employee_id);
    const struct interaction *interaction = deciding->interaction;
    bool is_drill = deciding->is_drill, is_before = interaction && interaction->server == employee;
    if (!employee_id)
        return;
    bool is_contact = occurrence_is_contact(&deciding->occurrence);
    if (employee) {
        struct attention_load load = attention_load(employee, is_contact ? interaction : NULL, is_drill,
                                                    deciding->occurrence.recorded_at);
        facts->server_contacts = load.contacts;
        facts->server_unsure = load.unsure;
    }
    if (is_contact && now.employee_id && text_equal(now.employee_id, employee_id) &&
        !(employee && staff_is_off(employee))) {
        facts->server_contacts++;
        facts->server_unsure += now.is_unsure;
    }
    facts->is_taken =
        now.employee_id && !(employee && is_before && interaction->is_server_unsure >= now.is_unsure);
}

static const char *server_role(const struct deciding *deciding)
{
    const char *server =
        deciding->after.served_by ? deciding->after.served_by : deciding->occurrence.event->employee_id;
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, server);
    return deciding->policy->ladder.levels[level].role;
}

static bool fill_interaction(struct deciding *deciding, WireInteractionFacts *facts)
{
    const struct interaction_known *known = &deciding->after;
    *facts = (WireInteractionFacts)WIRE_INTERACTION_FACTS__INIT;
    facts->interaction_id = (char *)deciding->interaction_id;
    facts->is_open = known->is_open;
    if (known->channel)
        WIRE_SET(facts, channel, known->channel);
    if (known->purpose)
        WIRE_SET(facts, purpose, known->purpose);
    facts->department = (char *)known->department;
    facts->first_purchase = known->first_purchase;
    if (known->opened_at)
        WIRE_SET(facts, opened_at, known->opened_at);
    if (known->closed_at) {
        WIRE_SET(facts, closed_at, known->closed_at);
        WIRE_SET(facts, outcome, known->outcome);
    }
    if (known->rating)
        WIRE_SET(facts, rating, known->rating);
    if (known->mood)
        WIRE_SET(facts, mood, known->mood);
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    facts->is_mood_new = deciding->occurrence.event->body_case == WIRE_EVENT__BODY_MOOD_OBSERVED &&
                         (!before || before->mood != known->mood);
    facts->served_before = (char *)(before ? before->served_by : NULL);
    facts->is_hurried = known->mood == WIRE_MOOD__HURRIED;
    const struct relation relation = deciding_relation(deciding);
    facts->owner = (char *)relation_owner(&relation);
    facts->served_by = (char *)known->served_by;
    facts->server_role = (char *)server_role(deciding);
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
    facts->is_wait_new = known->has_waited && !(before && before->has_waited);
    facts->held_ms = known->held_us / 1000;
    facts->queued_ms = known->queued_us / 1000;
    facts->returns = known->returns;
    facts->was_angry = known->was_angry;
    facts->is_leaving = known->is_leaving;
    facts->is_public = known->is_public;
    facts->is_first = known->is_first && known->opened_at;
    fill_attention(deciding, facts);
    return true;
}

/* When the product was last sold to the customer, 0: never. */
static int64_t last_service_at(const struct deciding *deciding)
{
    const struct purchase *purchase = deciding->product_id
                                          ? purchase_of_customer(deciding->fold, deciding->customer_id,
                                                                 deciding->product_id, deciding->is_drill)
                                          : NULL;
    return purchase && purchase->at <= deciding->occurrence.at ? purchase->at : 0;
}

/* The last one that had closed when this one began, and is another. */
static void fill_last_contact(const struct deciding *deciding, const struct customer_known *known,
                              WireCustomerFacts *facts)
{
    int64_t at = deciding->after.opened_at ? deciding->after.opened_at : deciding->occurrence.at;
    const struct customer_close *last = customer_last_close(known, deciding->after.first_seq, at);
    if (!last)
        return;
    if (last->outcome)
        WIRE_SET(facts, last_outcome, last->outcome);
    if (last->rating)
        WIRE_SET(facts, last_rating, last->rating);
    facts->last_served_by = (char *)last->served_by;
}

static void fill_risk(const struct deciding *deciding, WireCustomerFacts *facts)
{
    static const struct customer_known nothing;
    const struct customer_known *known = !deciding->is_customer_new ? &deciding->customer_after
                                         : deciding->customer       ? &deciding->customer->known
                                                                    : &nothing;
    facts->longest_hold_ms = known->longest_hold_us / 1000;
    facts->most_menus = known->most_menus;
    facts->open_complaints = known->open_complaints;
    if (known->promise_broken_at > known->well_at)
        facts->broken_promises = known->broken_promises;
}

/* A recovery that a rule has opened with this event, or a promise that is broken with it. */
static bool is_failed(const struct deciding *deciding)
{
    const WirePromise *promise = deciding->promise_after;
    for (size_t i = 0; deciding->customer_id && i < deciding->out->count; i++) {
        const WireDecision *decision = deciding->out->items[i];
        if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED &&
            decision->follow_up->kind == WIRE_FOLLOW_UP_KIND__RECOVERY)
            return true;
    }
    return promise && deciding->promise_is_recorded && deciding->promise_state == PROMISE_BROKEN &&
           promise->customer_id && deciding->customer_id &&
           text_equal(promise->customer_id, deciding->customer_id);
}

/* When it failed them: a promise when it was due. */
static int64_t failed_at(const struct deciding *deciding)
{
    bool is_promise = deciding->promise_after && deciding->promise_state == PROMISE_BROKEN;
    return is_promise ? deciding->promise_after->ended_at : deciding->occurrence.at;
}

static bool fill_customer(struct deciding *deciding, WireCustomerFacts *facts)
{
    const struct customer_known *known = &deciding->customer_after;
    *facts = (WireCustomerFacts)WIRE_CUSTOMER_FACTS__INIT;
    facts->customer_id = (char *)deciding->customer_id;
    facts->owner = (char *)known->owner;
    facts->visits = (int32_t)known->visits;
    facts->shop_visits = (int32_t)known->shop_visits;
    if (known->first_seen_at)
        WIRE_SET(facts, first_seen_at, known->first_seen_at);
    if (known->last_seen_at)
        WIRE_SET(facts, last_seen_at, known->last_seen_at);
    fill_last_contact(deciding, known, facts);
    facts->is_owner_here = known->owner && deciding_is_on_duty(deciding, deciding->store_id, known->owner);
    if (known->last_bought_at)
        WIRE_SET(facts, last_bought_at, known->last_bought_at);
    facts->complaints = known->complaints;
    fill_risk(deciding, facts);
    facts->is_failed = is_failed(deciding);
    int64_t from_failure_us =
        deciding->customer ? customer_from_failure_us(&deciding->customer->known, failed_at(deciding)) : -1;
    if (from_failure_us >= 0)
        WIRE_SET(facts, from_failure_ms, from_failure_us / 1000);
    int64_t last_service = last_service_at(deciding);
    if (last_service)
        WIRE_SET(facts, last_service_at, last_service);
    if (deciding->customer)
        LIST_EACH(node, &deciding->customer->follow_ups) {
            const struct follow_up *owed = CONTAINER_OF(node, struct follow_up, in_customer);
            bool is_ours = owed->is_drill == deciding->is_drill;
            facts->call_backs += is_ours && owed->kind == WIRE_FOLLOW_UP_KIND__CALL_BACK;
            facts->recoveries += is_ours && owed->kind == WIRE_FOLLOW_UP_KIND__RECOVERY;
        }
    return true;
}

static bool fill_employee(struct deciding *deciding, WireEmployeeFacts *facts)
{
    const char *employee_id = deciding->occurrence.event->employee_id;
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, employee_id);
    unsigned level = deciding_level_of(deciding, deciding->policy, deciding->store_id, employee_id);
    *facts = (WireEmployeeFacts)WIRE_EMPLOYEE_FACTS__INIT;
    facts->employee_id = (char *)employee_id;
    facts->role = (char *)deciding->policy->ladder.levels[level].role;
    facts->on_duty = employee && employee->is_on_duty;
    return true;
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

static bool fill_store(struct deciding *deciding, WireStoreFacts *facts)
{
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    const struct store_scope *scope = scopes_of(deciding->policy->scopes, deciding->store_id);
    struct place place = calendar_place(deciding->policy, deciding->store_id);
    *facts = (WireStoreFacts)WIRE_STORE_FACTS__INIT;
    facts->store_id = (char *)(deciding->store_id ? deciding->store_id : "");
    facts->on_duty = store ? (int32_t)store->on_duty : 0;
    facts->zone = (char *)scope->zone_name;
    facts->region = (char *)scope->region;
    facts->n_tags = scope->tag_count;
    facts->tags = (char **)scope->tags;
    facts->is_day_of_thanks =
        calendar_is_thanks(deciding->policy, deciding->store_id, deciding->occurrence.at);
    fill_clock(deciding, &place, facts);
    return true;
}

/* False: the customer does not wait. */
static bool fill_wait(struct deciding *deciding, WireWaitFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    *facts = (WireWaitFacts)WIRE_WAIT_FACTS__INIT;
    if (deciding->wait_over_at) {
        facts->kind = event->wait_started->kind;
        facts->lasted_ms = (deciding->wait_over_at - deciding->occurrence.at) / 1000;
        facts->menus = facts->kind == WIRE_WAIT_KIND__MENU;
        facts->announcements = interaction_interruptions(before, (int)facts->kind, deciding->wait_over_at);
        return true;
    }
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
        facts->is_repeated = interaction_is_wait_known(before, &deciding->occurrence);
        return true;
    }
    if (event->body_case == WIRE_EVENT__BODY_WAIT_ENDED) {
        facts->kind = event->wait_ended->kind;
        facts->announcements = event->wait_ended->interruptions;
        facts->lasted_ms = interaction_wait_us(before, &deciding->occurrence) / 1000;
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

void facts_fill(struct deciding *deciding, unsigned facts)
{
    struct facts *into = &deciding->out->workspace->facts;
    unsigned missing = facts & ~into->filled;
    if (!missing)
        return;
    into->filled |= missing;
    if (missing & 1U << FACT_EVENT)
        into->bindings[FACT_EVENT] = cel_message(&deciding->occurrence.event->base);
    FACT_FILL(INTERACTION, interaction);
    FACT_FILL(CUSTOMER, customer);
    FACT_FILL(EMPLOYEE, employee);
    FACT_FILL(STORE, store);
    FACT_FILL(WAIT, wait);
    matter_fill(deciding, missing);
}
