/* mute: a critical case pages alone; the lesser ones of its interaction wait until it has ended. */
#include "common/policy/decide/mute.h"

#include "common/base/text.h"
#include "common/policy/decide/case.h"

bool mute_applies(const struct interaction *interaction, int64_t severity, bool is_drill)
{
    if (!interaction || severity >= WIRE_SEVERITY__CRITICAL)
        return false;
    LIST_EACH(node, &interaction->escalations) {
        const struct escalation *other = CONTAINER_OF(node, struct escalation, in_interaction);
        if (other->severity == WIRE_SEVERITY__CRITICAL && !other->is_silenced && other->is_drill == is_drill)
            return true;
    }
    return false;
}

static void mute(struct deciding *deciding, const struct escalation *escalation, WireCase *body)
{
    body->has_silenced = body->silenced = true;
    body->has_due_at = false;
    case_change(deciding, WIRE_DECISION_KIND__CASE_MUTED, escalation, body);
}

void mute_others(struct deciding *deciding, const struct escalation *critical)
{
    if (!deciding->interaction)
        return;
    LIST_EACH(node, &deciding->interaction->escalations) {
        const struct escalation *other = CONTAINER_OF(node, struct escalation, in_interaction);
        if (other == critical || other->severity == WIRE_SEVERITY__CRITICAL ||
            other->is_drill != deciding->is_drill)
            continue;
        WireCase *body = escalation_read(other, &deciding->out->arena);
        if (body && !remedy_has_case(body) && !body->silenced && other->state == ESCALATION_OPEN)
            mute(deciding, other, body);
    }
}

void mute_reopened(struct deciding *deciding, const struct escalation *escalation, const WireCase *body)
{
    WireCase *muted = deciding_allocate(deciding, sizeof *muted);
    if (!muted || remedy_has_case(body) ||
        !mute_applies(escalation->interaction, body->severity, body->drill))
        return;
    *muted = *body;
    mute(deciding, escalation, muted);
}

/* The case ends with this event. */
static bool ends_now(const struct deciding *deciding, const struct escalation *escalation)
{
    for (size_t i = 0; i < deciding->out->count; i++) {
        const WireDecision *decision = deciding->out->items[i];
        if ((decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED ||
             decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN) &&
            text_equal(decision->case_->escalation_id, escalation->id))
            return true;
    }
    return false;
}

/* What the critical case had muted pages again, unless another one goes on. */
static void wake_muted(struct deciding *deciding, const struct escalation *critical)
{
    const struct list *others = &critical->interaction->escalations;
    LIST_EACH(node, others) {
        const struct escalation *other = CONTAINER_OF(node, struct escalation, in_interaction);
        if (other->severity == WIRE_SEVERITY__CRITICAL && !other->is_silenced &&
            other->is_drill == critical->is_drill && !ends_now(deciding, other))
            return;
    }
    LIST_EACH(node, others) {
        const struct escalation *other = CONTAINER_OF(node, struct escalation, in_interaction);
        bool is_woken = other->is_muted && other->is_drill == critical->is_drill &&
                        other->state == ESCALATION_OPEN && !ends_now(deciding, other);
        WireCase *body = is_woken ? escalation_read(other, &deciding->out->arena) : NULL;
        if (!body)
            continue;
        body->silenced = false;
        body->round++;
        body->due_at = case_due(deciding, other->policy, body);
        body->has_due_at = body->due_at != 0;
        case_change(deciding, WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN, other, body);
    }
}

void mute_lift(struct deciding *deciding)
{
    size_t count = deciding->out->count;
    for (size_t i = 0; i < count; i++) {
        const WireDecision *decision = deciding->out->items[i];
        bool has_ended = decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED ||
                         decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN;
        if (!has_ended || decision->case_->severity != WIRE_SEVERITY__CRITICAL)
            continue;
        const struct escalation *critical = state_escalation(deciding->fold, decision->case_->escalation_id);
        if (critical && critical->interaction)
            wake_muted(deciding, critical);
    }
}
