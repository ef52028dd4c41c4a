/* backtest: a fold beside the recorded one, told the same events. */
#include "common/policy/trial/backtest.h"

#include "common/base/hash_set.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/decide/decide.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/state/asked.h"
#include "common/policy/state/group.h"
#include "common/policy/state/state_age.h"
#include "common/policy/state/state_set.h"
#include "common/policy/state/fold_deadline.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdlib.h>

/* Of deadlines that are not in the log: an epoch that no log has. */
#define OWN_EPOCH   UINT32_MAX
#define OWN_VERSION ((uint64_t)INT64_MAX)

enum { ARENA_SIZE = 8 * 1024 * 1024 };

/* A recorded case or follow-up, by its id: what it was about. */
struct recorded {
    bool was_refused;
    size_t group_size;
    char group[KEY_GROUP_SIZE];
    char id[];
};

struct backtest {
    struct backtest_options options;
    WirePolicyProposed proposed;
    struct fold *fold;
    struct decisions *decisions;
    struct arena *arena;
    struct tally *tally;
    struct hash_set own_logged;    /* deadlines that are in the log, */
    const struct hash_set *logged; /* or those that another one was told */
    struct hash_set seen;          /* what was opened then, by what it was about */
    struct map recorded;           /* live ones, by id */
    bool is_active;
    uint64_t own_seq;
    uint64_t judged;
};

/* --- beginning --- */

static void fill_proposal(struct backtest *backtest)
{
    backtest->proposed = (WirePolicyProposed)WIRE_POLICY_PROPOSED__INIT;
    backtest->proposed.name = "backtest";
    WIRE_SET(&backtest->proposed, document, wire_bytes(backtest->options.document));
    backtest->proposed.zones = (WireZoneTable **)backtest->options.zones;
    backtest->proposed.n_zones = backtest->options.zone_count;
}

static bool can_load(const struct backtest_options *options, char why[static WHY_SIZE])
{
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    AUTO(policy) *policy = policy_load(options->document, options->zones, options->zone_count, 0, findings);
    if (!policy)
        text_format(why, WHY_SIZE, "line %u, column %u: %s", findings->items[0].line,
                    findings->items[0].column, findings->items[0].sentence);
    free(findings);
    return policy != NULL;
}

struct backtest *backtest_new(const struct backtest_options *options, char why[static WHY_SIZE])
{
    if (!can_load(options, why))
        return NULL;
    struct backtest *backtest = NEW(backtest);
    backtest->options = *options;
    backtest->fold = fold_new(NULL, 1);
    backtest->decisions = decisions_new();
    backtest->decisions->looked = options->looked;
    backtest->decisions->owner = options->owner;
    backtest->logged = options->like ? options->like->logged : &backtest->own_logged;
    backtest->arena = arena_new(ARENA_SIZE);
    backtest->tally = tally_new();
    map_init(&backtest->recorded, 1);
    fill_proposal(backtest);
    return backtest;
}

void backtest_free(struct backtest *backtest)
{
    if (!backtest)
        return;
    struct recorded *recorded;
    MAP_EACH(recorded, &backtest->recorded)
        free(recorded);
    map_clear(&backtest->recorded);
    hash_set_clear(&backtest->own_logged);
    hash_set_clear(&backtest->seen);
    tally_free(backtest->tally);
    arena_free(backtest->arena);
    decisions_free(backtest->decisions);
    fold_free(backtest->fold);
    free(backtest);
}

const struct decisions *backtest_decisions(const struct backtest *backtest)
{
    return backtest->decisions;
}

const struct tally *backtest_tally(const struct backtest *backtest)
{
    return backtest->tally;
}

const struct fold *backtest_fold(const struct backtest *backtest)
{
    return backtest->fold;
}

uint64_t backtest_judged(const struct backtest *backtest)
{
    return backtest->judged;
}

/* --- deadlines --- */

static uint64_t deadline_hash(const char *foreign_id, int64_t due_at)
{
    char text[FOLD_ID_SIZE + 32];
    text_format(text, sizeof text, "%s@%lld", foreign_id, (long long)due_at);
    return map_hash(7, text, strlen(text));
}

void backtest_logged(struct backtest *backtest, const WireEvent *event)
{
    if (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED && event->foreign_id)
        hash_set_add(&backtest->own_logged, deadline_hash(event->foreign_id, event->deadline_passed->due_at));
}

static void count(struct backtest *backtest, enum tally_side side, const WireEvent *event,
                  WireDecision *const *decisions, size_t decision_count)
{
    const char *store_id = backtest->options.store_id;
    for (size_t i = 0; !backtest->options.heard && i < decision_count; i++)
        if (!store_id || (decisions[i]->store_id && text_equal(decisions[i]->store_id, store_id)))
            tally_add(backtest->tally, side, event, &decisions[i], 1);
}

static int judge(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                 char why[static WHY_SIZE])
{
    backtest->judged++;
    if (decide_event(backtest->fold, record, event, backtest->decisions))
        backtest->decisions->count = 0; /* it would have been quarantined */
    count(backtest, TALLY_AFTER, event, backtest->decisions->items, backtest->decisions->count);
    if (backtest->options.heard)
        backtest->options.heard(backtest->options.owner, event, backtest->decisions);
    return fold_apply(backtest->fold, record, event, backtest->decisions->items, backtest->decisions->count,
                      why);
}

static size_t case_key(const struct backtest *backtest, const WireCase *body,
                       char into[static KEY_GROUP_SIZE])
{
    const struct policy *policy =
        state_policy_of(backtest->fold, OWN_VERSION, body->store_id, body->opened_at);
    return group_key(policy ? rule_find_escalating(policy, body->rule) : NULL, body, into);
}

static size_t follow_up_key(const WireFollowUp *body, char into[static KEY_GROUP_SIZE])
{
    return key_group(body->store_id, body->interaction_id, body->rule, body->subject, body->drill, into);
}

/* Whether somebody saw then what this deadline is about. A rule's own time runs by itself. */
static bool was_seen(const struct backtest *backtest, const WireDeadlinePassed *passed)
{
    const struct escalation *escalation = state_escalation(backtest->fold, passed->subject);
    const struct follow_up *follow_up = state_follow_up(backtest->fold, passed->subject);
    if (escalation)
        return hash_set_has(&backtest->seen, map_hash(7, escalation->group, escalation->group_size));
    if (!follow_up)
        return true;
    arena_reset(backtest->arena, 0);
    const WireFollowUp *body = follow_up_read(follow_up, backtest->arena);
    char key[KEY_GROUP_SIZE];
    size_t size = body ? follow_up_key(body, key) : 0;
    return body && hash_set_has(&backtest->seen, map_hash(7, key, size));
}

static int pass(struct backtest *backtest, struct fold_deadline *deadline, int64_t now,
                char why[static WHY_SIZE])
{
    struct fold *fold = backtest->fold;
    uint32_t epoch = fold->epoch;
    uint64_t seq = fold->seq;
    WirePosition position = WIRE_POSITION__INIT;
    WireLoggedEvent record = WIRE_LOGGED_EVENT__INIT;
    const WireEvent event = fold_deadline_event(deadline);
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&event, &packed);
    arena_reset(backtest->arena, 0);
    WireEvent *own = wire_unpack(&wire_event__descriptor, bytes_slice(&packed), backtest->arena, NULL);
    WIRE_SET(&position, epoch, OWN_EPOCH);
    WIRE_SET(&position, seq, ++backtest->own_seq);
    record.position = &position;
    WIRE_SET(&record, recorded_at, now);
    WIRE_SET(&record, occurred_at, event.occurred_at);
    fold->seq = position.seq - 1;
    int rc = own ? judge(backtest, &record, own, why) : 0;
    fold->epoch = epoch;
    fold->seq = seq;
    return rc;
}

/* What the recorded clock has passed: what is due at this very time comes after what is recorded now. One that was
 * logged later waits for its place in the log; one of a case that nobody saw never passes. */
static int pass_due(struct backtest *backtest, int64_t now, char why[static WHY_SIZE])
{
    struct fold_deadline deadline;
    int64_t due_at;
    while (fold_next_deadline(backtest->fold, &due_at) && due_at + backtest->options.patience_us < now &&
           fold_due(backtest->fold, now, &deadline)) {
        bool is_logged =
            hash_set_has(backtest->logged, deadline_hash(deadline.foreign_id, deadline.body.due_at));
        if (is_logged || !was_seen(backtest, &deadline.body))
            continue;
        int64_t at = due_at > backtest->fold->recorded_at ? due_at : backtest->fold->recorded_at;
        int rc = pass(backtest, &deadline, at, why);
        if (rc)
            return rc;
    }
    return 0;
}

/* --- what people saw, and what they did --- */

static void see(struct backtest *backtest, const char *id, const char *group, size_t group_size)
{
    struct recorded *recorded = memory_zeroed(sizeof *recorded + strlen(id) + 1);
    memcpy(recorded->id, id, strlen(id) + 1);
    memcpy(recorded->group, group, group_size);
    recorded->group_size = group_size;
    hash_set_add(&backtest->seen, map_hash(7, recorded->group, recorded->group_size));
    map_put_text(&backtest->recorded, recorded->id, recorded);
}

static void forget(struct backtest *backtest, const char *id)
{
    free(map_take_text(&backtest->recorded, id));
}

static void see_decision(struct backtest *backtest, const WireDecision *decision)
{
    char key[KEY_GROUP_SIZE];
    const WireCase *body = decision->body_case == WIRE_DECISION__BODY_CASE ? decision->case_ : NULL;
    const WireFollowUp *follow_up =
        decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP ? decision->follow_up : NULL;
    const char *id = body ? body->escalation_id : follow_up ? follow_up->follow_up_id : NULL;
    const char *rule = body ? body->rule : follow_up ? follow_up->rule : NULL;
    if (!id || !rule || map_find_text(&backtest->recorded, id))
        return;
    size_t size = body ? case_key(backtest, body, key) : follow_up_key(follow_up, key);
    see(backtest, id, key, size);
}

static void forget_ended(struct backtest *backtest, const WireDecision *decision)
{
    WireDecisionKind kind = decision->kind;
    if (kind == WIRE_DECISION_KIND__CASE_RESOLVED || kind == WIRE_DECISION_KIND__CASE_OVERTAKEN)
        forget(backtest, decision->case_->escalation_id);
    else if (kind == WIRE_DECISION_KIND__FOLLOW_UP_DONE || kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN)
        forget(backtest, decision->follow_up->follow_up_id);
}

/* The case of the same interaction, rule and subject here. */
static const struct escalation *case_here(const struct backtest *backtest, const char *id)
{
    const struct escalation *same = state_escalation(backtest->fold, id);
    const struct recorded *recorded = map_find_text(&backtest->recorded, id);
    const struct escalation *live =
        recorded ? map_find(&backtest->fold->groups, recorded->group, recorded->group_size) : NULL;
    return live ? live : same;
}

static bool was_refused(WireDecision *const *decisions, size_t decision_count)
{
    for (size_t i = 0; i < decision_count; i++)
        if (decisions[i]->kind == WIRE_DECISION_KIND__ACT_REFUSED)
            return true;
    return false;
}

/* The follow-up of the same interaction, rule and subject. */
static const char *follow_up_here(struct backtest *backtest, const char *id)
{
    const struct recorded *recorded = map_find_text(&backtest->recorded, id);
    if (state_follow_up(backtest->fold, id) || !recorded)
        return id;
    LIST_EACH(node, &backtest->fold->recent_follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, recent);
        char key[KEY_GROUP_SIZE];
        arena_reset(backtest->arena, 0);
        const WireFollowUp *body = follow_up_read(follow_up, backtest->arena);
        size_t size = body ? follow_up_key(body, key) : 0;
        if (size == recorded->group_size && !memcmp(key, recorded->group, size))
            return follow_up->id;
    }
    return NULL;
}

/* Of an act as it is here. */
union act_body {
    WireCaseAcknowledged acknowledged;
    WireCaseAnswered answered;
    WireCaseDeclined declined;
    WireFollowUpDone done;
};

/* False: there is nothing here that it could be done to. An act that was accepted is done to the round that is here. */
static bool act_here(struct backtest *backtest, const WireEvent *event, WireDecision *const *decisions,
                     size_t decision_count, WireEvent *ret_event, union act_body *body)
{
    bool is_accepted = !was_refused(decisions, decision_count);
    const struct escalation *escalation = NULL;
    *ret_event = *event;
    if (event->body_case == WIRE_EVENT__BODY_FOLLOW_UP_DONE) {
        body->done = *event->follow_up_done;
        body->done.follow_up_id = (char *)follow_up_here(backtest, body->done.follow_up_id);
        ret_event->follow_up_done = &body->done;
        return body->done.follow_up_id;
    }
    if (event->body_case == WIRE_EVENT__BODY_CASE_ACKNOWLEDGED) {
        body->acknowledged = *event->case_acknowledged;
        ret_event->case_acknowledged = &body->acknowledged;
        if (is_accepted && (escalation = case_here(backtest, body->acknowledged.escalation_id))) {
            body->acknowledged.escalation_id = (char *)escalation->id;
            body->acknowledged.round = escalation->round;
        }
    } else if (event->body_case == WIRE_EVENT__BODY_CASE_DECLINED) {
        body->declined = *event->case_declined;
        ret_event->case_declined = &body->declined;
        if (is_accepted && (escalation = case_here(backtest, body->declined.escalation_id))) {
            body->declined.escalation_id = (char *)escalation->id;
            body->declined.round = escalation->round;
        }
    } else {
        body->answered = *event->case_answered;
        ret_event->case_answered = &body->answered;
        if (is_accepted && (escalation = case_here(backtest, body->answered.escalation_id))) {
            body->answered.escalation_id = (char *)escalation->id;
            body->answered.round = escalation->round;
        }
    }
    return escalation || !is_accepted;
}

/* --- one event --- */

/* It is in the log, and nothing follows from it here but that time has passed. */
static void skip(struct backtest *backtest, const WireLoggedEvent *record)
{
    struct fold *fold = backtest->fold;
    fold->epoch = record->position->epoch;
    fold->seq = record->position->seq;
    fold->recorded_at = record->recorded_at;
    backtest->decisions->count = 0;
    state_age(fold);
}

static int propose(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                   char why[static WHY_SIZE])
{
    if (backtest->is_active || backtest->options.since) {
        skip(backtest, record);
        return 0;
    }
    WireEvent own = *event;
    WirePolicyProposed proposed = *event->policy_proposed;
    proposed.document = backtest->proposed.document;
    proposed.zones = backtest->proposed.zones;
    proposed.n_zones = backtest->proposed.n_zones;
    own.policy_proposed = &proposed;
    backtest->is_active = true;
    return judge(backtest, record, &own, why);
}

static int judge_act(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                     WireDecision *const *decisions, size_t decision_count, char why[static WHY_SIZE])
{
    WireEvent own;
    union act_body body;
    if (act_here(backtest, event, decisions, decision_count, &own, &body))
        return judge(backtest, record, &own, why);
    skip(backtest, record);
    return 0;
}

static const struct deadline *deadline_here(const struct backtest *backtest, const WireEvent *event)
{
    const WireDeadlinePassed *passed = event->deadline_passed;
    const struct interaction *interaction =
        state_interaction(backtest->fold, event->store_id, event->interaction_id, event->drill);
    const struct countdown *countdown = countdown_find(interaction, passed->subject);
    const struct escalation *escalation = state_escalation(backtest->fold, passed->subject);
    const struct follow_up *follow_up = state_follow_up(backtest->fold, passed->subject);
    const struct promise *promise =
        promise_find(backtest->fold, event->store_id, passed->subject, event->drill);
    const struct appointment *appointment =
        appointment_find(backtest->fold, event->store_id, passed->subject, event->drill);
    const struct good_news *news = good_news_find(backtest->fold, event->store_id, passed->subject);
    const struct store *store = state_store(backtest->fold, event->store_id);
    switch ((int)passed->kind) {
    case WIRE_DEADLINE_KIND__RULE_DUE:
        return countdown ? &countdown->deadline : NULL;
    case WIRE_DEADLINE_KIND__ACKNOWLEDGE_DUE:
    case WIRE_DEADLINE_KIND__ANSWER_DUE:
        return escalation ? &escalation->deadline : NULL;
    case WIRE_DEADLINE_KIND__NOBODY_HOME_DUE:
        return escalation ? &escalation->unattended : NULL;
    case WIRE_DEADLINE_KIND__FOLLOW_UP_DUE:
    case WIRE_DEADLINE_KIND__FOLLOW_UP_LONG_DUE:
        return follow_up ? &follow_up->deadline : NULL;
    case WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PROMISE_DUE:
        return promise ? &promise->deadline : NULL;
    case WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE:
    case WIRE_DEADLINE_KIND__PREPARATION_DUE:
        return appointment ? &appointment->deadline : NULL;
    case WIRE_DEADLINE_KIND__WEEK_DUE:
        return store ? &store->care.deadline : NULL;
    case WIRE_DEADLINE_KIND__DIGEST_DUE:
        return news ? &news->deadline : NULL;
    case WIRE_DEADLINE_KIND__POLICY_BEGINS:
        return store ? &store->policy_begins : NULL;
    }
    return NULL;
}

/* Whether the same deadline, due at the same time, is open here. */
static bool is_open_here(const struct backtest *backtest, const WireEvent *event)
{
    const struct deadline *deadline = deadline_here(backtest, event);
    return deadline && deadline_is_of(deadline, event->deadline_passed->due_at);
}

static int judge_event(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                       WireDecision *const *decisions, size_t decision_count, char why[static WHY_SIZE])
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_POLICY_PROPOSED:
        return propose(backtest, record, event, why);
    case WIRE_EVENT__BODY_CASE_ACKNOWLEDGED:
    case WIRE_EVENT__BODY_CASE_ANSWERED:
    case WIRE_EVENT__BODY_CASE_DECLINED:
    case WIRE_EVENT__BODY_FOLLOW_UP_DONE:
        return judge_act(backtest, record, event, decisions, decision_count, why);
    case WIRE_EVENT__BODY_STAFF_WORD: /* of a case of the log's own, about which nobody need have been asked here */
        if (was_refused(decisions, decision_count) ||
            asked_find(backtest->fold, event->staff_word->escalation_id))
            return judge(backtest, record, event, why);
        skip(backtest, record);
        return 0;
    case WIRE_EVENT__BODY_DEADLINE_PASSED:
        if (is_open_here(backtest, event))
            return judge(backtest, record, event, why);
        skip(backtest, record);
        return 0;
    }
    return judge(backtest, record, event, why);
}

/* From here on the policy is in force. */
static int activate(struct backtest *backtest, int64_t at, char why[static WHY_SIZE])
{
    backtest->is_active = true;
    return state_add_policy(backtest->fold, &backtest->proposed, OWN_VERSION, at, why);
}

int backtest_event(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                   WireDecision *const *decisions, size_t decision_count, char why[static WHY_SIZE])
{
    int rc = 0;
    bool is_quarantined = decision_count && decisions[0]->kind == WIRE_DECISION_KIND__QUARANTINED;
    for (size_t i = 0; i < decision_count; i++)
        see_decision(backtest, decisions[i]);
    if (!backtest->is_active && backtest->options.since && record->recorded_at >= backtest->options.since)
        rc = activate(backtest, backtest->options.since, why);
    if (!rc && backtest->is_active)
        rc = pass_due(backtest, record->recorded_at, why);
    if (rc)
        return rc;
    bool is_first = event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED && !backtest->options.since;
    if (backtest->is_active || is_first)
        count(backtest, TALLY_BEFORE, event, decisions, decision_count);
    if (is_quarantined)
        backtest->decisions->count = 0;
    if (!is_quarantined && (backtest->is_active || is_first))
        rc = judge_event(backtest, record, event, decisions, decision_count, why);
    else
        rc = fold_apply(backtest->fold, record, event, decisions, decision_count, why);
    for (size_t i = 0; i < decision_count; i++)
        forget_ended(backtest, decisions[i]);
    return rc;
}
