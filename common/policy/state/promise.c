/* promise: words of its states, its entries and their clocks. */
#include "common/policy/state/promise.h"

#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_age.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

enum { FORETOLD_BYTES = 16 * 1024 }; /* more than a promise takes */

static const char *const words[] = {"open", "kept", "broken", "renegotiated", "withdrawn"};

const char *promise_state_word(enum promise_state state)
{
    return words[state];
}

static enum promise_state state_find(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(words[i], word))
            return (enum promise_state)i;
    return PROMISE_WITHDRAWN;
}

WirePromise *promise_read(const struct promise *promise, struct arena *arena)
{
    return wire_unpack(&wire_promise__descriptor, slice_of(promise->packed, promise->packed_size), arena,
                       NULL);
}

int64_t promise_remind_at(const struct policy *policy, int64_t from, int64_t due_at)
{
    int64_t left = due_at - from;
    int64_t share = left / 100 * policy->reminding.percent + left % 100 * policy->reminding.percent / 100;
    int64_t least = policy->reminding.at_least_us;
    if (left <= 0 || policy->reminding.percent <= 0)
        return 0;
    return due_at - (share < least && least < left ? least : share);
}

struct promise *promise_find(const struct fold *fold, const char *store_id, const char *promise_id,
                             bool is_drill)
{
    char key[KEY_CONTACT_SIZE];
    return promise_id ? map_find(&fold->promises, key, key_contact(store_id, promise_id, is_drill, key))
                      : NULL;
}

static struct bearer *find_bearer(const struct fold *fold, const char *store_id, const char *employee_id)
{
    char key[KEY_PAIR_SIZE];
    return employee_id ? map_find(&fold->bearers, key, key_pair(store_id, employee_id, key)) : NULL;
}

const struct list *promises_of_bearer(const struct fold *fold, const char *store_id, const char *employee_id)
{
    const struct bearer *bearer = find_bearer(fold, store_id, employee_id);
    return bearer ? &bearer->promises : NULL;
}

unsigned promises_around(const struct fold *fold, const char *store_id, const char *employee_id,
                         int64_t due_at, int64_t window_us, const struct promise *but, bool is_drill)
{
    const struct bearer *bearer = find_bearer(fold, store_id, employee_id);
    unsigned count = 0;
    if (!bearer)
        return 0;
    LIST_EACH(node, &bearer->promises) {
        const struct promise *promise = CONTAINER_OF(node, struct promise, in_bearer);
        count += promise != but && promise->is_drill == is_drill && promise->due_at >= due_at - window_us &&
                 promise->due_at <= due_at + window_us;
    }
    return count;
}

static struct promise *make(struct fold *fold, const char *store_id, const char *promise_id, bool is_drill)
{
    struct promise *promise = promise_find(fold, store_id, promise_id, is_drill);
    if (!promise) {
        char key[KEY_CONTACT_SIZE];
        size_t key_size = key_contact(store_id, promise_id, is_drill, key);
        ENTRY_ADD(fold, &fold->promises, promise, key, key_size);
        promise->deadline.owner = DEADLINE_OF_PROMISE;
        promise->is_drill = is_drill;
    }
    promise->touched_at = fold->recorded_at;
    return promise;
}

static void leave_bearer(struct fold *fold, struct promise *promise)
{
    struct bearer *bearer = promise->bearer;
    list_remove(&promise->in_bearer);
    promise->bearer = NULL;
    if (!bearer || !list_is_empty(&bearer->promises))
        return;
    map_take(&fold->bearers, bearer->key, bearer->key_size);
    entry_free(fold, bearer, sizeof *bearer, bearer->key_size);
}

static void join_bearer(struct fold *fold, struct promise *promise, const char *store_id,
                        const char *employee_id)
{
    struct bearer *bearer = find_bearer(fold, store_id, employee_id);
    if (!bearer) {
        char key[KEY_PAIR_SIZE];
        size_t key_size = key_pair(store_id, employee_id, key);
        ENTRY_ADD(fold, &fold->bearers, bearer, key, key_size);
        list_init(&bearer->promises);
    }
    promise->bearer = bearer;
    list_append(&bearer->promises, &promise->in_bearer);
}

static void become(struct fold *fold, struct promise *promise, const WirePromise *body)
{
    entry_repack(fold, &body->base, &promise->packed, &promise->packed_size);
    promise->state = state_find(body->state);
    promise->due_at = body->due_at;
    promise->made_at = body->made_at;
    promise->is_foretold = !body->has_made_at;
    name_own(&fold->names, &promise->customer, body->customer_id);
    name_own(&fold->names, &promise->product, body->product_id);
    name_own(&fold->names, &promise->interaction, body->customer_id ? NULL : body->interaction_id);
    leave_bearer(fold, promise);
    if (promise_is_live(promise->state) && body->owner)
        join_bearer(fold, promise, body->store_id, body->owner);
    entry_touch(promise_is_live(promise->state) ? &fold->live_promises : &fold->ended_promises,
                &promise->recent);
}

static void arm(struct fold *fold, struct promise *promise)
{
    if (!promise_is_live(promise->state) || promise->is_silenced)
        deadline_stop(&fold->deadlines, &promise->deadline);
    else
        deadline_set(&fold->deadlines, &promise->deadline,
                     promise->remind_at ? promise->remind_at : promise->due_at);
}

void promise_take_name(struct fold *fold, struct promise *promise, const char *customer_id)
{
    AUTO(arena) *arena = arena_new(FORETOLD_BYTES);
    WirePromise *body = promise_read(promise, arena);
    if (!body)
        return;
    body->customer_id = (char *)customer_id;
    entry_repack(fold, &body->base, &promise->packed, &promise->packed_size);
    name_own(&fold->names, &promise->customer, customer_id);
    name_own(&fold->names, &promise->interaction, NULL);
}

void promise_become(struct fold *fold, const WireDecision *decision, int64_t at, uint64_t seq)
{
    const WirePromise *body = decision->promise;
    struct promise *promise = make(fold, body->store_id, body->promise_id, body->drill);
    const struct policy *policy = state_policy(fold, decision->policy_version);
    promise->round++;
    promise->seq = seq;
    promise->is_silenced = decision->silenced;
    promise->is_settled = body->has_ended_at && (promise->is_settled || promise->is_foretold);
    if (body->has_made_at && text_equal(body->state, words[PROMISE_RENEGOTIATED]) && promise->moved_at < at)
        promise->moved_at = at;
    if (body->answer) {
        promise->is_settled = promise->is_kept = true;
        promise->settled_at = at;
    }
    promise->remind_at = body->due_at > fold->recorded_at ? promise_remind_at(policy, at, body->due_at) : 0;
    become(fold, promise, body);
    arm(fold, promise);
}

void promise_hand_on(struct fold *fold, const WirePromise *body)
{
    struct promise *promise = promise_find(fold, body->store_id, body->promise_id, body->drill);
    if (!promise)
        return;
    promise->touched_at = fold->recorded_at;
    become(fold, promise, body);
}

/* The first end counts, and the last due time. */
static void foresee(const struct occurrence *occurrence, int64_t moved_at, WirePromise *body)
{
    const WireEvent *event = occurrence->event;
    bool is_kept = event->body_case == WIRE_EVENT__BODY_PROMISE_KEPT;
    if (event->body_case == WIRE_EVENT__BODY_PROMISE_RENEGOTIATED) {
        if (occurrence->at >= moved_at)
            WIRE_SET(body, due_at, event->promise_renegotiated->due_at);
        if (!body->has_ended_at)
            body->state = (char *)promise_state_word(PROMISE_RENEGOTIATED);
        return;
    }
    if (body->has_ended_at && body->ended_at <= occurrence->at)
        return;
    body->state = (char *)promise_state_word(is_kept ? PROMISE_KEPT : PROMISE_WITHDRAWN);
    WIRE_SET(body, ended_at, occurrence->at);
    body->evidence = is_kept ? event->promise_kept->evidence : NULL;
}

/* Kept or called off, whatever it is taken for: the first time counts. */
static void settle(struct promise *promise, const struct occurrence *occurrence)
{
    if (promise->is_settled && promise->settled_at && promise->settled_at <= occurrence->at)
        return;
    promise->is_settled = true;
    promise->is_kept = occurrence->event->body_case == WIRE_EVENT__BODY_PROMISE_KEPT;
    promise->settled_at = occurrence->at;
}

/* Registers that were offline tell of the making last. */
static void foretell(struct fold *fold, const struct occurrence *occurrence, struct promise *promise,
                     const char *promise_id)
{
    const WireEvent *event = occurrence->event;
    AUTO(arena) *arena = arena_new(FORETOLD_BYTES);
    WirePromise fresh = WIRE_PROMISE__INIT, *body = promise ? promise_read(promise, arena) : &fresh;
    if (!body)
        return;
    body->promise_id = (char *)promise_id;
    body->store_id = event->store_id;
    WIRE_SET(body, drill, event->drill);
    foresee(occurrence, promise ? promise->moved_at : 0, body);
    promise = make(fold, event->store_id, promise_id, event->drill);
    promise->seq = occurrence->seq;
    if (event->body_case != WIRE_EVENT__BODY_PROMISE_RENEGOTIATED)
        settle(promise, occurrence);
    else if (promise->moved_at < occurrence->at)
        promise->moved_at = occurrence->at;
    become(fold, promise, body);
}

static const char proposal[] = "proposal/";

void promise_id_of_proposal(const char *proposal_id, char into[static PROPOSAL_PROMISE_SIZE])
{
    text_format(into, PROPOSAL_PROMISE_SIZE, "%s%s", proposal, proposal_id);
}

bool promise_is_of_proposal(const char *promise_id)
{
    return text_starts_with(promise_id, proposal);
}

const char *promise_id_of(const WireEvent *event)
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

void promise_observe(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    const char *promise_id = promise_id_of(event);
    if (!promise_id || event->body_case == WIRE_EVENT__BODY_PROMISE_MADE ||
        promise_is_of_proposal(promise_id))
        return;
    struct promise *promise = promise_find(fold, event->store_id, promise_id, event->drill);
    if (!promise || promise->is_foretold)
        foretell(fold, occurrence, promise, promise_id);
    else if (event->body_case != WIRE_EVENT__BODY_PROMISE_RENEGOTIATED)
        settle(promise, occurrence);
}

void promise_expire(struct fold *fold, struct promise *promise, const WireDeadlinePassed *passed)
{
    bool is_reminder = passed->kind == WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE;
    if (promise->round != passed->round || is_reminder != (promise->remind_at != 0))
        return;
    promise->remind_at = 0;
    if (is_reminder)
        arm(fold, promise);
    else
        deadline_stop(&fold->deadlines, &promise->deadline);
}

/* --- forgetting --- */

static void drop(struct fold *fold, struct promise *promise)
{
    leave_bearer(fold, promise);
    deadline_stop(&fold->deadlines, &promise->deadline);
    name_own(&fold->names, &promise->customer, NULL);
    name_own(&fold->names, &promise->product, NULL);
    name_own(&fold->names, &promise->interaction, NULL);
    fold->bytes -= promise->packed_size;
    free(promise->packed);
    ENTRY_REMOVE(fold, &fold->promises, promise);
}

/* One that is due later is no older than it was. */
static bool is_still_to_come(struct fold *fold, struct list *list, struct promise *promise)
{
    if (!promise_is_live(promise->state) || promise->due_at <= fold->recorded_at ||
        fold->promises.count > fold->limits.promises)
        return false;
    promise->touched_at = fold->recorded_at;
    entry_touch(list, &promise->recent);
    return true;
}

static void age(struct fold *fold, struct list *list, int64_t age_us)
{
    for (struct list_node *node; (node = list_first(list));) {
        struct promise *oldest = CONTAINER_OF(node, struct promise, recent);
        bool is_old = oldest->touched_at + age_us < fold->recorded_at;
        if (!is_old && fold->promises.count <= fold->limits.promises)
            return;
        if (is_old && is_still_to_come(fold, list, oldest))
            continue;
        fold->forgotten += !is_old;
        drop(fold, oldest);
    }
}

void promises_age(struct fold *fold)
{
    age(fold, &fold->ended_promises, fold->limits.remedy_age_ms * 1000);
    age(fold, &fold->live_promises, state_age_us(fold, fold->limits.customer_age_ms));
}

void promises_clear(struct fold *fold)
{
    ENTRIES_CLEAR(promise, &fold->live_promises, drop)
    ENTRIES_CLEAR(promise, &fold->ended_promises, drop)
    map_clear(&fold->promises);
    map_clear(&fold->bearers);
}

/* --- snapshots --- */

static void put_promises(const struct list *list, struct bytes *into)
{
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        const struct promise *promise = CONTAINER_OF(node, struct promise, recent);
        bytes_append_u32(into, promise->round);
        bytes_append_u64(into, (uint64_t)promise->remind_at);
        bytes_append_u64(into, promise->seq);
        bytes_append_u64(into, (uint64_t)promise->touched_at);
        bytes_append_u8(into, promise->is_silenced);
        bytes_append_u8(into, promise->is_settled);
        bytes_append_u8(into, promise->is_kept);
        bytes_append_u64(into, (uint64_t)promise->settled_at);
        bytes_append_u64(into, (uint64_t)promise->moved_at);
        bytes_append_u8(into, deadline_is_set(&promise->deadline));
        put_slice(into, promise->packed, promise->packed_size);
    }
}

void promises_write(const struct fold *fold, struct bytes *into)
{
    put_promises(&fold->ended_promises, into);
    put_promises(&fold->live_promises, into);
}

static void get_promise(struct reading *reading)
{
    struct fold *fold = reading->fold;
    struct promise read = {0};
    read.round = get_u32(reading);
    read.remind_at = (int64_t)get_u64(reading);
    read.seq = get_u64(reading);
    read.touched_at = (int64_t)get_u64(reading);
    read.is_silenced = get_u8(reading);
    read.is_settled = get_u8(reading);
    read.is_kept = get_u8(reading);
    read.settled_at = (int64_t)get_u64(reading);
    read.moved_at = (int64_t)get_u64(reading);
    bool is_armed = get_u8(reading);
    const WirePromise *body =
        wire_unpack(&wire_promise__descriptor, get_slice(reading), &reading->arena, NULL);
    if (reading->failed || !body || !body->store_id || !body->promise_id || !body->state) {
        reading->failed = true;
        return;
    }
    struct promise *promise = make(fold, body->store_id, body->promise_id, body->drill);
    promise->round = read.round;
    promise->remind_at = read.remind_at;
    promise->seq = read.seq;
    promise->touched_at = read.touched_at;
    promise->is_silenced = read.is_silenced;
    promise->is_settled = read.is_settled;
    promise->is_kept = read.is_kept;
    promise->settled_at = read.settled_at;
    promise->moved_at = read.moved_at;
    become(fold, promise, body);
    if (is_armed)
        arm(fold, promise);
}

void promises_read(struct reading *reading)
{
    for (int list = 0; list < 2; list++)
        for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
            arena_reset(&reading->arena, 0);
            get_promise(reading);
        }
}
