/* scope: the stores of a policy, where they are, and which overrides hold there. */
#include "common/policy/rules/scope.h"

#include "common/base/memory.h"
#include "common/policy/rules/rule.h"

#include <stdlib.h>

struct scopes *scopes_new(void)
{
    struct scopes *scopes = NEW(scopes);
    map_init(&scopes->by_store, 0);
    return scopes;
}

void scopes_free(struct scopes *scopes)
{
    if (!scopes)
        return;
    policy_zones_clear(&scopes->zones);
    for (unsigned at = 0; at < scopes->calendar_count; at++)
        free((void *)scopes->calendars[at].special);
    free(scopes->calendars);
    free(scopes->stores);
    for (unsigned at = 0; at < scopes->override_count; at++)
        override_clear(&scopes->overrides[at]);
    free(scopes->overrides);
    for (unsigned at = 0; at < scopes->variant_count; at++)
        variant_free(scopes->variants[at].policy);
    free(scopes->variants);
    bytes_clear(&scopes->document);
    map_clear(&scopes->by_store);
    free(scopes);
}

const struct calendar *scopes_calendar(const struct scopes *scopes, const char *name)
{
    for (unsigned at = 0; at < scopes->calendar_count; at++)
        if (!strcmp(scopes->calendars[at].name, name))
            return &scopes->calendars[at];
    return NULL;
}

struct store_scope *scopes_of(const struct scopes *scopes, const char *store_id)
{
    struct store_scope *scope =
        store_id && scopes->store_count ? map_find_text(&scopes->by_store, store_id) : NULL;
    return scope ? scope : (struct store_scope *)&scopes->elsewhere;
}

struct place policy_place(const struct policy *policy, const char *store_id)
{
    if (!policy)
        return (struct place){.zone = NULL};
    struct place place = scopes_of(policy->scopes, store_id)->place;
    if (policy->has_calendar)
        place.calendar = policy->calendar;
    return place;
}

/* ---- overrides */

int64_t scope_instant(const struct store_scope *scope, const struct override_moment *moment)
{
    return moment->is_local && scope->place.zone ? zone_utc_from_local(scope->place.zone, moment->us)
                                                 : moment->us;
}

struct override_set scope_at(const struct scopes *scopes, const struct store_scope *scope, int64_t at,
                             int64_t *ret_from_at, int64_t *ret_until_at)
{
    struct override_set set = {{0}};
    int64_t from_at = INT64_MIN, until_at = INT64_MAX;
    for (unsigned index = 0; index < scopes->override_count; index++) {
        const struct override *override = &scopes->overrides[index];
        if (!override_is_in(&scope->applies, index))
            continue;
        int64_t begins = override->from.is_given ? scope_instant(scope, &override->from) : INT64_MIN;
        int64_t ends = override->until.is_given ? scope_instant(scope, &override->until) : INT64_MAX;
        const int64_t edges[] = {begins, ends};
        for (int edge = 0; edge < 2; edge++) {
            if (edges[edge] <= at && edges[edge] > from_at)
                from_at = edges[edge];
            if (edges[edge] > at && edges[edge] < until_at)
                until_at = edges[edge];
        }
        if (begins <= at && at < ends)
            set.words[index / 64] |= UINT64_C(1) << index % 64;
    }
    *ret_from_at = from_at;
    *ret_until_at = until_at;
    return set;
}

static bool set_is_empty(const struct override_set *set)
{
    for (unsigned at = 0; at < OVERRIDE_WORDS; at++)
        if (set->words[at])
            return false;
    return true;
}

static const struct policy *base_of(const struct policy *policy)
{
    return policy->base ? policy->base : policy;
}

static const struct policy *variant_of(const struct policy *base, const struct override_set *set)
{
    struct scopes *scopes = base->scopes;
    if (set_is_empty(set))
        return base;
    for (unsigned at = 0; at < scopes->variant_count; at++)
        if (!memcmp(&scopes->variants[at].set, set, sizeof *set))
            return scopes->variants[at].policy;
    struct policy *policy = override_apply(base, set, false, NULL);
    scopes->variants =
        reallocate_array(scopes->variants, scopes->variant_count + 1, sizeof *scopes->variants);
    scopes->variants[scopes->variant_count++] = (struct variant){.set = *set, .policy = policy};
    return policy;
}

const struct policy *policy_for(const struct policy *policy, const char *store_id, int64_t at)
{
    if (!policy || !policy->scopes->override_count)
        return policy;
    struct store_scope *scope = scopes_of(policy->scopes, store_id);
    if (!scope->current || at < scope->from_at || at >= scope->until_at) {
        struct override_set set = scope_at(policy->scopes, scope, at, &scope->from_at, &scope->until_at);
        scope->current = variant_of(base_of(policy), &set);
    }
    return scope->current;
}

const struct policy *policy_with(const struct policy *policy, char *const *overrides, size_t count)
{
    struct override_set set = {{0}};
    if (!policy || !count)
        return policy ? base_of(policy) : NULL;
    for (size_t at = 0; at < count; at++)
        for (unsigned index = 0; index < policy->scopes->override_count; index++)
            if (!strcmp(policy->scopes->overrides[index].name, overrides[at]))
                set.words[index / 64] |= UINT64_C(1) << index % 64;
    return variant_of(base_of(policy), &set);
}
