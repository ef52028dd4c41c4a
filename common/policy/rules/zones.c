/* zones: copies the tables that came with a policy, and checks them. */
#include "common/policy/rules/zones.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>

enum { MOST_OFFSET_S = 26 * 3600 };

static const int64_t second_us = 1000000;

static bool is_table(const WireZoneTable *table)
{
    if (!table->name || !table->n_transitions || table->n_transitions > ZONE_MOST_TRANSITIONS)
        return false;
    for (size_t i = 0; i < table->n_transitions; i++) {
        const WireZoneTransition *transition = table->transitions[i];
        if (transition->offset_seconds > MOST_OFFSET_S || transition->offset_seconds < -MOST_OFFSET_S ||
            (i &&
             (transition->from_at <= table->transitions[i - 1]->from_at || transition->from_at % second_us)))
            return false;
    }
    return true;
}

static void read_transitions(struct policy_zone *zone, const WireZoneTable *table)
{
    size_t count = table->n_transitions;
    struct cel_transition *changes = memory_resize_array(NULL, count, sizeof *changes);
    zone->zone = (struct zone){
        .transitions = memory_resize_array(NULL, count, sizeof *zone->zone.transitions), .count = count};
    for (size_t i = 0; i < count; i++) {
        const WireZoneTransition *from = table->transitions[i];
        zone->zone.transitions[i] = (struct zone_transition){.from_at = i ? from->from_at : INT64_MIN,
                                                             .offset_seconds = from->offset_seconds};
        if (from->abbreviation)
            text_copy(zone->zone.transitions[i].abbreviation, ZONE_ABBREVIATION_SIZE, from->abbreviation);
        if (i)
            changes[i - 1] =
                (struct cel_transition){.at_s = from->from_at / second_us, .offset_s = from->offset_seconds};
    }
    zone->cel = (struct cel_zone){.first_offset_s = table->transitions[0]->offset_seconds,
                                  .count = (uint32_t)count - 1,
                                  .transitions = changes};
}

void policy_zones_read(struct policy_zones *zones, WireZoneTable *const *tables, size_t count)
{
    zones->items = memory_zeroed((count + 1) * sizeof *zones->items);
    for (size_t i = 0; i < count; i++) {
        struct policy_zone *zone = &zones->items[zones->count];
        if (!is_table(tables[i]) || !text_copy(zone->name, sizeof zone->name, tables[i]->name))
            continue;
        read_transitions(zone, tables[i]);
        zones->count++;
    }
}

void policy_zones_clear(struct policy_zones *zones)
{
    for (size_t i = 0; i < zones->count; i++) {
        zone_clear(&zones->items[i].zone);
        free((void *)zones->items[i].cel.transitions);
    }
    free(zones->items);
    *zones = (struct policy_zones){.count = 0};
}

const struct policy_zone *policy_zones_find(const struct policy_zones *zones, const char *name)
{
    for (size_t i = 0; i < zones->count; i++)
        if (text_equal(zones->items[i].name, name))
            return &zones->items[i];
    return NULL;
}

const struct cel_zone *policy_zones_find_cel(void *owner, struct cel_text name)
{
    char text[ZONE_NAME_SIZE];
    if (!text_format(text, sizeof text, "%.*s", (int)name.size, name.bytes))
        return NULL;
    const struct policy_zone *zone = policy_zones_find(owner, text);
    return zone ? &zone->cel : NULL;
}
