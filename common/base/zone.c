/* zone: reads TZif files into a flat table of offsets, and finds its way in it. */
#include "common/base/zone.h"

#include "common/base/civil.h"
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/zone_rule.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum {
    HEADER_SIZE = 44,
    MOST_TYPES = 256,
    MOST_FILE = 1 << 20,
    MOST_OFFSET_S = 26 * 3600,
    SECOND_US = 1000000
};

/* One data block of a file, its parts in their order. */
struct block {
    size_t time_size; /* 4 in the first block, 8 in the second */
    size_t leaps, standards, universals;
    size_t times, types, characters;
    const uint8_t *time_data, *index_data, *type_data, *name_data;
};

/* Reads the header at the front of `*rest` and steps over it and its data. */
static int block_find(struct slice *rest, size_t time_size, struct block *ret_block)
{
    if (rest->size < HEADER_SIZE || memcmp(rest->data, "TZif", 4) != 0)
        return -EINVAL;
    const uint8_t *counts = rest->data + 20;
    struct block block = {
        .time_size = time_size,
        .universals = bytes_get_u32(counts),
        .standards = bytes_get_u32(counts + 4),
        .leaps = bytes_get_u32(counts + 8),
        .times = bytes_get_u32(counts + 12),
        .types = bytes_get_u32(counts + 16),
        .characters = bytes_get_u32(counts + 20),
    };
    if (block.times > ZONE_MOST_TRANSITIONS || block.types > MOST_TYPES || block.types == 0 ||
        block.characters > MOST_FILE || block.leaps > MOST_FILE || block.standards > MOST_TYPES ||
        block.universals > MOST_TYPES)
        return -EINVAL;
    block.time_data = rest->data + HEADER_SIZE;
    block.index_data = block.time_data + block.times * time_size;
    block.type_data = block.index_data + block.times;
    block.name_data = block.type_data + block.types * 6;
    size_t size = HEADER_SIZE + block.times * (time_size + 1) + block.types * 6 + block.characters +
                  block.leaps * (time_size + 4) + block.standards + block.universals;
    if (size > rest->size)
        return -EINVAL;
    *rest = slice_of(rest->data + size, rest->size - size);
    *ret_block = block;
    return 0;
}

static int transition_add(struct zone *zone, int64_t from_at, int32_t offset_seconds,
                          const char *abbreviation)
{
    if (zone->count == ZONE_MOST_TRANSITIONS)
        return -EINVAL;
    if (zone->count > 0 && from_at <= zone->transitions[zone->count - 1].from_at)
        return -EINVAL;
    struct zone_transition *added = &zone->transitions[zone->count++];
    *added = (struct zone_transition){.from_at = from_at, .offset_seconds = offset_seconds};
    return text_copy(added->abbreviation, sizeof added->abbreviation, abbreviation) ? 0 : -EINVAL;
}

/* Type `index`, in force from `from_at` on. */
static int type_add(struct zone *zone, const struct block *block, size_t index, int64_t from_at)
{
    if (index >= block->types)
        return -EINVAL;
    const uint8_t *type = block->type_data + index * 6;
    int32_t offset = (int32_t)bytes_get_u32(type);
    const char *name = (const char *)block->name_data + type[5];
    if (offset > MOST_OFFSET_S || offset < -MOST_OFFSET_S || type[5] >= block->characters ||
        !memchr(name, 0, block->characters - type[5]))
        return -EINVAL;
    return transition_add(zone, from_at, offset, name);
}

static int block_read(struct zone *zone, const struct block *block)
{
    int rc = type_add(zone, block, 0, INT64_MIN);
    for (size_t i = 0; i < block->times && rc == 0; i++) {
        int64_t from_s = block->time_size == 8 ? (int64_t)bytes_get_u64(block->time_data + i * 8)
                                               : (int32_t)bytes_get_u32(block->time_data + i * 4);
        if (from_s <= INT64_MIN / SECOND_US) { /* "since the big bang": what holds from the beginning */
            zone->count = 0;
            rc = type_add(zone, block, block->index_data[i], INT64_MIN);
        } else if (from_s > INT64_MAX / SECOND_US) {
            rc = -EINVAL;
        } else {
            rc = type_add(zone, block, block->index_data[i], from_s * SECOND_US);
        }
    }
    return rc;
}

/* A change that the footer's rule gives, unless the file has listed it already. */
static int rule_add(struct zone *zone, int64_t from_s, int32_t offset_seconds, const char *abbreviation)
{
    int64_t from_at = from_s * SECOND_US;
    if (from_at <= zone->transitions[zone->count - 1].from_at)
        return 0;
    return transition_add(zone, from_at, offset_seconds, abbreviation);
}

static int rule_expand(struct zone *zone, const struct zone_rule *rule)
{
    if (!rule->has_summer)
        return 0;
    const struct zone_transition *last = &zone->transitions[zone->count - 1];
    int first_year = last->from_at == INT64_MIN ? 1970 : civil_from_utc_us(last->from_at).year;
    int rc = 0;
    for (int year = first_year; year <= ZONE_LAST_YEAR && rc == 0; year++) {
        int64_t starts_s = zone_rule_starts_s(rule, year), ends_s = zone_rule_ends_s(rule, year);
        bool starts_first = starts_s < ends_s; /* in the south summer time ends before it starts */
        if (starts_first)
            rc = rule_add(zone, starts_s, rule->summer_offset_s, rule->summer);
        if (rc == 0)
            rc = rule_add(zone, ends_s, rule->standard_offset_s, rule->standard);
        if (rc == 0 && !starts_first)
            rc = rule_add(zone, starts_s, rule->summer_offset_s, rule->summer);
    }
    return rc;
}

/* "\nTZ\n" at the end; an empty one says nothing. */
static int footer_read(struct zone *zone, struct slice rest)
{
    if (rest.size < 2 || rest.data[0] != '\n' || rest.data[rest.size - 1] != '\n')
        return -EINVAL;
    if (rest.size == 2)
        return 0;
    char text[128];
    if (rest.size > sizeof text)
        return -EINVAL;
    memcpy(text, rest.data + 1, rest.size - 2);
    text[rest.size - 2] = 0;
    struct zone_rule rule;
    int rc = zone_rule_parse(&rule, text);
    return rc < 0 ? rc : rule_expand(zone, &rule);
}

static int file_read(struct zone *zone, struct slice file)
{
    struct block block;
    struct slice rest = file;
    int rc = block_find(&rest, 4, &block);
    bool has_second = rc == 0 && file.data[4] >= '2';
    if (has_second)
        rc = block_find(&rest, 8, &block);
    if (rc == 0)
        rc = block_read(zone, &block);
    if (rc == 0 && has_second)
        rc = footer_read(zone, rest);
    return rc;
}

int zone_parse(struct zone *zone, struct slice file)
{
    struct zone read = {.transitions =
                            memory_resize_array(NULL, ZONE_MOST_TRANSITIONS, sizeof *read.transitions)};
    int rc = file_read(&read, file);
    if (rc < 0) {
        zone_clear(&read);
        return rc;
    }
    read.transitions = memory_resize_array(read.transitions, read.count, sizeof *read.transitions);
    *zone = read;
    return 0;
}

/* Names such as America/Argentina/Ushuaia: no way out of the folder. */
static bool is_zone_name(const char *name)
{
    return text_is_name(name, strlen(name), 64) && name[0] != '/' && !strstr(name, "..") &&
           !strstr(name, "//");
}

int zone_read(struct zone *zone, const char *name, char *why, size_t why_size)
{
    if (!is_zone_name(name)) {
        text_format(why, why_size, "\"%s\" is not the name of a time zone, such as Europe/Vienna", name);
        return -EINVAL;
    }
    const char *folder = getenv("TZDIR");
    char path[PATH_MAX];
    if (!text_format(path, sizeof path, "%s/%s", folder && *folder ? folder : "/usr/share/zoneinfo", name))
        return -ENAMETOOLONG;
    struct bytes file = {.size = 0};
    int rc = file_read_all(path, MOST_FILE, &file);
    if (rc < 0)
        text_format(why, why_size, "could not read time zone \"%s\" from \"%s\": %s", name, path,
                    strerror(-rc));
    else if ((rc = zone_parse(zone, bytes_slice(&file))) < 0)
        text_format(why, why_size, "\"%s\" is not a time zone file", path);
    bytes_clear(&file);
    return rc;
}

void zone_clear(struct zone *zone)
{
    free(zone->transitions);
    *zone = (struct zone){.count = 0};
}

const struct zone_transition *zone_at(const struct zone *zone, int64_t utc_us)
{
    size_t low = 0, high = zone->count; /* transitions[low] holds or is before; transitions[high] is later */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].from_at <= utc_us)
            low = middle;
        else
            high = middle;
    }
    return &zone->transitions[low];
}

/* The two candidates are the offsets that hold a day before and a day after: a zone changes at most once in
 * between. Both right: the first instant. None right: the local time is skipped, count on from before. */
int64_t zone_utc_from_local(const struct zone *zone, int64_t local_us)
{
    static const int64_t day_us = INT64_C(86400) * SECOND_US;
    int64_t before = local_us - (int64_t)zone_at(zone, local_us - day_us)->offset_seconds * SECOND_US;
    int64_t after = local_us - (int64_t)zone_at(zone, local_us + day_us)->offset_seconds * SECOND_US;
    bool before_is_right = before + (int64_t)zone_at(zone, before)->offset_seconds * SECOND_US == local_us;
    bool after_is_right = after + (int64_t)zone_at(zone, after)->offset_seconds * SECOND_US == local_us;
    if (after_is_right && (!before_is_right || after < before))
        return after;
    return before;
}
