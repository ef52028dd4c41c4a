/* tally_write: a tally in the words of a shop, and as JSON. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/trial/tallied.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- in order --- */

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = *(const struct group *const *)left, *b = *(const struct group *const *)right;
    int order = strcmp(a->rule_id, b->rule_id);
    if (!order)
        order = memcmp(a->key, b->key, a->key_size < b->key_size ? a->key_size : b->key_size);
    return order ? order : a->key_size < b->key_size ? -1 : a->key_size > b->key_size;
}

static size_t sorted(const struct tally *tally, const struct group ***ret_groups)
{
    size_t total = 0;
    const struct group **groups = memory_allocate((tally->groups.count + 1) * sizeof(void *));
    const struct group *group;
    MAP_EACH(group, &tally->groups)
        groups[total++] = group;
    qsort(groups, total, sizeof(void *), compare_groups);
    *ret_groups = groups;
    return total;
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = *(const struct item *const *)left, *b = *(const struct item *const *)right;
    if (a->group != b->group)
        return compare_groups(&a->group, &b->group);
    return a->at != b->at ? (a->at < b->at ? -1 : 1) : strcmp(a->interaction_id, b->interaction_id);
}

/* All of them, those of a group together, by time. */
static struct item **sorted_items(const struct tally *tally)
{
    size_t total = 0;
    struct item **items = memory_allocate((tally->items.count + 1) * sizeof(void *));
    struct item *item;
    MAP_EACH(item, &tally->items)
        items[total++] = item;
    qsort(items, total, sizeof(void *), compare_items);
    items[total] = NULL;
    return items;
}

/* The first of a group; up to `*ret_end`. */
static struct item **items_of(struct item **items, const struct group *group, struct item ***ret_end)
{
    while (*items && (*items)->group != group)
        items++;
    for (*ret_end = items; **ret_end && (**ret_end)->group == group;)
        ++*ret_end;
    return items;
}

/* --- in words --- */

static int64_t difference(const struct group *group)
{
    return (int64_t)(group->count[TALLY_AFTER] - group->count[TALLY_BEFORE]);
}

/* Cases opened for one role by all rules together, once for each role. */
static void write_roles(const struct group **groups, size_t total, struct bytes *into)
{
    for (size_t i = 0; i < total; i++) {
        int64_t sum = 0;
        bool is_first = text_equal(groups[i]->what, "cases");
        for (size_t other = 0; other < total; other++) {
            if (!text_equal(groups[other]->what, "cases") ||
                !text_equal(groups[other]->role, groups[i]->role))
                continue;
            sum += difference(groups[other]);
            is_first &= other >= i;
        }
        if (!is_first || !sum)
            continue;
        bytes_append_format(into, "%s%+" PRId64 " to the ", into->size ? ", " : "", sum);
        phrase_name(groups[i]->role, into);
    }
}

static void write_amount(int64_t minor, const char *currency, struct bytes *into)
{
    if (!minor)
        return;
    bytes_append_text(into, into->size ? "; " : "");
    phrase_money(minor < 0 ? -minor : minor, currency, into);
    bytes_append_text(into, minor < 0 ? " less decided at the counter" : " more decided at the counter");
}

/* What the counter decides itself, once for each currency. */
static void write_money(const struct group **groups, size_t total, struct bytes *into)
{
    for (size_t i = 0; i < total; i++) {
        int64_t minor = 0;
        bool is_first = groups[i]->is_counter;
        for (size_t other = 0; other < total; other++) {
            if (!groups[other]->is_counter || !text_equal(groups[other]->currency, groups[i]->currency))
                continue;
            minor += groups[other]->minor[TALLY_AFTER] - groups[other]->minor[TALLY_BEFORE];
            is_first &= other >= i;
        }
        if (is_first)
            write_amount(minor, groups[i]->currency, into);
    }
}

static void write_promises(const struct group **groups, size_t total, struct bytes *into)
{
    int64_t saved = 0;
    for (size_t i = 0; i < total; i++)
        saved += groups[i]->is_warned   ? difference(groups[i])
                 : groups[i]->is_broken ? -difference(groups[i])
                                        : 0;
    if (saved)
        bytes_append_format(into, "%s%" PRId64 " promise%s that would have been %s", into->size ? "; " : "",
                            saved < 0 ? -saved : saved, saved == 1 || saved == -1 ? "" : "s",
                            saved > 0 ? "saved" : "lost");
}

static void write_headline(const struct group **groups, size_t total, struct bytes *into)
{
    write_roles(groups, total, into);
    write_money(groups, total, into);
    write_promises(groups, total, into);
}

static void write_group(const struct group *group, struct bytes *into)
{
    bytes_append_format(into, "  %-4s %-22s %s", group->rule_id, group->rule, group->what);
    if (group->role[0]) {
        bytes_append_text(into, text_equal(group->what, "cases") ? " for the " : " to the ");
        phrase_name(group->role, into);
    }
    bytes_append_format(into, ": %" PRIu64 ", would have been %" PRIu64 " (%+" PRId64 ")",
                        group->count[TALLY_BEFORE], group->count[TALLY_AFTER], difference(group));
    if (group->minor[TALLY_BEFORE] != group->minor[TALLY_AFTER]) {
        bytes_append_text(into, "; ");
        phrase_money(group->minor[TALLY_BEFORE], group->currency, into);
        bytes_append_text(into, ", would have been ");
        phrase_money(group->minor[TALLY_AFTER], group->currency, into);
    }
    bytes_append_text(into, "\n");
}

static void write_items(struct item **items, const struct group *group, size_t most, struct bytes *into)
{
    struct item **end;
    items = items_of(items, group, &end);
    for (size_t told = 0; items < end && told < most; told++, items++) {
        const struct item *item = *items;
        char time[TIME_TEXT_SIZE];
        time_format(item->at, time);
        bytes_append_format(into, "         %+" PRId64 "  %s  %s  %s%s%s\n", item->more, time, item->store_id,
                            item->interaction_id, item->subject[0] ? "  " : "", item->subject);
    }
    size_t fewer = 0;
    for (struct item **left = items; left < end; left++)
        fewer += (*left)->more < 0;
    if (items < end && most) {
        bytes_append_format(into, "         and %td more", end - items);
        if (fewer)
            bytes_append_format(into, ", at %zu of them less", fewer);
        bytes_append_text(into, "\n");
    }
}

static bool differs(struct item **items, const struct group *group)
{
    struct item **end;
    return items_of(items, group, &end) < end || difference(group) != 0 ||
           group->minor[TALLY_BEFORE] != group->minor[TALLY_AFTER];
}

bool tally_is_even(const struct tally *tally)
{
    const struct group *group;
    MAP_EACH(group, &tally->groups)
        if (difference(group) || group->minor[TALLY_BEFORE] != group->minor[TALLY_AFTER])
            return false;
    return !tally->items.count && !tally->omitted;
}

void tally_write(const struct tally *tally, size_t most, struct bytes *into)
{
    const struct group **groups;
    size_t total = sorted(tally, &groups);
    struct item **items = sorted_items(tally);
    AUTO_CLEAR(bytes) headline = {0};
    write_headline(groups, total, &headline);
    bytes_append_format(into, "%s\n",
                        headline.size          ? bytes_text(&headline)
                        : tally_is_even(tally) ? "nothing would have been different"
                                               : "the same numbers, in other places");
    for (size_t i = 0; i < total; i++) {
        if (!differs(items, groups[i]))
            continue;
        write_group(groups[i], into);
        write_items(items, groups[i], most, into);
    }
    if (tally->omitted)
        bytes_append_format(into, "%" PRIu64 " more are counted, but were too many to list\n",
                            tally->omitted);
    free(items);
    free(groups);
}

static json_t *items_json(struct item **items, const struct group *group)
{
    json_t *list = json_array();
    struct item **end;
    for (items = items_of(items, group, &end); items < end; items++) {
        const struct item *item = *items;
        char time[TIME_TEXT_SIZE];
        time_format(item->at, time);
        json_array_append_new(list,
                              json_pack("{s:I, s:s, s:s, s:s, s:s}", "more", (json_int_t)item->more,
                                        "occurred_at", time, "store_id", item->store_id, "interaction_id",
                                        item->interaction_id, "subject", item->subject));
    }
    return list;
}

json_t *tally_json(const struct tally *tally)
{
    const struct group **groups;
    size_t total = sorted(tally, &groups);
    struct item **items = sorted_items(tally);
    AUTO_CLEAR(bytes) headline = {0};
    json_t *list = json_array();
    write_headline(groups, total, &headline);
    for (size_t i = 0; i < total; i++) {
        const struct group *group = groups[i];
        json_t *json =
            json_pack("{s:s, s:s, s:s, s:I, s:I, s:o}", "rule_id", group->rule_id, "rule", group->rule,
                      "what", group->what, "before", (json_int_t)group->count[TALLY_BEFORE], "after",
                      (json_int_t)group->count[TALLY_AFTER], "list", items_json(items, group));
        if (group->role[0])
            json_object_set_new(json, "role", json_string(group->role));
        if (group->currency[0]) {
            json_object_set_new(json, "minor_before", json_integer(group->minor[TALLY_BEFORE]));
            json_object_set_new(json, "minor_after", json_integer(group->minor[TALLY_AFTER]));
            json_object_set_new(json, "currency", json_string(group->currency));
        }
        json_array_append_new(list, json);
    }
    free(items);
    free(groups);
    return json_pack("{s:s, s:o, s:I}", "headline", bytes_text(&headline), "groups", list, "omitted",
                     (json_int_t)tally->omitted);
}
