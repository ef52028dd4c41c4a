/* case: changes of cases, and the end of those whose cause has ended. */
#include "common/policy/decide/case.h"

#include "common/base/text.h"
#include "common/policy/state/group.h"
#include "common/wire/set.h"

int64_t case_clock(const struct deciding *deciding, const struct policy *policy, const WireCase *body,
                   const struct level *level, unsigned times)
{
    int64_t now = deciding->occurrence.recorded_at, lasts = level->acknowledge_us * times;
    return body->severity == WIRE_SEVERITY__CRITICAL
               ? now + lasts
               : calendar_clock(policy, body->store_id, level, now, lasts);
}

int64_t case_due(const struct deciding *deciding, const struct policy *policy, const WireCase *body)
{
    int level = body->role ? ladder_find(&policy->ladder, body->role) : -1;
    if (body->silenced || level < 0 || !policy->ladder.levels[level].acknowledge_us)
        return 0;
    return case_clock(deciding, policy, body, &policy->ladder.levels[level], 1);
}

/* It pages at this level, in the same contact. */
static bool pages_at(const struct escalation *other, const struct interaction *interaction,
                     const WireCase *body)
{
    return other && other->interaction == interaction && escalation_is_live(other->state) &&
           !other->is_silenced && other->is_drill == body->drill && text_equal(other->role, body->role);
}

/* The page it is on stays its page as long as the case that began it is there. */
static bool keeps_page(const struct deciding *deciding, const struct escalation *escalation,
                       const WireCase *body)
{
    if (!escalation || !escalation->page || escalation->is_silenced ||
        !text_equal(escalation->role, body->role))
        return false;
    return text_equal(escalation->page, escalation->id) ||
           pages_at(state_escalation(deciding->fold, escalation->page), escalation->interaction, body);
}

/* A case that comes to a level of the contact that is paged already is on that page. */
static char *page_of(struct deciding *deciding, const struct escalation *escalation, const WireCase *body)
{
    const struct interaction *interaction = escalation ? escalation->interaction : deciding->interaction;
    if (body->silenced || !body->interaction_id)
        return body->silenced ? NULL : body->escalation_id;
    if (keeps_page(deciding, escalation, body))
        return deciding_keep(deciding, escalation->page);
    for (const struct list_node *node = interaction ? list_first(&interaction->escalations) : NULL;
         node && node != &interaction->escalations.head; node = node->next) {
        const struct escalation *other = CONTAINER_OF(node, struct escalation, in_interaction);
        if (other != escalation && pages_at(other, interaction, body))
            return deciding_keep(deciding, other->page ? other->page : other->id);
    }
    for (size_t i = 0; i + 1 < deciding->out->count; i++) { /* the last one is being made */
        const WireDecision *other = deciding->out->items[i];
        if (other->body_case == WIRE_DECISION__BODY_CASE && other->page_id &&
            escalation_is_live(escalation_state_find(other->case_->state)) && other->interaction_id &&
            text_equal(other->interaction_id, body->interaction_id) &&
            text_equal(other->audience, body->role))
            return other->page_id;
    }
    return body->escalation_id;
}

/* Whoever holds the relationship now; of what has a time of its own (a promise, an appointment), whoever gave it. */
static void refresh_owner(struct deciding *deciding, const struct escalation *escalation, WireCase *body)
{
    const struct rule *rule = rule_find_escalating(escalation->policy, body->rule);
    const struct customer *customer = state_customer(deciding->fold, body->customer_id);
    const struct interaction *interaction = escalation->interaction;
    struct relation relation = {.is_drill = body->drill};
    if (!rule || rule->triggers[0].event == WIRE_EVENT__BODY_DEADLINE_PASSED)
        return;
    if (customer)
        relation.customer = customer == deciding->customer ? &deciding->customer_after : &customer->known;
    if (interaction)
        relation.contact = interaction == deciding->interaction ? &deciding->after : &interaction->known;
    const char *owner = relation_owner(&relation);
    if (owner)
        body->owner = deciding_keep(deciding, owner);
}

WireDecision *case_change(struct deciding *deciding, WireDecisionKind kind,
                          const struct escalation *escalation, WireCase *body)
{
    WireDecision *decision = body ? deciding_add(deciding, kind, NULL) : NULL;
    if (!decision)
        return NULL;
    if (escalation)
        refresh_owner(deciding, escalation, body);
    WIRE_SET(body, changed_at, deciding->occurrence.recorded_at);
    decision->rule = body->rule;
    decision->rule_id = body->rule_id;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->policy_version = body->policy_version;
    if (escalation)
        deciding_name_overrides(decision, escalation->policy);
    decision->has_policy_version = true;
    decision->late |= body->late;
    decision->drill |= body->drill;
    decision->silenced = body->silenced;
    decision->subject_id = body->escalation_id;
    decision->audience = body->role;
    decision->page_id = page_of(deciding, escalation, body);
    decision->body_case = WIRE_DECISION__BODY_CASE;
    decision->case_ = body;
    if (escalation)
        deciding_rest_on(deciding, decision, escalation->opened_seq);
    return decision;
}

void case_end(struct deciding *deciding, const struct escalation *escalation, WireCase *body)
{
    body->state = (char *)escalation_state_word(ESCALATION_OVERTAKEN);
    body->has_due_at = false;
    body->round++;
    case_change(deciding, WIRE_DECISION_KIND__CASE_OVERTAKEN, escalation, body);
}

void case_overtake(struct deciding *deciding, const struct escalation *escalation)
{
    if (escalation->state != ESCALATION_OPEN)
        return;
    WireCase *body = deciding_read_case(deciding, escalation);
    if (body)
        case_end(deciding, escalation, body);
}

void cases_overtake(struct deciding *deciding, enum cause_end ended)
{
    if (!deciding->interaction)
        return;
    LIST_EACH(node, &deciding->interaction->escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_interaction);
        bool has_ended = escalation->ends_with == ended ||
                         (ended == ENDS_WITH_INTERACTION && escalation->ends_with != ENDS_WITH_NOTHING);
        if (has_ended && !list_is_linked(&escalation->in_employee) &&
            escalation->is_drill == deciding->is_drill)
            case_overtake(deciding, escalation);
    }
}

void case_overtake_subject(struct deciding *deciding, WireDeadlineKind overdue, const char *interaction_id,
                           const char *subject)
{
    const struct rule_list *list = &deciding->policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED];
    for (unsigned i = 0; i < list->count; i++) {
        if (list->triggers[i]->kind != (int)overdue || !list->rules[i]->actions[ACTION_ESCALATE].is_given)
            continue;
        WireCase names = WIRE_CASE__INIT;
        names.store_id = (char *)deciding->store_id;
        names.interaction_id = (char *)interaction_id;
        names.rule = (char *)list->rules[i]->name;
        names.subject = (char *)subject;
        names.drill = deciding->is_drill;
        char key[KEY_GROUP_SIZE];
        size_t size = group_key(rule_find_escalating(deciding->policy, names.rule), &names, key);
        const struct escalation *escalation = map_find(&deciding->fold->groups, key, size);
        if (escalation)
            case_overtake(deciding, escalation);
    }
}
