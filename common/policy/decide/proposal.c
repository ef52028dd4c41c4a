/* proposal: made, and answered. */
#include "common/policy/decide/proposal.h"

#include "common/base/text.h"
#include "common/policy/decide/case.h"
#include "common/policy/decide/perform.h"
#include "common/policy/rules/figure.h"
#include "common/wire/set.h"

/* A figure, a rule or its row, or a role, whose limits they are. */
static bool policy_has(const struct policy *policy, const char *name)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        if (text_equal(policy->rules[i].name, name) || text_equal(policy->rules[i].row, name))
            return true;
    return figure_find(policy, name) || ladder_find(&policy->ladder, name) >= 0;
}

static void make(struct deciding *deciding, const WireChangeProposed *proposed, const char *promise_id)
{
    WirePromise *body = deciding_allocate(deciding, sizeof *body);
    if (!body)
        return;
    *body = (WirePromise)WIRE_PROMISE__INIT;
    body->promise_id = deciding_keep(deciding, promise_id);
    body->store_id = (char *)deciding->store_id;
    body->state = (char *)promise_state_word(PROMISE_OPEN);
    WIRE_SET(body, made_at, deciding->occurrence.at);
    WIRE_SET(body, due_at,
             proposed->has_due_at ? proposed->due_at
                                  : deciding->occurrence.at + deciding->policy->answer_within_us);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    body->owed_by_role = (char *)policy_keeper(deciding->policy);
    body->to_employee_id = deciding->occurrence.event->employee_id;
    body->about = proposed->about;
    body->escalation_ids = proposed->escalation_ids;
    body->n_escalation_ids = proposed->n_escalation_ids;
    deciding->promise_after = body;
    deciding->promise_state = PROMISE_OPEN;
    deciding->promise_changes = true;
}

static bool look_at(struct deciding *deciding, const struct promise *promise)
{
    deciding->promise = promise;
    deciding->promise_state = promise->state;
    deciding->promise_after = promise_read(promise, &deciding->out->arena);
    deciding->is_full |= !deciding->promise_after;
    return deciding->promise_after != NULL;
}

void proposal_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    char promise_id[PROPOSAL_PROMISE_SIZE];
    if (event->body_case != WIRE_EVENT__BODY_CHANGE_PROPOSED ||
        !policy_has(deciding->policy, event->change_proposed->about))
        return;
    promise_id_of_proposal(event->change_proposed->proposal_id, promise_id);
    const struct promise *before =
        promise_find(deciding->fold, deciding->store_id, promise_id, deciding->is_drill);
    if (before)
        look_at(deciding, before);
    else
        make(deciding, event->change_proposed, promise_id);
}

bool proposal_answer(struct deciding *deciding, const struct promise *promise)
{
    static const char *const words[] = {
        [WIRE_ANSWER__GRANTED] = "granted", [WIRE_ANSWER__REFUSED] = "refused", [WIRE_ANSWER__DONE] = "done"};
    const WireEvent *event = deciding->occurrence.event;
    if (!look_at(deciding, promise))
        return false;
    WirePromise *body = deciding->promise_after;
    body->answer = (char *)words[event->change_answered->answer];
    body->answered_by = event->employee_id;
    deciding->promise_changes = true;
    deciding->is_drill = promise->is_drill; /* whoever answers need not say so */
    if (promise->state != PROMISE_BROKEN) {
        body->state = (char *)promise_state_word(PROMISE_KEPT);
        WIRE_SET(body, ended_at, deciding->occurrence.at);
        deciding->promise_state = PROMISE_KEPT;
    }
    perform_rules(deciding, &deciding->policy->by_event[WIRE_EVENT__BODY_CHANGE_ANSWERED], NULL);
    case_overtake_subject(deciding, WIRE_DEADLINE_KIND__PROMISE_DUE, NULL, body->promise_id);
    return true;
}
