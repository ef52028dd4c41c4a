/* ladder: the roles of a policy, and how far each one's authority reaches. */
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"
#include "common/wire/set.h"

int ladder_find(const struct ladder *ladder, const char *role)
{
    for (unsigned i = 0; i < ladder->count; i++)
        if (text_equal(ladder->levels[i].role, role))
            return (int)i;
    return -1;
}

unsigned ladder_place(const struct ladder *ladder, const char *role)
{
    int level = role ? ladder_find(ladder, role) : -1;
    return level < 0 ? 0 : (unsigned)level;
}

bool level_lists(const struct level *level, const char *exception)
{
    for (unsigned i = 0; i < level->exceptions.count; i++)
        if (text_equal(level->exceptions.kinds[i], exception))
            return true;
    return false;
}

bool ladder_excepts(const struct ladder *ladder, unsigned level, const char *exception)
{
    for (unsigned i = 0; i <= level; i++)
        if (level_lists(&ladder->levels[i], exception))
            return true;
    return level + 1 == ladder->count;
}

const struct limits *ladder_limits(const struct policy *policy, const struct level *level,
                                   const char *currency)
{
    int at = policy_currency(policy, currency);
    return at < 0 || (at && !level->limits[at].remedy) ? NULL : &level->limits[at];
}

int64_t ladder_times(int64_t limit, int64_t multiple)
{
    return limit == UNLIMITED ? UNLIMITED : limit * multiple;
}

int ladder_rival(const struct ladder *ladder, unsigned currency, unsigned level)
{
    int64_t remedy = ladder->levels[level].limits[currency].remedy;
    for (unsigned below = level; remedy && below--;) {
        int64_t of_below = ladder->levels[below].limits[currency].remedy;
        if (of_below)
            return remedy <= of_below && (!currency || remedy != UNLIMITED) ? (int)below : -1;
    }
    return -1;
}

static void limits_apply(struct limits *limits, const struct limits *change, const struct level *level)
{
    if (change->remedy)
        limits->remedy = change->remedy;
    if (level->customer_times)
        limits->customer_day = ladder_times(limits->remedy, level->customer_times);
    else if (change->customer_day)
        limits->customer_day = change->customer_day;
    if (level->employee_times)
        limits->employee_day = ladder_times(limits->remedy, level->employee_times);
    else if (change->employee_day)
        limits->employee_day = change->employee_day;
}

void ladder_apply_change(struct level *level, const struct level_change *change)
{
    if (change->has_customer_day)
        level->customer_times = 0;
    if (change->has_employee_day)
        level->employee_times = 0;
    for (unsigned i = 0; i < POLICY_CURRENCIES; i++)
        limits_apply(&level->limits[i], &change->limits[i], level);
    if (change->has_exceptions)
        level->exceptions = change->exceptions;
    if (change->has_acknowledge)
        level->acknowledge_us = change->acknowledge_us;
    if (change->has_calendar) {
        WIRE_SET(level, calendar, change->calendar);
    }
}

unsigned ladder_falls(const struct ladder *ladder)
{
    for (unsigned level = 1; level < ladder->count; level++)
        for (unsigned i = 0; i < POLICY_CURRENCIES; i++)
            if (ladder_rival(ladder, i, level) >= 0)
                return level;
    return 0;
}
