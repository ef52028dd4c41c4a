/* scope: the stores of a policy, where they are, and which overrides hold there. */
#include "common/policy/rules/scope.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>

struct scopes *scopes_new(void)
{
    struct scopes *scopes = NEW(scopes);
    map_init(&scopes->by_store, 0);
    return scopes;
}

static void override_clear(struct override *override)
{
    for (unsigned i = 0; i < override->rule_count; i++)
        free(override->rules[i].figures);
    free(override->stores);
    free(override->figures);
    free(override->levels);
    free(override->rules);
}

void scopes_free(struct scopes *scopes)
{
    if (!scopes)
        return;
    policy_zones_clear(&scopes->zones);
    for (unsigned i = 0; i < scopes->calendar_count; i++)
        free((void *)scopes->calendars[i].special);
    for (unsigned i = 0; i < scopes->calendar_count; i++)
        free((void *)scopes->calendars[i].thanks.days);
    free((void *)scopes->thanks.days);
    free(scopes->calendars);
    free(scopes->stores);
    for (unsigned i = 0; i < scopes->override_count; i++)
        override_clear(&scopes->overrides[i]);
    free(scopes->overrides);
    free(scopes->variants);
    bytes_clear(&scopes->document);
    map_clear(&scopes->by_store);
    free(scopes);
}

const struct calendar *scopes_calendar(const struct scopes *scopes, const char *name)
{
    for (unsigned i = 0; i < scopes->calendar_count; i++)
        if (text_equal(scopes->calendars[i].name, name))
            return &scopes->calendars[i];
    return NULL;
}

struct store_scope *scopes_of(const struct scopes *scopes, const char *store_id)
{
    struct store_scope *scope =
        store_id && scopes->store_count ? map_find_text(&scopes->by_store, store_id) : NULL;
    return scope ? scope : (struct store_scope *)&scopes->elsewhere;
}

/* --- overrides --- */

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
    for (unsigned i = 0; i < scopes->override_count; i++) {
        const struct override *override = &scopes->overrides[i];
        if (!override_is_in(&scope->applies, i))
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
            set.words[i / 64] |= UINT64_C(1) << i % 64;
    }
    *ret_from_at = from_at;
    *ret_until_at = until_at;
    return set;
}
