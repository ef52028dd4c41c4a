/* ladder: the roles of a policy, lowest first, and how far each one's authority reaches. */
#include "common/base/memory.h"
#include "common/policy/load/loading.h"
#include "common/policy/rules/scope.h"

/* Per day, as multiples of what one remedy may cost, where a level says nothing else. */
struct multiples {
    int64_t customer_day, employee_day;
};

int ladder_find(const struct ladder *ladder, const char *role)
{
    for (unsigned at = 0; at < ladder->count; at++)
        if (!strcmp(ladder->levels[at].role, role))
            return (int)at;
    return -1;
}

unsigned ladder_place(const struct ladder *ladder, const char *role)
{
    int level = role ? ladder_find(ladder, role) : -1;
    return level < 0 ? 0 : (unsigned)level;
}

static bool is_reserved(const char *role)
{
    static const char *const words[] = {
        "event", "interaction", "customer", "employee", "store",   "wait", "remedy", "case",      "figures",
        "money", "money_in",    "covering", "above",    "present", "low",  "normal", "high",      "critical",
        "good",  "neither",     "bad",      "true",     "false",   "null", "in",     "unlimited",
    };
    for (size_t at = 0; at < COUNT_OF(words); at++)
        if (!strcmp(words[at], role))
            return true;
    return role[strspn(role, "abcdefghijklmnopqrstuvwxyz0123456789_")] || (role[0] >= '0' && role[0] <= '9');
}

static void read_multiples(struct loading *loading, struct node *authority, struct multiples *ret_multiples)
{
    if (!authority)
        return;
    if (authority->kind != NODE_MAPPING) {
        finding_at(loading->findings, authority, "expected per_customer_day and per_employee_day here");
        return;
    }
    struct node *node = node_find(authority, "per_customer_day");
    if (node)
        read_integer(loading, node, 1, 1000, &ret_multiples->customer_day);
    node = node_find(authority, "per_employee_day");
    if (node)
        read_integer(loading, node, 1, 1000, &ret_multiples->employee_day);
    node_refuse_unread(authority, "authority", loading->findings);
}

static bool read_limit(struct loading *loading, const struct node *node, int64_t *ret_minor)
{
    if (node->kind == NODE_TEXT && !strcmp(node->text, "unlimited")) {
        *ret_minor = UNLIMITED;
        return true;
    }
    return read_money(loading, node, ret_minor);
}

int policy_currency(const struct policy *policy, const char *code)
{
    for (unsigned at = 0; at < policy->currency_count; at++)
        if (!strcmp(policy->currencies[at], code))
            return (int)at;
    return -1;
}

const struct limits *level_limits(const struct policy *policy, const struct level *level,
                                  const char *currency)
{
    int at = policy_currency(policy, currency);
    return at < 0 || (at && !level->limits[at].remedy) ? NULL : &level->limits[at];
}

/* 50.00 in the first currency, "unlimited" in all, or { EUR: 50.00, USD: 60.00 }. */
static bool read_limits(struct loading *loading, const struct node *node,
                        struct limits limits[static POLICY_CURRENCIES], size_t member, bool is_change)
{
    const struct policy *policy = loading->policy;
    int64_t amount = 0;
    if (node->kind != NODE_MAPPING) {
        if (!read_limit(loading, node, &amount))
            return false;
        for (unsigned at = 0; at < POLICY_CURRENCIES && (!at || amount == UNLIMITED); at++)
            *(int64_t *)(void *)((char *)&limits[at] + member) = amount;
        return true;
    }
    for (const struct node *value = node->first; value; value = value->next) {
        int at = policy_currency(policy, value->key->text);
        if (at < 0)
            finding_at(loading->findings, value->key, "%.40s is none of the policy's currencies",
                       value->key->text);
        else if (value->kind == NODE_TEXT && !strcmp(value->text, "unlimited"))
            *(int64_t *)(void *)((char *)&limits[at] + member) = UNLIMITED;
        else if (read_money_in(loading, value, policy->currencies[at], &amount))
            *(int64_t *)(void *)((char *)&limits[at] + member) = amount;
    }
    if (!is_change && !*(int64_t *)(void *)((char *)&limits[0] + member))
        finding_at(loading->findings, node, "the amount in %s is missing here", policy->currency);
    return true;
}

static bool read_role(struct loading *loading, struct node *entry, struct level *ret_level)
{
    struct node *node = node_find(entry, "role");
    if (!node) {
        finding_at(loading->findings, entry, "this level of the ladder has no \"role\"");
        return false;
    }
    ret_level->role = read_word(loading, node, 64);
    if (!ret_level->role)
        return false;
    if (is_reserved(ret_level->role)) {
        finding_at(loading->findings, node,
                   "\"%.40s\" cannot be a role: lower case letters, digits and _, and no word "
                   "of the language",
                   ret_level->role);
        return false;
    }
    if (ladder_find(&loading->policy->ladder, ret_level->role) >= 0) {
        finding_at(loading->findings, node, "the role %s is in the ladder twice", ret_level->role);
        return false;
    }
    return true;
}

static int64_t times(int64_t limit, int64_t multiple)
{
    return limit == UNLIMITED ? UNLIMITED : limit * multiple;
}

/* The level below that may decide as much in this currency; -1: none, the ladder goes up. Levels without figures in it
 * are passed over. */
static int level_above_itself(const struct ladder *ladder, unsigned currency, unsigned level)
{
    int64_t remedy = ladder->levels[level].limits[currency].remedy;
    for (unsigned below = level; remedy && below--;) {
        int64_t of_below = ladder->levels[below].limits[currency].remedy;
        if (of_below)
            return remedy <= of_below && (!currency || remedy != UNLIMITED) ? (int)below : -1;
    }
    return -1;
}

/* The last level, against those below. */
static void check_rises(struct loading *loading, const struct node *remedy)
{
    const struct policy *policy = loading->policy;
    const struct ladder *ladder = &policy->ladder;
    unsigned last = ladder->count - 1;
    for (unsigned at = 0; at < policy->currency_count; at++) {
        int below = level_above_itself(ladder, at, last);
        if (below < 0)
            continue;
        finding_at(loading->findings, remedy,
                   "%s may not decide more than %s below%s%s: the ladder goes up, lowest first",
                   ladder->levels[last].role, ladder->levels[below].role, at ? " in " : "",
                   at ? policy->currencies[at] : "");
        return;
    }
}

static void read_level(struct loading *loading, struct node *entry, const struct multiples *multiples)
{
    struct ladder *ladder = &loading->policy->ladder;
    struct level level = {0};
    if (entry->kind != NODE_MAPPING) {
        finding_at(loading->findings, entry, "expected a level here: role, remedy, acknowledge_within");
        return;
    }
    if (!read_role(loading, entry, &level))
        return;
    struct node *node = node_find(entry, "remedy");
    if (!node)
        finding_at(loading->findings, entry,
                   "the role %s has no \"remedy\": what one remedy may cost, or unlimited", level.role);
    else
        read_limits(loading, node, level.limits, offsetof(struct limits, remedy), false);
    level.line = entry->line;
    level.customer_times = multiples->customer_day;
    level.employee_times = multiples->employee_day;
    for (unsigned at = 0; at < POLICY_CURRENCIES; at++) {
        level.limits[at].customer_day = times(level.limits[at].remedy, multiples->customer_day);
        level.limits[at].employee_day = times(level.limits[at].remedy, multiples->employee_day);
    }
    if ((node = node_find(entry, "per_customer_day")) &&
        read_limits(loading, node, level.limits, offsetof(struct limits, customer_day), false))
        level.customer_times = 0;
    if ((node = node_find(entry, "per_employee_day")) &&
        read_limits(loading, node, level.limits, offsetof(struct limits, employee_day), false))
        level.employee_times = 0;
    if ((node = node_find(entry, "acknowledge_within")) &&
        read_duration(loading, node, &level.acknowledge_us) && !level.acknowledge_us)
        finding_at(loading->findings, node,
                   "no time at all to acknowledge: leave it out where no clock is to run");
    if ((node = node_find(entry, "calendar")))
        level.has_calendar = read_calendar(loading, node, &level.calendar);
    node_refuse_unread(entry, "a level of the ladder", loading->findings);
    ladder->levels[ladder->count++] = level;
    if ((node = node_find(entry, "remedy")))
        check_rises(loading, node);
}

void read_ladder(struct loading *loading, struct node *node, struct node *authority)
{
    struct multiples multiples = {.customer_day = 2, .employee_day = 10};
    read_multiples(loading, authority, &multiples);
    if (node->kind != NODE_LIST || !node->first) {
        finding_at(loading->findings, node,
                   "expected the levels of the ladder here, lowest first: - role: …");
        return;
    }
    for (struct node *entry = node->first; entry; entry = entry->next) {
        if (loading->policy->ladder.count == POLICY_LEVELS) {
            finding_at(loading->findings, entry, "the ladder has more than %d levels", POLICY_LEVELS);
            return;
        }
        read_level(loading, entry, &multiples);
    }
}

bool read_level_change(struct loading *loading, struct node *node, struct level_change *ret_change)
{
    struct node *value;
    if (node->kind != NODE_MAPPING) {
        finding_at(loading->findings, node,
                   "expected what changes at this level, such as { remedy: 100.00 }");
        return false;
    }
    if ((value = node_find(node, "remedy")))
        ret_change->has_remedy =
            read_limits(loading, value, ret_change->limits, offsetof(struct limits, remedy), true);
    if ((value = node_find(node, "per_customer_day")))
        ret_change->has_customer_day =
            read_limits(loading, value, ret_change->limits, offsetof(struct limits, customer_day), true);
    if ((value = node_find(node, "per_employee_day")))
        ret_change->has_employee_day =
            read_limits(loading, value, ret_change->limits, offsetof(struct limits, employee_day), true);
    if ((value = node_find(node, "acknowledge_within")))
        ret_change->has_acknowledge = read_duration(loading, value, &ret_change->acknowledge_us);
    if ((value = node_find(node, "calendar")))
        ret_change->has_calendar = read_calendar(loading, value, &ret_change->calendar);
    node_refuse_unread(node, "a level of the ladder", loading->findings);
    return true;
}

static void limits_apply(struct limits *limits, const struct limits *change, const struct level *level)
{
    if (change->remedy)
        limits->remedy = change->remedy;
    if (level->customer_times)
        limits->customer_day = times(limits->remedy, level->customer_times);
    else if (change->customer_day)
        limits->customer_day = change->customer_day;
    if (level->employee_times)
        limits->employee_day = times(limits->remedy, level->employee_times);
    else if (change->employee_day)
        limits->employee_day = change->employee_day;
}

void level_apply(struct level *level, const struct level_change *change)
{
    if (change->has_customer_day)
        level->customer_times = 0;
    if (change->has_employee_day)
        level->employee_times = 0;
    for (unsigned at = 0; at < POLICY_CURRENCIES; at++)
        limits_apply(&level->limits[at], &change->limits[at], level);
    if (change->has_acknowledge)
        level->acknowledge_us = change->acknowledge_us;
    if (change->has_calendar) {
        level->has_calendar = true;
        level->calendar = change->calendar;
    }
}

unsigned ladder_falls(const struct ladder *ladder)
{
    for (unsigned level = 1; level < ladder->count; level++)
        for (unsigned at = 0; at < POLICY_CURRENCIES; at++)
            if (level_above_itself(ladder, at, level) >= 0)
                return level;
    return 0;
}
