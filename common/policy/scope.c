/* scope: the stores of a policy, where they are and when they are open. */
#include "common/policy/scope.h"

#include "common/base/memory.h"
#include "common/policy/rule.h"

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

const struct store_scope *scopes_of(const struct scopes *scopes, const char *store_id)
{
    const struct store_scope *scope =
        store_id && scopes->store_count ? map_find_text(&scopes->by_store, store_id) : NULL;
    return scope ? scope : &scopes->elsewhere;
}

struct place policy_place(const struct policy *policy, const char *store_id)
{
    return policy ? scopes_of(policy->scopes, store_id)->place : (struct place){.zone = NULL};
}
