/* promise: what events and time conclude about promises. What is written down is decided by the rules: see `record`. */
#include "common/policy/decide/promise.h"

#include "common/policy/decide/authority.h"
#include "common/policy/decide/case.h"
#include "common/wire/set.h"

static const char *promise_id_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_PROMISE_MADE:
        return event->promise_made->promise_id;
    case WIRE_EVENT__BODY_PROMISE_KEPT:
        return event->promise_kept->promise_id;
    case WIRE_EVENT__BODY_PROMISE_RENEGOTIATED:
        return event->promise_renegotiated->promise_id;
    case WIRE_EVENT__BODY_PROMISE_WITHDRAWN:
        return event->promise_withdrawn->promise_id;
    }
    return NULL;
}

static void make(struct deciding *deciding, WirePromise *body)
{
    const WireEvent *event = deciding->occurrence.event;
    const WirePromiseMade *made = event->promise_made;
    *body = (WirePromise)WIRE_PROMISE__INIT;
    body->promise_id = made->promise_id;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->state = (char *)promise_state_word(PROMISE_OPEN);
    body->owner = event->employee_id ? event->employee_id : deciding_owner(deciding);
    body->customer_id =
        made->to_customer_id ? made->to_customer_id : deciding_keep(deciding, deciding->customer_id);
    WIRE_SET(body, made_at, deciding->occurrence.at);
    WIRE_SET(body, due_at, made->due_at);
    body->worth = made->worth;
    body->product_id = made->product_id;
    body->evidence = made->evidence;
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    deciding->promise_state = PROMISE_OPEN;
    deciding->promise_changes = true;
}

static void end(struct deciding *deciding, enum promise_state state, int64_t at)
{
    WirePromise *body = deciding->promise_after;
    body->state = (char *)promise_state_word(state);
    WIRE_SET(body, ended_at, at);
    deciding->promise_state = state;
    deciding->promise_changes = true;
}

/* The word of the promise's end may come after its due time; what was kept in time was not broken. */
static void keep(struct deciding *deciding)
{
    const struct promise *promise = deciding->promise;
    bool was_in_time = promise->state == PROMISE_BROKEN && deciding->occurrence.at <= promise->due_at;
    if (!promise_is_live(promise->state) && !was_in_time)
        return;
    if (deciding->occurrence.event->promise_kept->evidence)
        deciding->promise_after->evidence = deciding->occurrence.event->promise_kept->evidence;
    end(deciding, PROMISE_KEPT, deciding->occurrence.at);
}

static void renegotiate(struct deciding *deciding)
{
    const struct promise *promise = deciding->promise;
    WirePromise *body = deciding->promise_after;
    int64_t due_at = deciding->occurrence.event->promise_renegotiated->due_at;
    bool is_same = promise->state == PROMISE_RENEGOTIATED && promise->due_at == due_at;
    if (is_same || promise->state == PROMISE_KEPT || promise->state == PROMISE_WITHDRAWN)
        return;
    body->state = (char *)promise_state_word(PROMISE_RENEGOTIATED);
    body->due_at = due_at;
    body->has_ended_at = false;
    body->late = deciding->is_late;
    deciding->promise_state = PROMISE_RENEGOTIATED;
    deciding->promise_changes = true;
}

static void change(struct deciding *deciding)
{
    switch ((int)deciding->occurrence.event->body_case) {
    case WIRE_EVENT__BODY_PROMISE_KEPT:
        keep(deciding);
        break;
    case WIRE_EVENT__BODY_PROMISE_RENEGOTIATED:
        renegotiate(deciding);
        break;
    case WIRE_EVENT__BODY_PROMISE_WITHDRAWN:
        if (promise_is_live(deciding->promise->state))
            end(deciding, PROMISE_WITHDRAWN, deciding->occurrence.at);
        break;
    }
}

static bool look_at(struct deciding *deciding, const struct promise *promise)
{
    deciding->promise = promise;
    deciding->promise_state = promise->state;
    deciding->promise_after = promise_read(promise, &deciding->out->arena);
    deciding->is_full |= !deciding->promise_after;
    return deciding->promise_after != NULL;
}

/* Its end was told already. */
static void make_ended(struct deciding *deciding, const struct promise *promise)
{
    const WirePromise *told = promise_read(promise, &deciding->out->arena);
    deciding->is_full |= !told;
    if (!told || !deciding->promise_after)
        return;
    deciding->promise = promise;
    if (told->evidence)
        deciding->promise_after->evidence = told->evidence;
    end(deciding, promise->state, told->ended_at);
}

void promise_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *promise_id = promise_id_of(event);
    const struct promise *promise =
        promise_find(deciding->fold, deciding->store_id, promise_id, deciding->is_drill);
    if (!promise_id)
        return;
    bool is_new = event->body_case == WIRE_EVENT__BODY_PROMISE_MADE && (!promise || promise->is_foretold);
    if (is_new) {
        WirePromise *body = deciding_allocate(deciding, sizeof *body);
        if (body)
            make(deciding, body);
        deciding->promise_after = body;
        if (promise)
            make_ended(deciding, promise);
    } else if (promise) {
        if (look_at(deciding, promise))
            change(deciding);
    } else {
        deciding_add_finding(deciding, promise_id, "There is no such promise, or it ended long ago.", 0);
    }
}

void promise_record(struct deciding *deciding, const struct rule *rule)
{
    WirePromise *body = deciding->promise_after;
    if (!body || !deciding->promise_changes || deciding->promise_is_recorded)
        return;
    WireDecision *decision = deciding_add(deciding, WIRE_DECISION_KIND__PROMISE_CHANGED, rule);
    if (!decision)
        return;
    deciding->promise_is_recorded = true;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->subject_id = body->promise_id;
    decision->audience = body->owner;
    decision->body_case = WIRE_DECISION__BODY_PROMISE;
    decision->promise = body;
}

void promise_overtake(struct deciding *deciding)
{
    const WirePromise *body = deciding->promise_after;
    if (body && deciding->promise && deciding->occurrence.event->body_case != WIRE_EVENT__BODY_PROMISE_MADE)
        case_overtake_subject(deciding, WIRE_DEADLINE_KIND__PROMISE_DUE, body->interaction_id,
                              body->promise_id);
}

bool promise_come_due(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    bool is_reminder = passed->kind == WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE;
    const struct promise *promise =
        promise_find(deciding->fold, deciding->store_id, passed->subject, deciding->is_drill);
    if (!promise || promise->round != passed->round || !promise_is_live(promise->state) ||
        is_reminder != (promise->remind_at != 0) || !look_at(deciding, promise))
        return false;
    const WirePromise *body = deciding->promise_after;
    deciding->is_late = body->late;
    deciding_turn_to(deciding, body->interaction_id, body->customer_id, body->owner);
    if (!is_reminder)
        end(deciding, PROMISE_BROKEN, promise->due_at);
    return true;
}

unsigned promise_level(struct deciding *deciding, WireProof **ret_proof)
{
    const WirePromise *body = deciding->promise_after;
    unsigned lead =
        deciding_level_above(deciding, deciding->policy, deciding->store_id, deciding->promise_after->owner);
    *ret_proof = NULL;
    if (!body->worth)
        return lead;
    struct authority_request request = {
        .minor = body->worth->minor,
        .currency = body->worth->currency,
        .store_id = deciding->store_id,
        .customer_id = body->customer_id,
        .day = calendar_day(deciding->policy, deciding->store_id, deciding->occurrence.at),
    };
    return authority_lowest(deciding, deciding->policy, lead, &request, NULL, ret_proof);
}
