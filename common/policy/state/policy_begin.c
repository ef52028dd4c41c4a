/* policy_begin: the accepted policies by the time they begin. */
#include "common/policy/state/policy_begin.h"

#include "common/policy/state/state.h"

static const struct accepted_policy *find(const struct fold *fold, uint64_t version)
{
    for (size_t i = 0; i < fold->policy_count; i++)
        if (fold->policies[i].policy->version == version)
            return &fold->policies[i];
    return NULL;
}

/* In force just before it begins; NULL: it is the first. */
static const struct policy *before(const struct fold *fold, const struct accepted_policy *accepted)
{
    return state_policy_at(fold, accepted->active_at - 1, false);
}

static bool tells(const struct policy *policy)
{
    const struct rule_list *list = &policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED];
    for (unsigned i = 0; i < list->count; i++)
        if (list->triggers[i]->kind == WIRE_DEADLINE_KIND__POLICY_BEGINS)
            return true;
    return false;
}

/* The first that begins after the one that is known. */
static const struct accepted_policy *next_after(const struct fold *fold, uint64_t told)
{
    const struct accepted_policy *known = find(fold, told), *next = NULL;
    for (size_t i = 0; i < fold->policy_count; i++) {
        const struct accepted_policy *accepted = &fold->policies[i];
        bool is_later = !known || accepted->active_at > known->active_at ||
                        (accepted->active_at == known->active_at && accepted > known);
        if (is_later && (!next || accepted->active_at < next->active_at) && tells(accepted->policy) &&
            state_policy_at(fold, accepted->active_at, false) == accepted->policy && before(fold, accepted))
            next = accepted;
    }
    return next;
}

static void arm(struct fold *fold, struct store *store, const struct accepted_policy *next)
{
    store->policy_begins.owner = DEADLINE_OF_POLICY;
    store->policy_next = next ? next->policy->version : 0;
    if (next)
        deadline_set(&fold->deadlines, &store->policy_begins, next->active_at);
    else
        deadline_stop(&fold->deadlines, &store->policy_begins);
}

void policy_begin_meet(struct fold *fold, struct store *store)
{
    const struct policy *policy = state_policy_at(fold, fold->recorded_at, false);
    store->policy_told = policy ? policy->version : 0;
    arm(fold, store, next_after(fold, store->policy_told));
}

void policy_begins_arm(struct fold *fold)
{
    const struct accepted_policy *next = NULL;
    uint64_t told = UINT64_MAX; /* most stores know the same */
    LIST_EACH(node, &fold->recent_stores) {
        struct store *store = CONTAINER_OF(node, struct store, recent);
        if (store->policy_told != told)
            next = next_after(fold, told = store->policy_told);
        arm(fold, store, next);
    }
}

static bool is_awaited(const struct store *store, const WireDeadlinePassed *passed)
{
    return store && deadline_is_of(&store->policy_begins, passed->due_at);
}

/* In force at `now`, or when the deadline was due: the log's clock may be behind the one that saw it pass. Never NULL
 * where one is awaited. */
static const struct accepted_policy *in_force(const struct fold *fold, const WireDeadlinePassed *passed,
                                              int64_t now)
{
    const struct policy *policy = state_policy_at(fold, now > passed->due_at ? now : passed->due_at, false);
    return policy ? find(fold, policy->version) : NULL;
}

void policy_begin_expire(struct fold *fold, struct store *store, const WireDeadlinePassed *passed,
                         int64_t now)
{
    const struct accepted_policy *known = is_awaited(store, passed) ? in_force(fold, passed, now) : NULL;
    if (!known)
        return;
    store->policy_told = known->policy->version;
    arm(fold, store, next_after(fold, store->policy_told));
}

bool policy_begin_find(const struct fold *fold, const char *store_id, const WireDeadlinePassed *passed,
                       int64_t now, struct policy_begin *ret_begin)
{
    const struct store *store = state_store(fold, store_id);
    const struct accepted_policy *accepted = is_awaited(store, passed) ? in_force(fold, passed, now) : NULL;
    const struct accepted_policy *known = accepted ? find(fold, store->policy_told) : NULL;
    if (!accepted || accepted == known)
        return false;
    *ret_begin = (struct policy_begin){.before = known ? known->policy : before(fold, accepted),
                                       .after = accepted->policy,
                                       .reason = accepted->reason,
                                       .proposed_by = accepted->proposed_by,
                                       .version = accepted->policy->version};
    return ret_begin->before != NULL;
}
