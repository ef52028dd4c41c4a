/* roster: a list of grants for each employee. */
#include "common/policy/state/roster.h"

#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

static const char every_store[] = "*";

static struct roster *roster_find(const struct fold *fold, const char *employee_id)
{
    return employee_id ? map_find_text(&fold->rosters, employee_id) : NULL;
}

static struct roster *roster_make(struct fold *fold, const char *employee_id)
{
    struct roster *roster = roster_find(fold, employee_id);
    if (!roster)
        ENTRY_ADD(fold, &fold->rosters, roster, employee_id, strlen(employee_id));
    roster->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_rosters, &roster->recent);
    return roster;
}

static void grant_drop(struct fold *fold, struct roster *roster, unsigned at)
{
    name_set(&fold->names, &roster->grants[at].store, NULL);
    name_set(&fold->names, &roster->grants[at].role, NULL);
    memmove(roster->grants + at, roster->grants + at + 1, (--roster->count - at) * sizeof *roster->grants);
    fold->bytes -= sizeof *roster->grants;
}

static void roster_drop(struct fold *fold, struct roster *roster)
{
    while (roster->count)
        grant_drop(fold, roster, roster->count - 1);
    free(roster->grants);
    ENTRY_REMOVE(fold, &fold->rosters, roster);
}

static bool has_ended(const struct roster_grant *grant, int64_t at)
{
    return (grant->until_at && at >= grant->until_at) || !grant->given_at ||
           (grant->ended_at >= grant->given_at && at >= grant->ended_at);
}

/* What ended long enough ago, so that nothing older will be told, makes room. */
static void drop_ended(struct fold *fold, struct roster *roster)
{
    static const int64_t day_us = 86400 * INT64_C(1000000);
    for (unsigned at = roster->count; at > 0; at--) {
        const struct roster_grant *grant = &roster->grants[at - 1];
        int64_t last = grant->ended_at > grant->until_at ? grant->ended_at : grant->until_at;
        if (last && last + day_us <= fold->recorded_at && has_ended(grant, fold->recorded_at))
            grant_drop(fold, roster, at - 1);
    }
}

/* The one of that store and role, made if need be. NULL: there is no room. */
static struct roster_grant *grant_make(struct fold *fold, struct roster *roster, const char *store_id,
                                       const char *role)
{
    unsigned at = 0;
    drop_ended(fold, roster);
    while (at < roster->count &&
           (!text_equal(roster->grants[at].store, store_id) || !text_equal(roster->grants[at].role, role)))
        at++;
    if (at == ROSTER_GRANTS) {
        fold->forgotten++;
        return NULL;
    }
    if (at == roster->count) {
        roster->grants = memory_resize_array(roster->grants, ++roster->count, sizeof *roster->grants);
        roster->grants[at] = (struct roster_grant){.ended_at = roster->ended_at};
        fold->bytes += sizeof *roster->grants;
        name_set(&fold->names, &roster->grants[at].store, store_id);
        name_set(&fold->names, &roster->grants[at].role, role);
    }
    return &roster->grants[at];
}

void roster_grant(struct fold *fold, const char *employee_id, const char *store_id, const char *role,
                  int64_t given_at, int64_t until_at)
{
    struct roster_grant *grant = grant_make(fold, roster_make(fold, employee_id), store_id, role);
    if (!grant || given_at < grant->given_at)
        return;
    grant->given_at = given_at;
    grant->until_at = until_at;
}

bool roster_names_store(const struct roster *roster, const char *store_id, int64_t at)
{
    for (unsigned i = 0; i < roster->count; i++)
        if (text_equal(roster->grants[i].store, store_id) && !has_ended(&roster->grants[i], at))
            return true;
    return false;
}

static bool names_store(const WireRoleEnded *ended, const char *store_id)
{
    for (size_t i = 0; i < ended->n_store_ids; i++)
        if (text_equal(ended->store_ids[i], store_id) || text_equal(ended->store_ids[i], every_store))
            return true;
    return !ended->n_store_ids;
}

static void end_at(int64_t *last, int64_t at)
{
    *last = at > *last ? at : *last;
}

static void end(struct fold *fold, const WireRoleEnded *ended, int64_t at)
{
    struct roster *roster = roster_make(fold, ended->employee_id);
    if (!ended->role && names_store(ended, every_store))
        end_at(&roster->ended_at, at);
    for (size_t i = 0; ended->role && i < ended->n_store_ids; i++)
        grant_make(fold, roster, ended->store_ids[i], ended->role); /* it may be told before it was given */
    for (unsigned i = 0; i < roster->count; i++)
        if ((!ended->role || text_equal(ended->role, roster->grants[i].role)) &&
            names_store(ended, roster->grants[i].store))
            end_at(&roster->grants[i].ended_at, at);
}

void roster_observe(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    if (event->drill)
        return;
    if (event->body_case == WIRE_EVENT__BODY_ROLE_ENDED)
        end(fold, event->role_ended, occurrence->at);
    if (event->body_case != WIRE_EVENT__BODY_ROLE_GRANTED)
        return;
    const WireRoleGranted *granted = event->role_granted;
    for (size_t i = 0; i < granted->n_store_ids; i++)
        roster_grant(fold, granted->employee_id, granted->store_ids[i], granted->role, occurrence->at,
                     granted->until_at);
    if (!granted->n_store_ids)
        roster_grant(fold, granted->employee_id, event->store_id, granted->role, occurrence->at,
                     granted->until_at);
}

int roster_level(const struct fold *fold, const struct ladder *ladder, const char *store_id,
                 const char *employee_id, int64_t at)
{
    const struct roster *roster = roster_find(fold, employee_id);
    int highest = 0;
    if (!roster)
        return ROSTER_NOT_GIVEN;
    for (unsigned i = 0; i < roster->count; i++) {
        const struct roster_grant *grant = &roster->grants[i];
        bool holds =
            (text_equal(grant->store, every_store) || (store_id && text_equal(grant->store, store_id))) &&
            !has_ended(grant, at);
        int level = holds ? ladder_find(ladder, grant->role) : 0;
        highest = level > highest ? level : highest;
    }
    return highest;
}

void roster_age(struct fold *fold)
{
    ENTRIES_AGE(roster, &fold->recent_rosters, INT64_MAX / 2 - oldest->touched_at,
                fold->rosters.count > fold->limits.employees, roster_drop)
}

void roster_clear(struct fold *fold)
{
    ENTRIES_CLEAR(roster, &fold->recent_rosters, roster_drop)
    map_clear(&fold->rosters);
}

void roster_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_rosters));
    LIST_EACH(node, &fold->recent_rosters) {
        const struct roster *roster = CONTAINER_OF(node, struct roster, recent);
        put_text(into, roster->key);
        bytes_append_u64(into, (uint64_t)roster->touched_at);
        bytes_append_u64(into, (uint64_t)roster->ended_at);
        bytes_append_u32(into, roster->count);
        for (unsigned i = 0; i < roster->count; i++) {
            put_text(into, roster->grants[i].store);
            put_text(into, roster->grants[i].role);
            bytes_append_u64(into, (uint64_t)roster->grants[i].given_at);
            bytes_append_u64(into, (uint64_t)roster->grants[i].until_at);
            bytes_append_u64(into, (uint64_t)roster->grants[i].ended_at);
        }
    }
}

void roster_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *employee_id = get_word(reading);
        int64_t touched_at = (int64_t)get_u64(reading);
        struct roster *roster = roster_make(reading->fold, employee_id);
        roster->touched_at = touched_at;
        roster->ended_at = (int64_t)get_u64(reading);
        for (uint32_t grants = get_u32(reading); grants && !reading->failed; grants--) {
            struct roster_grant grant = {0};
            get_name(reading, &grant.store);
            get_name(reading, &grant.role);
            grant.given_at = (int64_t)get_u64(reading);
            grant.until_at = (int64_t)get_u64(reading);
            grant.ended_at = (int64_t)get_u64(reading);
            reading->failed |= !grant.store || !grant.role || roster->count == ROSTER_GRANTS;
            roster->grants = memory_resize_array(roster->grants, ++roster->count, sizeof *roster->grants);
            roster->grants[roster->count - 1] = grant;
            reading->fold->bytes += sizeof grant;
        }
    }
}
