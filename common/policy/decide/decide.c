/* decide: what is concluded from one event. Reads top to bottom: what the event itself ends or settles, what
 * the rules say, what follows from changes of cases, and what the register is told. */
#include "common/policy/decide/decide.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/decide/act.h"
#include "common/policy/decide/appointment.h"
#include "common/policy/decide/busy.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/deciding.h"
#include "common/policy/decide/expire.h"
#include "common/policy/decide/follow_up.h"
#include "common/policy/decide/loan.h"
#include "common/policy/decide/mute.h"
#include "common/policy/decide/ownership.h"
#include "common/policy/decide/perform.h"
#include "common/policy/decide/product.h"
#include "common/policy/decide/promise.h"
#include "common/policy/decide/proposal.h"
#include "common/policy/decide/remedy.h"
#include "common/policy/decide/service_day.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/load/variant.h"
#include "common/wire/event.h"
#include "common/wire/set.h"

#include <errno.h>
#include <stdlib.h>

struct decisions *decisions_new(void)
{
    struct decisions *decisions = NEW(decisions);
    arena_init(&decisions->arena, DECISIONS_BYTES);
    decisions->workspace = NEW(decisions_workspace);
    return decisions;
}

void decisions_free(struct decisions *decisions)
{
    if (!decisions)
        return;
    arena_clear(&decisions->arena);
    free(decisions->workspace);
    free(decisions);
}

static void find_policy(struct deciding *deciding)
{
    const struct occurrence *occurrence = &deciding->occurrence;
    const char *store_id = deciding->store_id;
    deciding->policy = variant_for(state_policy_at(deciding->fold, occurrence->recorded_at, false), store_id,
                                   occurrence->recorded_at);
    deciding->is_late = occurrence_is_late(occurrence, deciding->policy);
    if (deciding->is_late)
        deciding->policy =
            variant_for(state_policy_at(deciding->fold, occurrence->at, true), store_id, occurrence->at);
    deciding->is_old = deciding->policy && !wire_event_is_system(occurrence->event->body_case) &&
                       occurrence->recorded_at - occurrence->at > deciding->policy->old_after_us;
}

/* The interaction and its customer, as they are once the event has happened. */
static void look(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct interaction_known *before = NULL;
    bool is_contact = occurrence_is_contact(&deciding->occurrence);
    deciding->interaction =
        state_interaction(deciding->fold, event->store_id, event->interaction_id, event->drill);
    if (deciding->interaction) {
        before = &deciding->interaction->known;
        deciding->after = *before;
    }
    if (is_contact && event->interaction_id)
        interaction_observe(&deciding->after, &deciding->occurrence, NULL);
    deciding->customer_id = event->customer_id ? event->customer_id : deciding->after.customer;
    deciding->customer = state_customer(deciding->fold, deciding->customer_id);
    if (deciding->customer)
        deciding->customer_after = deciding->customer->known;
    if (deciding->customer_id && is_contact && !deciding->is_drill) {
        customer_observe(&deciding->customer_after, before, &deciding->occurrence, NULL);
        deciding->after.is_first |= customer_is_first(&deciding->customer_after, before);
        customer_trouble(&deciding->customer_after, before, &deciding->after, &deciding->occurrence);
        if (!interaction_is_repeated(before, event))
            customer_suffer(&deciding->customer_after, before, &deciding->after, &deciding->occurrence);
    }
}

static void name_roles(struct deciding *deciding, const struct ladder *ladder, WirePolicyResult *body)
{
    body->roles = deciding_allocate(deciding, (ladder->count + 1) * sizeof *body->roles);
    for (unsigned i = 0; body->roles && i < ladder->count; i++)
        body->roles[body->n_roles++] = deciding_keep(deciding, ladder->levels[i].role);
}

static void decide_policy(struct deciding *deciding)
{
    const WirePolicyProposed *proposed = deciding->occurrence.event->policy_proposed;
    AUTO_TEXT char *memory = memory_allocate(sizeof(struct policy_findings));
    struct policy_findings *findings = (struct policy_findings *)(void *)memory;
    AUTO(policy) *policy =
        policy_load(slice_of(proposed->document.data, proposed->document.len), proposed->zones,
                    proposed->n_zones, deciding->occurrence.seq, findings);
    WirePolicyResult *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = deciding_add(
        deciding, policy ? WIRE_DECISION_KIND__POLICY_ACCEPTED : WIRE_DECISION_KIND__POLICY_REFUSED, NULL);
    if (!body || !decision)
        return;
    *body = (WirePolicyResult)WIRE_POLICY_RESULT__INIT;
    body->name = proposed->name;
    WIRE_SET(body, policy_version, deciding->occurrence.seq);
    WIRE_SET(body, active_at, deciding->occurrence.recorded_at);
    if (proposed->has_active_at && proposed->active_at > body->active_at)
        body->active_at = proposed->active_at;
    body->has_late_after_ms = policy != NULL;
    body->late_after_ms = policy ? policy->late_after_us / 1000 : 0;
    if (policy)
        name_roles(deciding, &policy->ladder, body);
    body->findings = deciding_allocate(deciding, (findings->count + 1) * sizeof *body->findings);
    for (size_t i = 0; body->findings && i < findings->count; i++) {
        const struct policy_finding *finding = &findings->items[i];
        char text[POLICY_SENTENCE_SIZE + 64];
        text_format(text, sizeof text, "line %u, column %u: %s", finding->line, finding->column,
                    finding->sentence);
        body->findings[body->n_findings++] = deciding_keep(deciding, text);
    }
    decision->has_policy_version = false;
    decision->body_case = WIRE_DECISION__BODY_POLICY;
    decision->policy = body;
}

/* What ends with the event, whatever the rules say. */
static void decide_ends(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    bool waited = deciding->interaction && deciding->interaction->known.wait_kind;
    bool has_ended = waited && (!deciding->after.wait_kind ||
                                deciding->after.wait_seq != deciding->interaction->known.wait_seq);
    if (has_ended)
        expire_missed(deciding);
    if (event->body_case == WIRE_EVENT__BODY_WAIT_STARTED)
        deciding->wait_over_at = interaction_wait_over_at(
            deciding->interaction ? &deciding->interaction->known : NULL, &deciding->occurrence);
    if (deciding->wait_over_at)
        expire_over(deciding);
    if (event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED) {
        cases_overtake(deciding, ENDS_WITH_INTERACTION);
        if (event->interaction_closed->outcome != WIRE_OUTCOME__ABANDONED)
            follow_ups_overtake(deciding);
    } else if (has_ended) {
        cases_overtake(deciding, ENDS_WITH_WAIT);
    } else if (event->body_case == WIRE_EVENT__BODY_MOOD_OBSERVED && interaction_is_calm(&deciding->after)) {
        cases_overtake(deciding, ENDS_WITH_MOOD);
    }
}

/* A role that the ladder does not have counts as the lowest: whoever misspelt it is told. */
static void warn_of_role(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *role = event->body_case == WIRE_EVENT__BODY_ON_DUTY        ? event->on_duty->role
                       : event->body_case == WIRE_EVENT__BODY_ROLE_GRANTED ? event->role_granted->role
                                                                           : NULL;
    const struct ladder *ladder = &deciding->policy->ladder;
    if (!role || ladder_find(ladder, role) >= 0)
        return;
    AUTO_CLEAR(bytes) sentence = {0};
    bytes_append_format(&sentence, "There is no role \"%s\": it counts as the lowest. There are ", role);
    for (unsigned i = 0; i < ladder->count; i++)
        bytes_append_format(&sentence, "%s%s",
                            !i                      ? ""
                            : i + 1 < ladder->count ? ", "
                                                    : " and ",
                            ladder->levels[i].role);
    bytes_append_text(&sentence, ".");
    verdict_warn(deciding, deciding_keep(deciding, bytes_text(&sentence)));
}

static void decide_service(struct deciding *deciding)
{
    const struct interaction_known *before = deciding->interaction ? &deciding->interaction->known : NULL;
    if (interaction_is_repeated(before, deciding->occurrence.event))
        return;
    decide_ends(deciding);
    busy_overtake(deciding);
    remedy_conclude(deciding);
    promise_conclude(deciding);
    proposal_conclude(deciding);
    appointment_conclude(deciding);
    loan_conclude(deciding);
    follow_ups_wake(deciding);
    deciding->product_id = product_id_of(deciding->occurrence.event);
    product_overtake(deciding);
    perform_event(deciding);
    promise_overtake(deciding);
    remedy_note(deciding);
    ownership_conclude(deciding);
    warn_of_role(deciding);
}

/* Something was forgotten because of a cap: said at the first, and whenever there are twice as many. */
static void find_forgotten(struct deciding *deciding)
{
    const struct fold *fold = deciding->fold;
    if (fold->forgotten && fold->forgotten >= 2 * fold->forgotten_told)
        deciding_add_finding(
            deciding, STATE_FORGOTTEN,
            "More is open at once than the state may hold: the longest untouched was forgotten.",
            (int64_t)fold->forgotten);
}

static void decide_body(struct deciding *deciding)
{
    switch ((int)deciding->occurrence.event->body_case) {
    case WIRE_EVENT__BODY_POLICY_PROPOSED:
        decide_policy(deciding);
        return;
    case WIRE_EVENT__BODY__NOT_SET:
        return;
    }
    if (!deciding->policy)
        return;
    switch ((int)deciding->occurrence.event->body_case) {
    case WIRE_EVENT__BODY_CASE_ACKNOWLEDGED:
        act_acknowledge(deciding);
        break;
    case WIRE_EVENT__BODY_CASE_ANSWERED:
        act_answer(deciding);
        break;
    case WIRE_EVENT__BODY_CASE_DECLINED:
        act_decline(deciding);
        break;
    case WIRE_EVENT__BODY_FOLLOW_UP_DONE:
        act_finish_follow_up(deciding);
        break;
    case WIRE_EVENT__BODY_CHANGE_ANSWERED:
        act_answer_proposal(deciding);
        break;
    case WIRE_EVENT__BODY_STAFF_WORD:
        act_give_word(deciding);
        break;
    case WIRE_EVENT__BODY_DEADLINE_PASSED:
        expire_deadline(deciding);
        break;
    default:
        decide_service(deciding);
        break;
    }
    if (deciding->out->count) {
        mute_lift(deciding);
        perform_changes(deciding);
    }
    find_forgotten(deciding);
    verdict_give(deciding);
    service_day_note(deciding);
}

static void begin(struct deciding *deciding, const struct fold *fold, const WireLoggedEvent *record,
                  const WireEvent *event, struct decisions *decisions)
{
    decisions->count = 0;
    decisions->workspace->facts.filled = 0;
    arena_reset(&decisions->arena, 0);
    *deciding = (struct deciding){
        .fold = fold,
        .out = decisions,
        .occurrence = occurrence_of(record, event),
        .store_id = event->store_id,
        .interaction_id = event->interaction_id,
        .is_drill = event->drill,
    };
    find_policy(deciding);
}

int decide_event(const struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
                 struct decisions *ret_decisions)
{
    struct deciding deciding;
    begin(&deciding, fold, record, event, ret_decisions);
    look(&deciding);
    decide_body(&deciding);
    return deciding.is_full ? -EOVERFLOW : 0;
}

void decisions_quarantine(const struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
                          struct decisions *ret_decisions)
{
    struct deciding deciding;
    begin(&deciding, fold, record, event, ret_decisions);
    WireVerdict *verdict = deciding_allocate(&deciding, sizeof *verdict);
    deciding_add(&deciding, WIRE_DECISION_KIND__QUARANTINED, NULL);
    if (wire_event_is_system(event->body_case))
        return;
    WireDecision *decision = deciding_add(&deciding, WIRE_DECISION_KIND__VERDICT_GIVEN, NULL);
    *verdict = (WireVerdict)WIRE_VERDICT__INIT;
    WIRE_SET(verdict, outcome, WIRE_VERDICT__OUTCOME__UNDECIDED);
    verdict->has_event_id = event->has_id;
    verdict->event_id = event->id;
    decision->body_case = WIRE_DECISION__BODY_VERDICT;
    decision->verdict = verdict;
}
