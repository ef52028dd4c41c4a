/* scope_load: the stores of a policy:
 *   stores:
 *     vienna-1: { region: east, tags: [flagship, mall], zone: Europe/Vienna, calendar: mall } */
#include "common/policy/load/scope_load.h"

#include "common/base/memory.h"
#include "common/policy/load/calendar_load.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/rules/scope.h"

static void read_tags(struct loading *loading, const struct node *node, struct store_scope *scope)
{
    if (!finding_expect(loading->findings, node, NODE_LIST, "tags here, such as [flagship, mall]"))
        return;
    for (const struct node *item = node->first; item; item = item->next) {
        if (scope->tag_count == STORE_TAGS) {
            finding_at(loading->findings, item, "a store has at most %d tags", STORE_TAGS);
            return;
        }
        if ((scope->tags[scope->tag_count] = scalar_read_word(loading, item, 64)))
            scope->tag_count++;
    }
}

static void read_where(struct loading *loading, struct node *node, struct store_scope *scope)
{
    struct node *zone = node_find(node, "zone"), *calendar = node_find(node, "calendar");
    if (zone && calendar_load_zone(loading, zone, &scope->zone_name, &scope->place.zone))
        scope->zone_line = zone->line;
    if (calendar && calendar_load(loading, calendar, &scope->place.calendar))
        scope->calendar_line = calendar->line;
}

static void read_store(struct loading *loading, struct node *node)
{
    struct scopes *scopes = loading->policy->scopes;
    struct store_scope *scope = &scopes->stores[scopes->store_count];
    *scope = scopes->elsewhere;
    scope->line = node->key->line;
    scope->zone_line = scope->calendar_line = 0;
    scope->store_id = scalar_read_word(loading, node->key, 64);
    if (!scope->store_id)
        return;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "what is known of the store here, such as { region: east, tags: [mall] }"))
        return;
    struct node *region = node_find(node, "region"), *tags = node_find(node, "tags");
    if (region)
        scope->region = scalar_read_word(loading, region, 64);
    if (tags)
        read_tags(loading, tags, scope);
    read_where(loading, node, scope);
    node_refuse_unread(node, "a store", loading->findings);
    scopes->store_count++;
    map_put_text(&scopes->by_store, scope->store_id, scope);
}

static void read_stores(struct loading *loading, const struct node *node)
{
    struct scopes *scopes = loading->policy->scopes;
    unsigned count;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "stores here, one a line: NAME: { region: east }") ||
        !finding_count(loading->findings, node, "stores", POLICY_STORES, &count))
        return;
    scopes->stores = memory_zeroed((count + 1) * sizeof *scopes->stores);
    for (struct node *value = node->first; value; value = value->next)
        read_store(loading, value);
}

void scopes_load(struct loading *loading, struct node *root)
{
    struct scopes *scopes = loading->policy->scopes;
    struct node *calendars = node_find(root, "calendars"), *stores = node_find(root, "stores");
    scopes->elsewhere.zone_name = "UTC";
    if (calendars)
        calendars_load(loading, calendars);
    read_where(loading, root, &scopes->elsewhere);
    struct node *thanks = node_find(root, "thanks");
    if (thanks)
        calendar_load_thanks(loading, thanks, NULL, &scopes->thanks);
    if (stores)
        read_stores(loading, stores);
}
