/* ladder_load: the levels of a policy, lowest first, and what an override says of them. */
#include "common/policy/load/ladder_load.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/calendar_load.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"

/* Per day, as multiples of what one remedy may cost, where a level says nothing else. */
struct multiples {
    int64_t customer_day, employee_day;
};

static bool is_reserved(const char *role)
{
    static const char *const words[] = {
        "event",   "interaction", "customer", "employee", "store",       "wait",      "remedy",
        "case",    "figures",     "money",    "money_in", "most_within", "covering",  "above",
        "present", "low",         "normal",   "high",     "critical",    "good",      "neither",
        "bad",     "true",        "false",    "null",     "in",          "unlimited",
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(words[i], role))
            return true;
    return role[strspn(role, "abcdefghijklmnopqrstuvwxyz0123456789_")] || (role[0] >= '0' && role[0] <= '9');
}

static void read_multiples(struct loading *loading, struct node *authority, struct multiples *ret_multiples)
{
    if (!authority)
        return;
    if (!finding_expect(loading->findings, authority, NODE_MAPPING,
                        "per_customer_day and per_employee_day here"))
        return;
    struct node *node = node_find(authority, "per_customer_day");
    if (node)
        scalar_read_integer(loading, node, 1, 1000, &ret_multiples->customer_day);
    node = node_find(authority, "per_employee_day");
    if (node)
        scalar_read_integer(loading, node, 1, 1000, &ret_multiples->employee_day);
    node_refuse_unread(authority, "authority", loading->findings);
}

static bool read_limit(struct loading *loading, const struct node *node, int64_t *ret_minor)
{
    if (node->kind == NODE_TEXT && text_equal(node->text, "unlimited")) {
        *ret_minor = UNLIMITED;
        return true;
    }
    return scalar_read_money(loading, node, ret_minor);
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
        for (unsigned i = 0; i < POLICY_CURRENCIES && (!i || amount == UNLIMITED); i++)
            *(int64_t *)(void *)((char *)&limits[i] + member) = amount;
        return true;
    }
    for (const struct node *value = node->first; value; value = value->next) {
        int at = policy_currency(policy, value->key->text);
        if (at < 0)
            finding_at(loading->findings, value->key, "%.40s is none of the policy's currencies",
                       value->key->text);
        else if (value->kind == NODE_TEXT && text_equal(value->text, "unlimited"))
            *(int64_t *)(void *)((char *)&limits[at] + member) = UNLIMITED;
        else if (scalar_read_money_in(loading, value, policy->currencies[at], &amount))
            *(int64_t *)(void *)((char *)&limits[at] + member) = amount;
    }
    if (!is_change && !*(int64_t *)(void *)((char *)&limits[0] + member))
        finding_at(loading->findings, node, "the amount in %s is missing here", policy->currency);
    return true;
}

/* exceptions: [split-set, late-return]: the kinds that a level may grant beside those the levels below list. */
static bool read_exceptions(struct loading *loading, const struct node *node, const struct level *level,
                            struct exceptions *ret_exceptions)
{
    unsigned count;
    if (!finding_expect(loading->findings, node, NODE_LIST,
                        "kinds of exceptions here, such as [split-set, late-return]") ||
        !finding_count(loading->findings, node, "kinds of exceptions", LEVEL_EXCEPTIONS, &count))
        return false;
    struct level listed = {.role = level->role};
    listed.exceptions.kinds = arena_allocate(&loading->policy->arena, (count + 1) * sizeof(char *));
    for (const struct node *item = node->first; item && listed.exceptions.kinds; item = item->next) {
        const char *kind = scalar_read_word(loading, item, 64);
        if (kind && level_lists(&listed, kind))
            finding_at(loading->findings, item, "the exception %s is in the list of %s twice", kind,
                       level->role);
        else if (kind)
            listed.exceptions.kinds[listed.exceptions.count++] = kind;
    }
    *ret_exceptions = listed.exceptions;
    return true;
}

static bool read_role(struct loading *loading, struct node *entry, struct level *ret_level)
{
    struct node *node = node_find(entry, "role");
    if (!node) {
        finding_at(loading->findings, entry, "this level of the ladder has no \"role\"");
        return false;
    }
    ret_level->role = scalar_read_word(loading, node, 64);
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

/* The last level, against those below. */
static void check_rises(struct loading *loading, const struct node *remedy)
{
    const struct policy *policy = loading->policy;
    const struct ladder *ladder = &policy->ladder;
    unsigned last = ladder->count - 1;
    for (unsigned i = 0; i < policy->currency_count; i++) {
        int below = ladder_rival(ladder, i, last);
        if (below < 0)
            continue;
        finding_at(loading->findings, remedy,
                   "%s may not decide more than %s below%s%s: the ladder goes up, lowest first",
                   ladder->levels[last].role, ladder->levels[below].role, i ? " in " : "",
                   i ? policy->currencies[i] : "");
        return;
    }
}

static void read_level(struct loading *loading, struct node *entry, const struct multiples *multiples)
{
    struct ladder *ladder = &loading->policy->ladder;
    struct level level = {0};
    if (!finding_expect(loading->findings, entry, NODE_MAPPING,
                        "a level here: role, remedy, acknowledge_within"))
        return;
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
    for (unsigned i = 0; i < POLICY_CURRENCIES; i++) {
        level.limits[i].customer_day = ladder_times(level.limits[i].remedy, multiples->customer_day);
        level.limits[i].employee_day = ladder_times(level.limits[i].remedy, multiples->employee_day);
    }
    if ((node = node_find(entry, "per_customer_day")) &&
        read_limits(loading, node, level.limits, offsetof(struct limits, customer_day), false))
        level.customer_times = 0;
    if ((node = node_find(entry, "per_employee_day")) &&
        read_limits(loading, node, level.limits, offsetof(struct limits, employee_day), false))
        level.employee_times = 0;
    if ((node = node_find(entry, "acknowledge_within")) &&
        scalar_read_duration(loading, node, &level.acknowledge_us) && !level.acknowledge_us)
        finding_at(loading->findings, node,
                   "no time at all to acknowledge: leave it out where no clock is to run");
    if ((node = node_find(entry, "calendar")))
        level.has_calendar = calendar_load(loading, node, &level.calendar);
    if ((node = node_find(entry, "exceptions")))
        read_exceptions(loading, node, &level, &level.exceptions);
    node_refuse_unread(entry, "a level of the ladder", loading->findings);
    ladder->levels[ladder->count++] = level;
    if ((node = node_find(entry, "remedy")))
        check_rises(loading, node);
}

void ladder_load(struct loading *loading, struct node *node, struct node *authority)
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

/* An override moves kinds from level to level: one that no level lists is misspelt. */
static void check_known(struct loading *loading, const struct node *node, const struct exceptions *exceptions)
{
    const struct ladder *ladder = &loading->policy->ladder;
    const struct node *item = node->first;
    for (unsigned i = 0; i < exceptions->count && item; i++, item = item->next) {
        bool is_known = false;
        for (unsigned level = 0; level < ladder->count; level++)
            is_known |= level_lists(&ladder->levels[level], exceptions->kinds[i]);
        if (!is_known)
            finding_at(loading->findings, item, "the exception %s is listed by no level of the ladder",
                       exceptions->kinds[i]);
    }
}

bool ladder_load_change(struct loading *loading, struct node *node, struct level_change *ret_change)
{
    struct node *value;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "what changes at this level, such as { remedy: 100.00 }"))
        return false;
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
        ret_change->has_acknowledge = scalar_read_duration(loading, value, &ret_change->acknowledge_us);
    if ((value = node_find(node, "calendar")))
        ret_change->has_calendar = calendar_load(loading, value, &ret_change->calendar);
    if ((value = node_find(node, "exceptions"))) {
        const struct level *level = &loading->policy->ladder.levels[ret_change->level];
        ret_change->has_exceptions = read_exceptions(loading, value, level, &ret_change->exceptions);
        check_known(loading, value, &ret_change->exceptions);
    }
    node_refuse_unread(node, "a level of the ladder", loading->findings);
    return true;
}
