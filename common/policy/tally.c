/* tally: groups of decisions, and in each the items that one side has and the other has not. */
#include "common/policy/tally.h"

#include "common/base/clock.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase.h"

#include <inttypes.h>
#include <stdlib.h>

enum { KEY_SIZE = 512, ITEMS_MOST = 500000 };

/* Decisions of one rule and kind. */
struct group {
    uint64_t count[2];
    int64_t minor[2]; /* money in it */
    char currency[4];
    char role[64];   /* of cases: whose; "" otherwise */
    bool is_counter; /* money decided at the counter */
    bool is_broken;  /* promises */
    char rule_id[20], rule[64];
    char what[96];
    size_t key_size;
    char key[];
};

/* Something that was concluded more often on one side; forgotten when the other side has it too. */
struct item {
    struct group *group;
    int64_t more; /* after less before */
    int64_t at;
    char store_id[65], interaction_id[72];
    size_t key_size;
    char key[];
};

struct tally {
    struct map groups, items;
    uint64_t omitted; /* items beyond the bound */
};

struct tally *tally_new(void)
{
    struct tally *tally = NEW(tally);
    map_init(&tally->groups, 1);
    map_init(&tally->items, 1);
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    void *each;
    MAP_EACH(each, &tally->groups)
        free(each);
    MAP_EACH(each, &tally->items)
        free(each);
    map_clear(&tally->groups);
    map_clear(&tally->items);
    free(tally);
}

/* ---- what a decision counts as */

struct counted {
    const char *rule_id, *rule, *what, *role, *subject;
    const char *store_id, *interaction_id;
    const WireMoney *money;
    bool is_counter, is_broken;
    int64_t at;
};

static const char *case_word(WireDecisionKind kind)
{
    return kind == WIRE_DECISION_KIND__CASE_OPENED    ? "cases"
           : kind == WIRE_DECISION_KIND__CASE_CLIMBED ? "cases that climbed"
           : kind == WIRE_DECISION_KIND__CASE_RAISED  ? "cases that were raised"
                                                      : NULL;
}

static bool is_counter_grant(const WireDecision *decision, const WireEvent *event)
{
    return event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED && decision->remedy->state &&
           !strcmp(decision->remedy->state, "reserved");
}

/* False: not counted. */
static bool count_as(const WireDecision *decision, const WireEvent *event, struct counted *counted)
{
    *counted = (struct counted){.rule_id = decision->rule_id,
                                .rule = decision->rule,
                                .store_id = decision->store_id,
                                .interaction_id = decision->interaction_id,
                                .at = decision->decided_at};
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_CASE:
        counted->what = case_word(decision->kind);
        counted->role = decision->case_->role;
        counted->subject = decision->case_->subject;
        counted->money = decision->case_->requested;
        return counted->what;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        counted->what = "follow-ups";
        counted->subject = decision->follow_up->subject;
        return decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED;
    case WIRE_DECISION__BODY_COACHING:
        counted->what = "coaching";
        counted->subject = decision->coaching->employee_id;
        return true;
    case WIRE_DECISION__BODY_RECOGNITION:
        counted->what = "recognitions";
        counted->subject = decision->recognition->employee_id;
        return true;
    case WIRE_DECISION__BODY_FINDING:
        counted->what = "findings";
        counted->subject = decision->finding->subject;
        return decision->rule != NULL;
    case WIRE_DECISION__BODY_DIGEST:
        counted->what = "digests";
        counted->subject = decision->digest->day;
        return true;
    case WIRE_DECISION__BODY_EXPERIENCE:
        counted->what = decision->experience->feeling == WIRE_FEELING__BAD    ? "bad experiences"
                        : decision->experience->feeling == WIRE_FEELING__GOOD ? "good experiences"
                                                                              : "contacts nobody talks about";
        return true;
    case WIRE_DECISION__BODY_REMEDY:
        counted->what = "remedies granted at the counter";
        counted->subject = decision->remedy->remedy_id;
        counted->money = decision->remedy->amount;
        counted->is_counter = true;
        return is_counter_grant(decision, event);
    case WIRE_DECISION__BODY_PROMISE:
        counted->what = "promises broken";
        counted->subject = decision->promise->promise_id;
        counted->is_broken = true;
        return decision->promise->state && !strcmp(decision->promise->state, "broken");
    }
    return false;
}

static const char *or_dash(const char *text)
{
    return text ? text : "";
}

static struct group *group_of(struct tally *tally, const struct counted *counted)
{
    char key[KEY_SIZE];
    text_format(key, sizeof key, "%s|%s|%s", or_dash(counted->rule), counted->what, or_dash(counted->role));
    size_t size = strlen(key) + 1;
    struct group *group = map_find(&tally->groups, key, size);
    if (group)
        return group;
    group = allocate_zeroed(sizeof *group + size);
    memcpy(group->key, key, size);
    group->key_size = size;
    text_copy(group->rule_id, sizeof group->rule_id, or_dash(counted->rule_id));
    text_copy(group->rule, sizeof group->rule, or_dash(counted->rule));
    text_copy(group->role, sizeof group->role, or_dash(counted->role));
    text_copy(group->what, sizeof group->what, counted->what);
    group->is_counter = counted->is_counter;
    group->is_broken = counted->is_broken;
    map_put(&tally->groups, group->key, size, group);
    return group;
}

static void item_move(struct tally *tally, enum tally_side side, struct group *group,
                      const struct counted *counted)
{
    char key[KEY_SIZE];
    text_format(key, sizeof key, "%s|%s|%s|%s", group->key, or_dash(counted->store_id),
                or_dash(counted->interaction_id), or_dash(counted->subject));
    size_t size = strlen(key) + 1;
    struct item *item = map_find(&tally->items, key, size);
    if (!item && tally->items.count == ITEMS_MOST) {
        tally->omitted++;
        return;
    }
    if (!item) {
        item = allocate_zeroed(sizeof *item + size);
        memcpy(item->key, key, size);
        item->key_size = size;
        item->group = group;
        item->at = counted->at;
        text_copy(item->store_id, sizeof item->store_id, or_dash(counted->store_id));
        text_copy(item->interaction_id, sizeof item->interaction_id, or_dash(counted->interaction_id));
        map_put(&tally->items, item->key, size, item);
    }
    item->more += side == TALLY_AFTER ? 1 : -1;
    if (!item->more) {
        map_take(&tally->items, key, size);
        free(item);
    }
}

static void count(struct tally *tally, enum tally_side side, const struct counted *counted)
{
    struct group *group = group_of(tally, counted);
    group->count[side]++;
    if (counted->money && counted->money->currency) {
        group->minor[side] += counted->money->minor;
        text_copy(group->currency, sizeof group->currency, counted->money->currency);
    }
    item_move(tally, side, group, counted);
}

static void count_advice(struct tally *tally, enum tally_side side, const WireDecision *decision)
{
    for (size_t at = 0; at < decision->verdict->n_advice; at++) {
        struct counted counted = {.rule_id = decision->verdict->advice[at]->rule_id,
                                  .rule = decision->verdict->advice[at]->rule,
                                  .what = "advice",
                                  .store_id = decision->store_id,
                                  .interaction_id = decision->interaction_id,
                                  .at = decision->decided_at};
        count(tally, side, &counted);
    }
}

void tally_add(struct tally *tally, enum tally_side side, const WireEvent *event,
               WireDecision *const *decisions, size_t decision_count)
{
    for (size_t at = 0; at < decision_count; at++) {
        struct counted counted;
        if (decisions[at]->drill)
            continue;
        if (decisions[at]->body_case == WIRE_DECISION__BODY_VERDICT)
            count_advice(tally, side, decisions[at]);
        else if (count_as(decisions[at], event, &counted))
            count(tally, side, &counted);
    }
}

/* ---- telling */

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = *(const struct group *const *)left, *b = *(const struct group *const *)right;
    int order = strcmp(a->rule_id, b->rule_id);
    return order ? order : strcmp(a->key, b->key);
}

static size_t sorted(const struct tally *tally, const struct group ***ret_groups)
{
    size_t total = 0;
    const struct group **groups = allocate((tally->groups.count + 1) * sizeof(void *));
    const struct group *group;
    MAP_EACH(group, &tally->groups)
        groups[total++] = group;
    qsort(groups, total, sizeof(void *), compare_groups);
    *ret_groups = groups;
    return total;
}

static int64_t difference(const struct group *group)
{
    return (int64_t)(group->count[TALLY_AFTER] - group->count[TALLY_BEFORE]);
}

/* Cases opened for one role by all rules together, once for each role. */
static void tell_roles(const struct group **groups, size_t total, struct bytes *into)
{
    for (size_t at = 0; at < total; at++) {
        int64_t sum = 0;
        bool is_first = !strcmp(groups[at]->what, "cases");
        for (size_t other = 0; other < total; other++) {
            if (strcmp(groups[other]->what, "cases") || strcmp(groups[other]->role, groups[at]->role))
                continue;
            sum += difference(groups[other]);
            is_first &= other >= at;
        }
        if (!is_first || !sum)
            continue;
        bytes_append_format(into, "%s%+" PRId64 " to the ", into->size ? ", " : "", sum);
        phrase_name(groups[at]->role, into);
    }
}

static void tell_headline(const struct group **groups, size_t total, struct bytes *into)
{
    int64_t minor = 0, broken = 0;
    const char *currency = "";
    tell_roles(groups, total, into);
    for (size_t at = 0; at < total; at++) {
        minor +=
            groups[at]->is_counter ? groups[at]->minor[TALLY_AFTER] - groups[at]->minor[TALLY_BEFORE] : 0;
        currency = groups[at]->is_counter && groups[at]->currency[0] ? groups[at]->currency : currency;
        broken += groups[at]->is_broken ? difference(groups[at]) : 0;
    }
    if (minor) {
        bytes_append_text(into, into->size ? "; " : "");
        phrase_money(minor < 0 ? -minor : minor, currency, into);
        bytes_append_text(into, minor < 0 ? " less decided at the counter" : " more decided at the counter");
    }
    if (broken)
        bytes_append_format(into, "%s%" PRId64 " promise%s %s", into->size ? "; " : "",
                            broken < 0 ? -broken : broken, broken == 1 || broken == -1 ? "" : "s",
                            broken < 0 ? "that would have been saved" : "more would have been broken");
}

static void tell_group(const struct group *group, struct bytes *into)
{
    bytes_append_format(into, "  %-4s %-22s %s", group->rule_id, group->rule, group->what);
    if (group->role[0]) {
        bytes_append_text(into, !strcmp(group->what, "cases") ? " for the " : " to the ");
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

static void tell_items(const struct tally *tally, const struct group *group, size_t most, struct bytes *into)
{
    const struct item *item;
    size_t told = 0;
    MAP_EACH(item, &tally->items) {
        char time[TIME_TEXT_SIZE];
        if (item->group != group || told++ >= most)
            continue;
        time_format(item->at, time);
        bytes_append_format(into, "         %+" PRId64 "  %s  %s  %s\n", item->more, time, item->store_id,
                            item->interaction_id);
    }
    if (told > most && most)
        bytes_append_format(into, "         and %zu more\n", told - most);
}

static bool differs(const struct tally *tally, const struct group *group)
{
    const struct item *item;
    MAP_EACH(item, &tally->items)
        if (item->group == group)
            return true;
    return difference(group) != 0 || group->minor[TALLY_BEFORE] != group->minor[TALLY_AFTER];
}

bool tally_is_even(const struct tally *tally)
{
    const struct group *group;
    MAP_EACH(group, &tally->groups)
        if (differs(tally, group))
            return false;
    return true;
}

void tally_tell(const struct tally *tally, size_t most, struct bytes *into)
{
    const struct group **groups;
    size_t total = sorted(tally, &groups);
    AUTO_CLEAR(bytes) headline = {0};
    tell_headline(groups, total, &headline);
    bytes_append_format(into, "%s\n",
                        headline.size          ? bytes_text(&headline)
                        : tally_is_even(tally) ? "nothing would have been different"
                                               : "the same numbers, in other places");
    for (size_t at = 0; at < total; at++) {
        if (!differs(tally, groups[at]))
            continue;
        tell_group(groups[at], into);
        tell_items(tally, groups[at], most, into);
    }
    free(groups);
}

static json_t *items_json(const struct tally *tally, const struct group *group)
{
    json_t *list = json_array();
    const struct item *item;
    MAP_EACH(item, &tally->items) {
        char time[TIME_TEXT_SIZE];
        if (item->group != group)
            continue;
        time_format(item->at, time);
        json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:s}", "more", (json_int_t)item->more,
                                              "decided_at", time, "store_id", item->store_id,
                                              "interaction_id", item->interaction_id));
    }
    return list;
}

json_t *tally_json(const struct tally *tally)
{
    const struct group **groups;
    size_t total = sorted(tally, &groups);
    AUTO_CLEAR(bytes) headline = {0};
    json_t *list = json_array();
    tell_headline(groups, total, &headline);
    for (size_t at = 0; at < total; at++) {
        const struct group *group = groups[at];
        json_t *json =
            json_pack("{s:s, s:s, s:s, s:I, s:I, s:o}", "rule_id", group->rule_id, "rule", group->rule,
                      "what", group->what, "before", (json_int_t)group->count[TALLY_BEFORE], "after",
                      (json_int_t)group->count[TALLY_AFTER], "list", items_json(tally, group));
        if (group->role[0])
            json_object_set_new(json, "role", json_string(group->role));
        if (group->currency[0]) {
            json_object_set_new(json, "minor_before", json_integer(group->minor[TALLY_BEFORE]));
            json_object_set_new(json, "minor_after", json_integer(group->minor[TALLY_AFTER]));
            json_object_set_new(json, "currency", json_string(group->currency));
        }
        json_array_append_new(list, json);
    }
    free(groups);
    return json_pack("{s:s, s:o}", "headline", bytes_text(&headline), "groups", list);
}
