/* promise: what events and time conclude about promises. What is written down is decided by the rules: see `record`. */
#include "common/policy/decide/promise.h"

#include "common/policy/decide/authority.h"
#include "common/policy/decide/case.h"
#include "common/wire/set.h"

static void make(struct deciding *deciding, WirePromise *body)
{
    const WireEvent *event = deciding->occurrence.event;
    const WirePromiseMade *made = event->promise_made;
    *body = (WirePromise)WIRE_PROMISE__INIT;
    body->promise_id = made->promise_id;
    body->store_id = (char *)deciding->store_id;
    body->interaction_id = (char *)deciding->interaction_id;
    body->state = (char *)promise_state_word(PROMISE_OPEN);
    const struct relation relation = deciding_relation(deciding);
    const char *given_since = relation_given_since(&relation, deciding->occurrence.at);
    body->owner = given_since          ? deciding_keep(deciding, given_since)
                  : event->employee_id ? event->employee_id
                                       : deciding_owner(deciding);
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

/* The word of the promise's end may come after its due time: what ended in time was not broken. Of two ends the first
 * counts, whichever is told first. */
static bool may_end(const struct deciding *deciding, enum promise_state otherwise)
{
    const struct promise *promise = deciding->promise;
    int64_t at = deciding->occurrence.at;
    return promise_is_live(promise->state) || (promise->state == PROMISE_BROKEN && at <= promise->due_at) ||
           (promise->state == otherwise && at < deciding->promise_after->ended_at);
}

static void keep(struct deciding *deciding)
{
    if (!may_end(deciding, PROMISE_WITHDRAWN))
        return;
    if (deciding->occurrence.event->promise_kept->evidence)
        deciding->promise_after->evidence = deciding->occurrence.event->promise_kept->evidence;
    end(deciding, PROMISE_KEPT, deciding->occurrence.at);
}

/* It was settled after it was put off, and that is told first. */
static bool was_settled_since(const struct deciding *deciding)
{
    return deciding->promise->is_settled && deciding->promise->settled_at >= deciding->occurrence.at;
}

static void renegotiate(struct deciding *deciding)
{
    const struct promise *promise = deciding->promise;
    WirePromise *body = deciding->promise_after;
    int64_t due_at = deciding->occurrence.event->promise_renegotiated->due_at;
    bool is_same = promise->state == PROMISE_RENEGOTIATED && promise->due_at == due_at;
    if (is_same || promise->state == PROMISE_KEPT || promise->state == PROMISE_WITHDRAWN ||
        deciding->occurrence.at < promise->moved_at)
        return;
    if (was_settled_since(deciding)) {
        bool is_late = promise->is_kept && promise->settled_at > due_at;
        body->due_at = due_at;
        end(deciding,
            is_late            ? PROMISE_BROKEN
            : promise->is_kept ? PROMISE_KEPT
                               : PROMISE_WITHDRAWN,
            is_late ? due_at : promise->settled_at);
        return;
    }
    body->state = (char *)promise_state_word(PROMISE_RENEGOTIATED);
    body->due_at = due_at;
    body->has_ended_at = false;
    body->late = deciding->is_late;
    deciding->promise_state = PROMISE_RENEGOTIATED;
    deciding->promise_changes = true;
}

/* No clock runs for what is told when it is old: what was due by then is broken now. */
static void break_old(struct deciding *deciding)
{
    const WirePromise *body = deciding->promise_after;
    if (body && deciding->promise_changes && deciding->is_old && promise_is_live(deciding->promise_state) &&
        body->due_at <= deciding->occurrence.recorded_at)
        end(deciding, PROMISE_BROKEN, body->due_at);
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
        if (may_end(deciding, PROMISE_KEPT))
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

/* Its end, or another due time, was told already. Whatever was kept too late was broken first. */
static void make_foretold(struct deciding *deciding, const struct promise *promise)
{
    const WirePromise *told = promise_read(promise, &deciding->out->arena);
    deciding->is_full |= !told;
    if (!told || !deciding->promise_after)
        return;
    WirePromise *body = deciding->promise_after;
    deciding->promise = promise;
    if (told->has_due_at) {
        deciding->promise_broke_at = promise->moved_at > body->due_at ? body->due_at : 0;
        body->due_at = told->due_at;
        body->state = (char *)promise_state_word(PROMISE_RENEGOTIATED);
        deciding->promise_state = PROMISE_RENEGOTIATED;
    }
    if (!told->has_ended_at)
        return;
    if (told->evidence)
        body->evidence = told->evidence;
    bool is_late = told->ended_at > body->due_at;
    end(deciding, is_late ? PROMISE_BROKEN : promise->state, is_late ? body->due_at : told->ended_at);
}

/* --- in danger --- */

bool promise_is_endangered_by(const WireEvent *event)
{
    return event->body_case == WIRE_EVENT__BODY_STOCK_EXPECTED ||
           event->body_case == WIRE_EVENT__BODY_OFF_DUTY;
}

/* A promise that is told after what happened since it was made. */
static void endanger_told_last(struct deciding *deciding)
{
    const WirePromise *body = deciding->promise_after;
    int64_t made_at = deciding->occurrence.at;
    const struct shelf *shelf = stock_find(deciding->fold, deciding->store_id, body->product_id);
    const struct employee *keeper = state_employee(deciding->fold, deciding->store_id, body->owner);
    bool is_open = promise_is_live(deciding->promise_state);
    deciding->is_stock_put_off = is_open && !deciding->is_drill && shelf &&
                                 shelf->expected_told_at > made_at && shelf->expected_at > body->due_at;
    deciding->is_keeper_gone = is_open && !deciding->is_drill && keeper && staff_is_off(keeper) &&
                               keeper->duty_at > made_at && keeper->duty_at < body->due_at;
}

/* Nothing endangered it before: it was expected in time, or nobody knew when. */
static bool waits_for_what_is_put_off(const struct deciding *deciding, const struct promise *promise)
{
    const WireStockExpected *expected = deciding->occurrence.event->stock_expected;
    const struct shelf *shelf = stock_find(deciding->fold, deciding->store_id, expected->product_id);
    int64_t at = deciding->occurrence.at;
    bool is_overtaken = shelf && (at < shelf->expected_told_at || at < shelf->arrived_at);
    return promise->product && text_equal(promise->product, expected->product_id) &&
           text_equal(promise->key, deciding->store_id) && promise->due_at < expected->expected_at &&
           !is_overtaken && !(shelf && shelf->expected_at > promise->due_at) &&
           !(shelf && shelf->arrived_at >= promise->made_at);
}

static void look_at_danger(struct deciding *deciding, const struct promise *promise, const struct rule *rule,
                           const struct trigger *trigger, promise_look *look)
{
    bool is_ours = promise->is_drill == deciding->is_drill && !promise->is_foretold &&
                   promise->made_at <= deciding->occurrence.at && promise->due_at > deciding->occurrence.at;
    if (!is_ours || !look_at(deciding, promise))
        return;
    const WirePromise *body = deciding->promise_after;
    deciding_turn_to(deciding, body->interaction_id, body->customer_id, body->owner);
    deciding->out->workspace->facts.filled &= ~(1U << FACT_PROMISE);
    look(deciding, rule, trigger);
}

void promise_each_in_danger(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                            promise_look *look)
{
    const struct deciding own = *deciding;
    const WireEvent *event = deciding->occurrence.event;
    const struct fold *fold = deciding->fold;
    if (event->body_case == WIRE_EVENT__BODY_STOCK_EXPECTED) {
        deciding->is_stock_put_off = true;
        LIST_EACH(node, &fold->live_promises) {
            const struct promise *promise = CONTAINER_OF(node, struct promise, recent);
            if (waits_for_what_is_put_off(deciding, promise))
                look_at_danger(deciding, promise, rule, trigger, look);
        }
    } else {
        const struct employee *keeper = state_employee(fold, deciding->store_id, event->employee_id);
        const struct list *promises = promises_of_bearer(fold, deciding->store_id, event->employee_id);
        bool is_gone_before = keeper && !deciding->is_drill &&
                              (staff_is_off(keeper) || deciding->occurrence.at < keeper->duty_at);
        deciding->is_keeper_gone = true;
        if (promises && !is_gone_before)
            LIST_EACH(node, promises)
                look_at_danger(deciding, CONTAINER_OF(node, struct promise, in_bearer), rule, trigger, look);
    }
    deciding_turn_to(deciding, own.interaction_id, own.customer_id, own.owner);
    deciding->after = own.after;
    deciding->customer_after = own.customer_after;
    deciding->promise = own.promise;
    deciding->promise_after = own.promise_after;
    deciding->promise_state = own.promise_state;
    deciding->is_stock_put_off = deciding->is_keeper_gone = false;
    deciding->out->workspace->facts.filled &= ~(1U << FACT_PROMISE);
}

void promise_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *promise_id = promise_id_of(event);
    const struct promise *promise =
        promise_find(deciding->fold, deciding->store_id, promise_id, deciding->is_drill);
    if (!promise_id)
        return;
    if (promise_is_of_proposal(promise_id)) {
        deciding_add_finding(deciding, promise_id,
                             "No promise may be called so: the answer to a proposal is.", 0);
        return;
    }
    bool is_new = event->body_case == WIRE_EVENT__BODY_PROMISE_MADE && (!promise || promise->is_foretold);
    if (is_new) {
        WirePromise *body = deciding_allocate(deciding, sizeof *body);
        if (body)
            make(deciding, body);
        deciding->promise_after = body;
        if (promise)
            make_foretold(deciding, promise);
        if (body)
            endanger_told_last(deciding);
        break_old(deciding);
    } else if (promise && !promise->is_foretold) {
        if (look_at(deciding, promise))
            change(deciding);
        break_old(deciding);
    } else {
        deciding_add_finding(deciding, promise_id, "There is no such promise, or it ended long ago.", 0);
    }
}

static WireDecision *record(struct deciding *deciding, const struct rule *rule, WirePromise *body)
{
    WireDecision *decision = deciding_add(deciding, WIRE_DECISION_KIND__PROMISE_CHANGED, rule);
    if (!decision)
        return NULL;
    decision->store_id = body->store_id;
    decision->interaction_id = body->interaction_id;
    decision->subject_id = body->promise_id;
    decision->audience = body->owner ? body->owner : body->owed_by_role;
    decision->body_case = WIRE_DECISION__BODY_PROMISE;
    decision->promise = body;
    return decision;
}

/* It was put off when it was due already, and that is told first: it was broken before. */
static void record_break(struct deciding *deciding, const struct rule *rule)
{
    WirePromise *body = deciding->promise_broke_at ? deciding_allocate(deciding, sizeof *body) : NULL;
    if (!body)
        return;
    *body = *deciding->promise_after;
    body->due_at = deciding->promise_broke_at;
    body->state = (char *)promise_state_word(PROMISE_BROKEN);
    WIRE_SET(body, ended_at, deciding->promise_broke_at);
    record(deciding, rule, body);
}

void promise_record(struct deciding *deciding, const struct rule *rule)
{
    WirePromise *body = deciding->promise_after;
    if (!body || !deciding->promise_changes || deciding->promise_is_recorded)
        return;
    record_break(deciding, rule);
    WireDecision *decision = record(deciding, rule, body);
    deciding->promise_is_recorded = decision != NULL;
    if (decision && promise_is_live(deciding->promise_state) &&
        body->due_at > deciding->occurrence.recorded_at)
        decision->silenced = false; /* what is still to come is kept in mind, however late it is told */
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
    int keeper = body->owed_by_role ? ladder_find(&deciding->policy->ladder, body->owed_by_role) : -1;
    *ret_proof = NULL;
    if (keeper >= 0)
        return (unsigned)keeper;
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
