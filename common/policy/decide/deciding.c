/* deciding: room for decisions, and their envelopes. */
#include "common/policy/decide/deciding.h"

#include "common/wire/event.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <string.h>

/* More than any one decision takes. */
enum { DECISION_ROOM = 64 * 1024, RESTS_ON_MOST = 32 };

void *deciding_allocate(struct deciding *deciding, size_t size)
{
    void *memory = arena_allocate(&deciding->out->arena, size);
    if (!memory)
        deciding->is_full = true;
    else
        memset(memory, 0, size);
    return memory;
}

char *deciding_keep(struct deciding *deciding, const char *text)
{
    if (!text)
        return NULL;
    char *copy = arena_text(&deciding->out->arena, slice_of_text(text));
    if (!copy)
        deciding->is_full = true;
    return copy;
}

char *deciding_day(struct deciding *deciding, const char *store_id, int64_t at)
{
    char day[DAY_TEXT_SIZE];
    place_format_day(calendar_day(deciding->policy, store_id, at), day);
    return deciding_keep(deciding, day);
}

WireMoney *deciding_money(struct deciding *deciding, int64_t minor, const char *currency)
{
    WireMoney *money = deciding_allocate(deciding, sizeof *money);
    if (!money)
        return NULL;
    *money = (WireMoney)WIRE_MONEY__INIT;
    WIRE_SET(money, minor, minor);
    money->currency = deciding_keep(deciding, currency);
    return money;
}

/* Whoever reads a decision of this kind may read the words of the event it follows from: whoever a case, a task or a
 * promise is with, and whoever is praised or coached. Registers, reports and those whose case only rang again or fell
 * silent may not; of a notice, notify() decides. */
static bool kind_carries_text(WireDecisionKind kind)
{
    switch (kind) {
    case WIRE_DECISION_KIND__CASE_OPENED:
    case WIRE_DECISION_KIND__CASE_CAUSE_ADDED:
    case WIRE_DECISION_KIND__CASE_RAISED:
    case WIRE_DECISION_KIND__CASE_ACKNOWLEDGED:
    case WIRE_DECISION_KIND__CASE_REOPENED:
    case WIRE_DECISION_KIND__CASE_CLIMBED:
    case WIRE_DECISION_KIND__CASE_HANDED_ON:
    case WIRE_DECISION_KIND__CASE_RESOLVED:
    case WIRE_DECISION_KIND__CASE_OVERTAKEN:
    case WIRE_DECISION_KIND__FOLLOW_UP_OPENED:
    case WIRE_DECISION_KIND__FOLLOW_UP_DONE:
    case WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN:
    case WIRE_DECISION_KIND__FOLLOW_UP_OVERDUE:
    case WIRE_DECISION_KIND__FOLLOW_UP_HANDED_ON:
    case WIRE_DECISION_KIND__FOLLOW_UP_WOKEN:
    case WIRE_DECISION_KIND__RECOGNITION_MADE:
    case WIRE_DECISION_KIND__COACHING_MADE:
    case WIRE_DECISION_KIND__NOTICE_GIVEN:
    case WIRE_DECISION_KIND__PROMISE_CHANGED:
        return true;
    case WIRE_DECISION_KIND__VERDICT_GIVEN:
    case WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN:
    case WIRE_DECISION_KIND__CASE_MUTED:
    case WIRE_DECISION_KIND__ACT_REFUSED:
    case WIRE_DECISION_KIND__EXPERIENCE_RECORDED:
    case WIRE_DECISION_KIND__FINDING_MADE:
    case WIRE_DECISION_KIND__DIGEST_MADE:
    case WIRE_DECISION_KIND__STAFF_WORD_NOTED:
    case WIRE_DECISION_KIND__DAY_SERVED:
    case WIRE_DECISION_KIND__REMEDY_CHANGED:
    case WIRE_DECISION_KIND__AUTHORITY_CHANGED:
    case WIRE_DECISION_KIND__POLICY_ACCEPTED:
    case WIRE_DECISION_KIND__POLICY_REFUSED:
    case WIRE_DECISION_KIND__QUARANTINED:
    case _WIRE_DECISION_KIND_IS_INT_SIZE:
        break;
    }
    return false;
}

void deciding_name_overrides(WireDecision *decision, const struct policy *policy)
{
    decision->n_overrides = policy ? policy->override_count : 0;
    decision->overrides = policy ? policy->overrides : NULL;
}

WireDecision *deciding_add(struct deciding *deciding, WireDecisionKind kind, const struct rule *rule)
{
    struct arena *arena = &deciding->out->arena;
    if (deciding->out->count == DECISIONS_MOST || arena->size - arena->used < DECISION_ROOM) {
        deciding->is_full = true;
        return NULL;
    }
    WireDecision *decision = deciding_allocate(deciding, sizeof *decision);
    WirePosition *position = deciding_allocate(deciding, sizeof *position);
    const WireEvent *event = deciding->occurrence.event;
    *decision = (WireDecision)WIRE_DECISION__INIT;
    *position = position_message((struct position){deciding->occurrence.epoch, deciding->occurrence.seq});
    decision->position = position;
    WIRE_SET(decision, ordinal, (uint32_t)deciding->out->count);
    WIRE_SET(decision, kind, kind);
    decision->rule = rule ? (char *)rule->name : NULL;
    decision->rule_id = rule && *rule->row ? (char *)rule->row : NULL;
    decision->store_id = (char *)deciding->store_id;
    decision->interaction_id = (char *)deciding->interaction_id;
    WIRE_SET(decision, decided_at, deciding->occurrence.recorded_at);
    decision->has_policy_version = deciding->policy != NULL;
    decision->policy_version = deciding->policy ? deciding->policy->version : 0;
    deciding_name_overrides(decision, deciding->policy);
    WIRE_SET(decision, engine_version, ENGINE_VERSION);
    WIRE_SET(decision, late, deciding->is_late);
    WIRE_SET(decision, drill, deciding->is_drill);
    WIRE_SET(decision, silenced, deciding->is_old || deciding->is_silenced);
    decision->has_event_id = event->has_id;
    decision->event_id = event->id;
    WIRE_SET(decision, has_text, kind_carries_text(kind) && wire_event_has_text(event));
    deciding->out->items[deciding->out->count++] = decision;
    return decision;
}

char *deciding_next_id(struct deciding *deciding)
{
    char text[DECISION_ID_TEXT_SIZE];
    decision_id_format((struct decision_id){{deciding->occurrence.epoch, deciding->occurrence.seq},
                                            (uint32_t)deciding->out->count},
                       text);
    return deciding_keep(deciding, text);
}

void deciding_rest_on(struct deciding *deciding, WireDecision *decision, uint64_t seq)
{
    if (!decision || !seq || seq >= deciding->occurrence.seq)
        return;
    if (!decision->rests_on)
        decision->rests_on = deciding_allocate(deciding, RESTS_ON_MOST * sizeof *decision->rests_on);
    size_t count = decision->n_rests_on, at = 0;
    if (!decision->rests_on || count == RESTS_ON_MOST)
        return;
    while (at < count && decision->rests_on[at] < seq)
        at++;
    if (at < count && decision->rests_on[at] == seq)
        return;
    memmove(decision->rests_on + at + 1, decision->rests_on + at, (count - at) * sizeof *decision->rests_on);
    decision->rests_on[at] = seq;
    decision->n_rests_on++;
}

char *deciding_owner(struct deciding *deciding)
{
    const struct relation relation = deciding_relation(deciding);
    return deciding_keep(deciding, deciding->owner ? deciding->owner : relation_owner(&relation));
}

struct relation deciding_relation(const struct deciding *deciding)
{
    return (struct relation){.contact = &deciding->after,
                             .customer = deciding->customer_id ? &deciding->customer_after : NULL,
                             .is_drill = deciding->is_drill};
}

/* NULL: nobody has announced them. What an exercise announces counts in it alone. */
static const char *announced_role(const struct deciding *deciding, const char *store_id,
                                  const char *employee_id)
{
    const struct employee *employee = state_employee(deciding->fold, store_id, employee_id);
    if (employee && deciding->is_drill && employee->drilled_role)
        return employee->drilled_role;
    return employee && employee->is_on_duty ? employee->role : NULL;
}

unsigned deciding_level_of(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                           const char *employee_id)
{
    const char *announced = announced_role(deciding, store_id, employee_id);
    int level = announced ? ladder_find(&policy->ladder, announced) : -1;
    int most = roster_level(deciding->fold, &policy->ladder, store_id, employee_id, deciding->occurrence.at);
    level = most != ROSTER_NOT_GIVEN && level > most ? most : level;
    return level < 0 ? 0 : (unsigned)level;
}

unsigned deciding_highest_of(const struct deciding *deciding, const struct policy *policy,
                             const char *store_id, const char *employee_id)
{
    int most = roster_level(deciding->fold, &policy->ladder, store_id, employee_id, deciding->occurrence.at);
    return most == ROSTER_NOT_GIVEN ? deciding_level_of(deciding, policy, store_id, employee_id)
                                    : (unsigned)most;
}

bool deciding_is_on_duty(const struct deciding *deciding, const char *store_id, const char *employee_id)
{
    return announced_role(deciding, store_id, employee_id) != NULL;
}

unsigned deciding_level_above(const struct deciding *deciding, const struct policy *policy,
                              const char *store_id, const char *employee_id)
{
    unsigned level = deciding_level_of(deciding, policy, store_id, employee_id);
    return level + (level + 1 < policy->ladder.count);
}

void deciding_turn_to(struct deciding *deciding, const char *interaction_id, const char *customer_id,
                      const char *owner)
{
    const struct fold *fold = deciding->fold;
    unsigned stale = 1U << FACT_INTERACTION | 1U << FACT_CUSTOMER | 1U << FACT_WAIT;
    deciding->interaction_id = interaction_id;
    deciding->interaction = state_interaction(fold, deciding->store_id, interaction_id, deciding->is_drill);
    deciding->after = deciding->interaction ? deciding->interaction->known : (struct interaction_known){0};
    deciding->customer_id = customer_id;
    deciding->customer = state_customer(fold, customer_id);
    deciding->customer_after = deciding->customer ? deciding->customer->known : (struct customer_known){0};
    deciding->owner = owner;
    deciding->out->workspace->facts.filled &= ~stale;
}

WireFinding *deciding_find(struct deciding *deciding, const struct rule *rule, const char *subject,
                           const char *sentence)
{
    WireFinding *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__FINDING_MADE, rule) : NULL;
    if (!decision)
        return NULL;
    *body = (WireFinding)WIRE_FINDING__INIT;
    body->subject = (char *)subject;
    body->sentence = (char *)sentence;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->rule = decision->rule;
    body->rule_id = decision->rule_id;
    WIRE_SET(body, occurred_at, deciding->occurrence.at);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    if (deciding->store_id)
        body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
    decision->subject_id = body->subject;
    decision->body_case = WIRE_DECISION__BODY_FINDING;
    decision->finding = body;
    return body;
}

void deciding_add_finding(struct deciding *deciding, const char *subject, const char *sentence, int64_t value)
{
    WireFinding *body = deciding_find(deciding, NULL, deciding_keep(deciding, subject), sentence);
    if (body)
        WIRE_SET(body, value, value);
}

WireCase *deciding_read_case(struct deciding *deciding, const struct escalation *escalation)
{
    WireCase *body = escalation_read(escalation, &deciding->out->arena);
    deciding->is_full |= !body;
    return body;
}

WireFollowUp *deciding_read_follow_up(struct deciding *deciding, const struct follow_up *follow_up)
{
    WireFollowUp *body = follow_up_read(follow_up, &deciding->out->arena);
    deciding->is_full |= !body;
    return body;
}
