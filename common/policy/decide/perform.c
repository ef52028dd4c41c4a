/* perform: looks at rules, and does what those that hold say. */
#include "common/policy/decide/perform.h"

#include "common/base/text.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/digest.h"
#include "common/policy/decide/escalation.h"
#include "common/policy/decide/evaluate.h"
#include "common/policy/decide/fact_keep.h"
#include "common/policy/decide/follow_up.h"
#include "common/policy/decide/near_miss.h"
#include "common/policy/decide/product.h"
#include "common/policy/decide/promise.h"
#include "common/policy/decide/recurrence.h"
#include "common/policy/decide/remedy.h"
#include "common/wire/set.h"

/* What a decision of this rule rests on beside its own event. */
static void rest_on_facts(struct deciding *deciding, WireDecision *decision, const struct rule *rule)
{
    const struct interaction_known *known = &deciding->after;
    if (rule->facts & (1U << FACT_INTERACTION | 1U << FACT_WAIT)) {
        deciding_rest_on(deciding, decision, known->first_seq);
        deciding_rest_on(deciding, decision, known->mood_seq);
    }
    if (rule->facts & 1U << FACT_WAIT || deciding->countdown)
        deciding_rest_on(deciding, decision, known->wait_seq);
    if (deciding->interaction)
        deciding_rest_on(deciding, decision, deciding->interaction->known.hand_over_seq);
    if (rule->facts & 1U << FACT_PRODUCT)
        product_rest_on(deciding, decision);
    if (deciding->appointment)
        deciding_rest_on(deciding, decision, deciding->appointment->seq);
    if (deciding->begin)
        deciding_rest_on(deciding, decision, deciding->begin->version);
    if (deciding->promise)
        deciding_rest_on(deciding, decision, deciding->promise->seq);
    if (rule->facts & 1U << FACT_CUSTOMER && deciding->customer_id)
        deciding_rest_on(deciding, decision, deciding->customer_after.last_seen_seq);
}

static const char *role_of(const struct deciding *deciding, int level)
{
    return level < 0 ? NULL : deciding->policy->ladder.levels[level].role;
}

/* Of what became of a case only its owner reads the words; what is told of an event, everybody who is told. */
static bool is_for_reader(const struct deciding *deciding, const char *employee)
{
    const char *owner = deciding->changed ? deciding->changed->owner : NULL;
    return !deciding->changed || (employee && owner && text_equal(employee, owner));
}

/* Whoever hears it as well is above whoever is praised: nobody is told their own praise twice, at the top nobody is
 * told. */
static int manager_of(struct deciding *deciding, const struct action *action, const char *employee)
{
    const struct policy *policy = deciding->policy;
    int manager = evaluate_level(deciding, &action->to, employee);
    int own = employee ? (int)deciding_level_of(deciding, policy, deciding->store_id, employee) : -1;
    if (manager < 0 || manager > own)
        return manager;
    return own + 1 < (int)policy->ladder.count ? own + 1 : -1;
}

static void recognise(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_RECOGNISE];
    WireRecognition *body = deciding_allocate(deciding, sizeof *body);
    char *employee = evaluate_text(deciding, &action->employee, 64);
    int manager = manager_of(deciding, action, employee);
    char *sentence = evaluate_sentence(deciding, &action->says);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__RECOGNITION_MADE, rule) : NULL;
    if (!decision)
        return;
    *body = (WireRecognition)WIRE_RECOGNITION__INIT;
    body->store_id = (char *)deciding->store_id;
    body->employee_id = employee;
    body->manager_role = (char *)role_of(deciding, manager);
    body->interaction_id = (char *)deciding->interaction_id;
    body->rule = decision->rule;
    body->rule_id = decision->rule_id;
    body->sentence = sentence;
    WIRE_SET(body, occurred_at, deciding->occurrence.at);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
    body->has_kind = action->recognition != 0;
    body->kind = (WireRecognitionKind)action->recognition;
    decision->body_case = WIRE_DECISION__BODY_RECOGNITION;
    decision->recognition = body;
    decision->has_text &= is_for_reader(deciding, NULL);
    decision->audience = employee;
}

static void coach(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_COACH];
    WireCoaching *body = deciding_allocate(deciding, sizeof *body);
    char *employee = evaluate_text(deciding, &action->employee, 64);
    int lead = evaluate_level(deciding, &action->to, employee);
    char *subject = evaluate_text(deciding, &action->subject, 64);
    char *sentence = evaluate_sentence(deciding, &action->says);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__COACHING_MADE, rule) : NULL;
    if (!decision)
        return;
    *body = (WireCoaching)WIRE_COACHING__INIT;
    body->employee_id = employee;
    body->lead_role = (char *)role_of(deciding, lead);
    body->subject = subject;
    body->sentence = sentence;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->rule = decision->rule;
    body->rule_id = decision->rule_id;
    WIRE_SET(body, occurred_at, deciding->occurrence.at);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
    decision->body_case = WIRE_DECISION__BODY_COACHING;
    decision->coaching = body;
    decision->has_text &= is_for_reader(deciding, NULL);
    decision->audience = employee ? employee : body->lead_role;
    recurrence_note(deciding, rule, decision);
}

static void find(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_FINDING];
    char *subject = evaluate_text(deciding, &action->subject, 255);
    int64_t value = evaluate_number(deciding, &action->value, 0);
    char *sentence = evaluate_sentence(deciding, &action->says);
    WireFinding *body = deciding_find(deciding, rule, subject, sentence);
    if (!body)
        return;
    const WireEvent *event = deciding->occurrence.event;
    if (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED &&
        event->deadline_passed->kind == WIRE_DEADLINE_KIND__WEEK_DUE) /* of the week that ends with it */
        body->day = deciding_day(deciding, deciding->store_id, event->deadline_passed->due_at - 1);
    body->has_value = action->value.program != NULL;
    body->value = value;
}

static void notify(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_NOTIFY];
    WireNotice *body = deciding_allocate(deciding, sizeof *body);
    char *employee = evaluate_text(deciding, &action->employee, 64);
    char *subject = evaluate_text(deciding, &action->subject, 64);
    char *sentence = evaluate_sentence(deciding, &action->says);
    const char *lead =
        action->to.program ? role_of(deciding, evaluate_level(deciding, &action->to, employee)) : NULL;
    bool is_for_all = !action->employee.program && !action->to.program;
    WireDecision *decision = body && (employee || lead || is_for_all)
                                 ? deciding_add(deciding, WIRE_DECISION_KIND__NOTICE_GIVEN, rule)
                                 : NULL;
    if (!decision)
        return;
    *body = (WireNotice)WIRE_NOTICE__INIT;
    body->to_employee_id = employee;
    body->to_role = employee ? NULL : (char *)lead;
    body->subject = subject;
    body->sentence = sentence;
    if (evaluate_truth(deciding, &action->asks))
        WIRE_SET(body, asks, true);
    decision->body_case = WIRE_DECISION__BODY_NOTICE;
    decision->notice = body;
    decision->audience = is_for_all ? "staff" : employee ? employee : (char *)lead;
    decision->has_text &= is_for_reader(deciding, employee);
    decision->subject_id = subject;
}

static const char *outcome_word(int outcome)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&wire_outcome__descriptor, outcome);
    return value ? value->name : NULL;
}

/* A trouble that the contact is about. Of somebody unnamed it is all there is. */
static void fill_trouble(const struct deciding *deciding, WireExperience *body)
{
    const struct interaction_known *known = &deciding->after;
    const struct customer_known *customer = &deciding->customer_after;
    bool is_named = deciding->customer_id && !deciding->is_drill;
    int64_t lasted_us = known->opened_at ? known->closed_at - known->opened_at : 0;
    if (is_named ? !customer->trouble_contacts : !known->has_trouble)
        return;
    WIRE_SET(body, trouble_contacts, is_named ? customer->trouble_contacts : 1);
    WIRE_SET(body, trouble_hand_overs, is_named ? customer->trouble_hand_overs : known->hand_overs);
    WIRE_SET(body, trouble_ms, (is_named ? customer->trouble_us : lasted_us > 0 ? lasted_us : 0) / 1000);
    WIRE_SET(body, trouble_solved,
             body->feeling != WIRE_FEELING__BAD &&
                 (known->outcome == WIRE_OUTCOME__SERVED || known->outcome == WIRE_OUTCOME__SATISFIED));
}

static void fill_moods(struct deciding *deciding, WireExperience *body)
{
    body->moods = deciding_allocate(deciding, wire_mood__descriptor.n_values * sizeof *body->moods);
    for (unsigned i = 0; body->moods && i < wire_mood__descriptor.n_values; i++) {
        const ProtobufCEnumValue *mood = &wire_mood__descriptor.values[i];
        if (deciding->after.moods & 1U << mood->value)
            body->moods[body->n_moods++] = (char *)mood->name;
    }
}

static void fill_needs_by(struct deciding *deciding, WireExperience *body)
{
    body->needs_by = deciding_allocate(deciding, NEEDS_BY * sizeof *body->needs_by);
    for (size_t i = 0; body->needs_by && i < NEEDS_BY && deciding->after.needs_by[i]; i++)
        body->needs_by[body->n_needs_by++] = deciding_keep(deciding, deciding->after.needs_by[i]);
}

/* What reports ask of a contact, so that none has to read its events. */
static void fill_contact(struct deciding *deciding, WireExperience *body)
{
    const struct interaction_known *known = &deciding->after;
    const ProtobufCEnumValue *channel =
        protobuf_c_enum_descriptor_get_value(&wire_channel__descriptor, known->channel);
    body->customer_id = deciding_keep(deciding, deciding->customer_id);
    body->channel = channel ? (char *)channel->name : NULL;
    if (known->opened_at)
        WIRE_SET(body, opened_at, known->opened_at);
    WIRE_SET(body, needs, known->needs);
    WIRE_SET(body, offers, known->offers);
    WIRE_SET(body, sales, known->sales);
    WIRE_SET(body, hand_overs, known->hand_overs);
    WIRE_SET(body, complaints, known->complaints);
    WIRE_SET(body, remedies, known->remedies);
    WIRE_SET(body, promises, known->promises);
    WIRE_SET(body, menus, known->menus);
    WIRE_SET(body, announcements, known->announcements);
    WIRE_SET(body, held_ms, known->held_us / 1000);
    WIRE_SET(body, queued_ms, known->queued_us / 1000);
    WIRE_SET(body, sales_of_needs, known->sales_of_needs);
    WIRE_SET(body, first, known->is_first && known->opened_at);
    WIRE_SET(body, leaving, known->is_leaving);
    body->has_rating = known->rating != 0;
    body->rating = known->rating;
    body->how = deciding_keep(deciding, known->how);
    fill_moods(deciding, body);
    fill_needs_by(deciding, body);
    fill_trouble(deciding, body);
    body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
}

static void record_experience(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_EXPERIENCE];
    WireExperience *body = deciding_allocate(deciding, sizeof *body);
    int64_t feeling = evaluate_number(deciding, &action->feeling, WIRE_FEELING__NEITHER);
    int64_t reach = evaluate_number(deciding, &action->reach, 0);
    WireDecision *decision =
        body ? deciding_add(deciding, WIRE_DECISION_KIND__EXPERIENCE_RECORDED, rule) : NULL;
    if (!decision)
        return;
    *body = (WireExperience)WIRE_EXPERIENCE__INIT;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->outcome = (char *)outcome_word(deciding->after.outcome);
    WIRE_SET(body, feeling, (WireFeeling)(feeling < 1 || feeling > 3 ? WIRE_FEELING__NEITHER : feeling));
    WIRE_SET(body, reach, (int32_t)(reach < 0 ? 0 : reach > INT32_MAX ? INT32_MAX : reach));
    WIRE_SET(body, occurred_at, deciding->occurrence.at);
    body->employee_id = deciding_keep(deciding, deciding->after.served_by);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    fill_contact(deciding, body);
    decision->body_case = WIRE_DECISION__BODY_EXPERIENCE;
    decision->experience = body;
}

/* To whom: a role, or the lowest level whose remaining authority covers what was asked for. */
static void perform_escalate(struct deciding *deciding, const struct rule *rule)
{
    int level = evaluate_level(deciding, &rule->actions[ACTION_ESCALATE].to, NULL);
    struct authority_request request;
    WireProof *proof = NULL;
    if (level == -1 && deciding->promise_after)
        level = (int)promise_level(deciding, &proof);
    unsigned top = deciding->policy->ladder.count - 1;
    if (level == -1 && deciding->occurrence.event->body_case == WIRE_EVENT__BODY_HANDED_OVER)
        level = (int)authority_lowest_for_all(
            deciding,
            deciding_level_above(deciding, deciding->policy, deciding->store_id, deciding->after.served_by),
            &proof);
    if (level == -1 && authority_request_of(deciding, &request)) {
        const char *asker = deciding->occurrence.event->employee_id;
        unsigned from = deciding_level_of(deciding, deciding->policy, deciding->store_id, asker);
        level = (int)authority_lowest(deciding, deciding->policy, from, &request, asker, &proof);
        if (proof)
            near_miss_show(deciding, from, &request, proof);
    }
    escalation_open(deciding, rule, level < 0 ? top : (unsigned)level, proof);
}

static void perform(struct deciding *deciding, const struct rule *rule)
{
    const struct action *actions = rule->actions;
    size_t first = deciding->out->count, told = verdict_count(&deciding->telling);
    if (actions[ACTION_RECORD].is_given)
        promise_record(deciding, rule);
    if (actions[ACTION_GRANT].is_given)
        remedy_grant(deciding, rule);
    if (actions[ACTION_ESCALATE].is_given)
        perform_escalate(deciding, rule);
    if (actions[ACTION_FOLLOW_UP].is_given)
        follow_up_open(deciding, rule);
    if (actions[ACTION_RECOGNISE].is_given)
        recognise(deciding, rule);
    if (actions[ACTION_COACH].is_given)
        coach(deciding, rule);
    if (actions[ACTION_FINDING].is_given)
        find(deciding, rule);
    if (actions[ACTION_NOTIFY].is_given)
        notify(deciding, rule);
    if (actions[ACTION_DIGEST].is_given)
        digest_make(deciding, rule);
    if (actions[ACTION_EXPERIENCE].is_given)
        record_experience(deciding, rule);
    if (actions[ACTION_ADVISE].is_given)
        verdict_advise(deciding, rule, evaluate_sentence(deciding, &actions[ACTION_ADVISE].says));
    for (size_t i = first; i < deciding->out->count; i++)
        rest_on_facts(deciding, deciding->out->items[i], rule);
    fact_keep(deciding, rule, first, told);
    if (actions[ACTION_GRANT].is_given)
        deciding->out->workspace->facts.filled &= ~(1U << FACT_REMEDY); /* granted, for the rules to come */
    if (actions[ACTION_FOLLOW_UP].is_given || actions[ACTION_RECORD].is_given)
        deciding->out->workspace->facts.filled &= ~(1U << FACT_CUSTOMER); /* failed, likewise */
}

static void look(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger)
{
    if (evaluate_rule(deciding, rule, trigger))
        perform(deciding, rule);
}

static void perform_at(struct deciding *deciding, const struct rule_list *list, unsigned at,
                       const struct trigger *only)
{
    const struct trigger *trigger = list->triggers[at];
    int kind = deciding->occurrence.event->body_case ? trigger_kind_of(deciding->occurrence.event) : 0;
    bool is_promise_unknown = promise_id_of(deciding->occurrence.event) && !deciding->promise_after;
    bool is_meant = only ? trigger == only : !trigger->is_narrowed || trigger->kind == kind;
    if (list->rules[at]->facts & 1U << FACT_PROMISE && is_promise_unknown)
        return;
    if (is_meant && list->rules[at]->facts & 1U << FACT_PROMISE &&
        promise_is_endangered_by(deciding->occurrence.event))
        promise_each_in_danger(deciding, list->rules[at], trigger, look);
    else if (is_meant)
        product_each(deciding, list->rules[at], trigger, look);
}

void perform_rules(struct deciding *deciding, const struct rule_list *list, const struct trigger *only)
{
    for (unsigned i = 0; i < list->count; i++)
        perform_at(deciding, list, i, only);
}

/* It has begun, and it is known whose it is: not both were so before. */
static bool becomes_known(const struct deciding *deciding)
{
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    return occurrence_is_contact(&deciding->occurrence) && deciding->after.opened_at &&
           deciding->after.customer && !(before && before->opened_at && before->customer);
}

/* What the customer went through in this very contact does not count yet. */
static void perform_known(struct deciding *deciding, const struct rule_list *list, unsigned at)
{
    struct facts *facts = &deciding->out->workspace->facts;
    deciding->is_customer_new = true;
    facts->filled &= ~(1U << FACT_CUSTOMER);
    look(deciding, list->rules[at], list->triggers[at]);
    facts->filled &= ~(1U << FACT_CUSTOMER);
    deciding->is_customer_new = false;
}

void perform_event(struct deciding *deciding)
{
    const struct rule_list *of_event = &deciding->policy->by_event[deciding->occurrence.event->body_case];
    const struct rule_list *known = &deciding->policy->by_event[TRIGGER_CUSTOMER_KNOWN];
    unsigned known_count = becomes_known(deciding) ? known->count : 0, at = 0;
    for (unsigned i = 0; i < of_event->count; i++) { /* in the order of the policy */
        for (; at < known_count && known->rules[at] < of_event->rules[i]; at++)
            perform_known(deciding, known, at);
        perform_at(deciding, of_event, i, NULL);
    }
    for (; at < known_count; at++)
        perform_known(deciding, known, at);
}

static WireHopFacts hop_of(const struct deciding *deciding, const WireDecision *decision)
{
    const WireCase *body = decision->case_;
    const struct escalation *before = state_escalation(deciding->fold, body->escalation_id);
    WireHopFacts hop = WIRE_HOP_FACTS__INIT;
    hop.lasted_ms = (body->changed_at - (before ? before->changed_at : body->opened_at)) / 1000;
    hop.change = (char *)trigger_change_name(decision->kind);
    return hop;
}

static void perform_change(struct deciding *deciding, const WireDecision *decision,
                           const struct policy *policy)
{
    struct facts *facts = &deciding->out->workspace->facts;
    const struct rule_list *list = &policy->by_change[decision->kind];
    for (unsigned i = 0; i < list->count; i++) {
        facts->bindings[FACT_CASE] = cel_message(&decision->case_->base);
        facts->hop = hop_of(deciding, decision);
        facts->bindings[FACT_HOP] = cel_message(&facts->hop.base);
        facts->filled |= 1U << FACT_CASE | 1U << FACT_HOP;
        look(deciding, list->rules[i], list->triggers[i]);
    }
}

void perform_changes(struct deciding *deciding)
{
    const struct policy *policy = deciding->policy;
    const char *store_id = deciding->store_id, *interaction_id = deciding->interaction_id;
    bool is_drill = deciding->is_drill, is_late = deciding->is_late;
    size_t count = deciding->out->count;
    for (size_t i = 0; i < count; i++) {
        const WireDecision *decision = deciding->out->items[i];
        if (decision->body_case != WIRE_DECISION__BODY_CASE || (unsigned)decision->kind >= CASE_CHANGES)
            continue;
        const struct policy *own = state_policy_of(deciding->fold, decision->case_->policy_version,
                                                   decision->case_->store_id, decision->case_->opened_at);
        deciding->policy = own ? own : policy;
        deciding->store_id = decision->case_->store_id;
        deciding->interaction_id = decision->case_->interaction_id;
        deciding->is_drill = decision->case_->drill; /* whoever acts need not say so */
        deciding->is_late = is_late || decision->case_->late;
        deciding->is_silenced = decision->silenced;
        deciding->changed = decision->case_;
        perform_change(deciding, decision, deciding->policy);
    }
    deciding->policy = policy;
    deciding->store_id = store_id;
    deciding->interaction_id = interaction_id;
    deciding->is_drill = is_drill;
    deciding->is_late = is_late;
    deciding->is_silenced = false;
    deciding->changed = NULL;
}
