/* zone_table: reads the zones that a document names, and lays them out as they travel. */
#include "common/wire/zone_table.h"

#include "common/base/text.h"
#include "common/base/zone.h"

#include <ctype.h>
#include <errno.h>

enum { ZONE_NAME_SIZE = 64 };

static bool is_zone_letter(uint8_t letter)
{
    return isalnum(letter) || letter == '/' || letter == '_' || letter == '+' || letter == '-';
}

static bool is_zone(struct slice word)
{
    char name[ZONE_NAME_SIZE];
    if (word.size >= sizeof name || !memchr(word.data, '/', word.size) || !isupper(word.data[0]))
        return false;
    memcpy(name, word.data, word.size);
    name[word.size] = '\0';
    struct zone zone = {0};
    char why[WHY_SIZE];
    bool is_known = zone_read(&zone, name, why, sizeof why) == 0;
    zone_clear(&zone);
    return is_known;
}

static bool is_listed(const struct slice *names, size_t count, struct slice word)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(names[i], word))
            return true;
    return false;
}

/* `ret_names` are `most` places in the document. */
static size_t find_names(struct slice document, struct slice *ret_names, size_t most)
{
    size_t count = 0;
    for (size_t at = 0; at < document.size && count < most;) {
        size_t start = at;
        while (at < document.size && is_zone_letter(document.data[at]))
            at++;
        struct slice word = slice_of(document.data + start, at - start);
        if (word.size && !is_listed(ret_names, count, word) && is_zone(word))
            ret_names[count++] = word;
        if (at == start)
            at++;
    }
    return count;
}

/* NULL when the table does not fit. */
static WireZoneTable *table_new(struct arena *arena, const char *name, const struct zone *zone)
{
    WireZoneTable *table = arena_allocate(arena, sizeof *table);
    WireZoneTransition *all = arena_allocate(arena, zone->count * sizeof *all);
    WireZoneTransition **transitions = arena_allocate(arena, zone->count * sizeof(void *));
    if (!table || !all || !transitions)
        return NULL;
    wire_zone_table__init(table);
    table->name = (char *)name;
    table->n_transitions = zone->count;
    table->transitions = transitions;
    for (size_t i = 0; i < zone->count; i++) {
        wire_zone_transition__init(&all[i]);
        all[i].has_from_at = all[i].has_offset_seconds = true;
        all[i].from_at = zone->transitions[i].from_at;
        all[i].offset_seconds = zone->transitions[i].offset_seconds;
        all[i].abbreviation = arena_text(arena, slice_of_text(zone->transitions[i].abbreviation));
        transitions[i] = &all[i];
    }
    return table;
}

static int add_table(struct zone_tables *tables, struct arena *arena, struct slice word)
{
    char *name = arena_text(arena, word);
    struct zone zone = {0};
    char why[WHY_SIZE] = "";
    WireZoneTable *table = NULL;
    if (name && zone_read(&zone, name, why, sizeof why) == 0)
        table = table_new(arena, name, &zone);
    zone_clear(&zone);
    if (!table)
        return -ENOSPC;
    tables->items[tables->count++] = table;
    return 0;
}

int zone_tables_of(struct slice document, struct arena *arena, struct zone_tables *ret_tables)
{
    struct slice names[ZONE_TABLES];
    size_t count = find_names(document, names, ZONE_TABLES);
    ret_tables->count = 0;
    for (size_t i = 0; i < count; i++)
        if (add_table(ret_tables, arena, names[i]) != 0)
            return -ENOSPC;
    return 0;
}
