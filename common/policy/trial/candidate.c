/* candidate: samples by the name of the setting, and the values chosen from them. */
#include "common/policy/trial/candidate.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/policy/rules/currency.h"
#include "common/policy/trial/near.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SAMPLES_MOST = 2048, SETTINGS_MOST = 512 };

/* What lay on one side of a figure. When there is no more room every second one is left out, from then on too. */
struct samples {
    int64_t values[SAMPLES_MOST];
    size_t count;
    uint64_t seen, step;
};

struct near {
    enum candidate_unit unit;
    int64_t was;
    struct samples sides[2]; /* less, more */
    char name[SETTING_NAME_SIZE];
};

struct candidates {
    const struct policy *policy;
    struct map nears; /* by name */
    struct near_rules *rules;
};

struct candidates *candidates_new(const struct policy *policy)
{
    struct candidates *candidates = NEW(candidates);
    candidates->policy = policy;
    map_init(&candidates->nears, 1);
    candidates->rules = near_rules_new();
    return candidates;
}

void candidates_free(struct candidates *candidates)
{
    if (!candidates)
        return;
    struct near *near;
    MAP_EACH(near, &candidates->nears)
        free(near);
    map_clear(&candidates->nears);
    near_rules_free(candidates->rules);
    free(candidates);
}

/* --- noting --- */

static void samples_add(struct samples *samples, int64_t value)
{
    samples->step += !samples->step;
    if (samples->seen++ % samples->step)
        return;
    if (samples->count == SAMPLES_MOST) {
        for (size_t i = 0; i < SAMPLES_MOST / 2; i++)
            samples->values[i] = samples->values[2 * i];
        samples->count = SAMPLES_MOST / 2;
        samples->step *= 2;
    }
    samples->values[samples->count++] = value;
}

void candidates_note(struct candidates *candidates, const char *name, enum candidate_unit unit, int64_t was,
                     int64_t needed)
{
    bool is_near = was > 0 && needed != was && needed >= was / 2 && needed <= 2 * was;
    struct near *near = is_near ? map_find_text(&candidates->nears, name) : NULL;
    if (!is_near || (!near && candidates->nears.count == SETTINGS_MOST))
        return;
    if (!near) {
        near = memory_zeroed(sizeof *near);
        near->unit = unit;
        near->was = was;
        text_copy(near->name, sizeof near->name, name);
        map_put_text(&candidates->nears, near->name, near);
    }
    if (near->was == was) /* not what an override makes of it */
        samples_add(&near->sides[needed > was], needed);
}

static void on_near(void *owner, const char *name, enum candidate_unit unit, int64_t was, int64_t needed)
{
    candidates_note(owner, name, unit, was, needed);
}

void candidates_look(struct candidates *candidates, const struct rule_look *look)
{
    near_look(candidates->rules, look, on_near, candidates);
}

void candidates_hear(struct candidates *candidates, const struct fold *fold, const WireEvent *event,
                     const struct decisions *decisions)
{
    if (event->drill)
        return;
    near_wait(candidates->rules, candidates->policy, fold, event, on_near, candidates);
    for (size_t i = 0; i < decisions->count; i++)
        if (decisions->items[i]->body_case == WIRE_DECISION__BODY_CASE && !decisions->items[i]->drill)
            near_case(candidates->policy, decisions->items[i], on_near, candidates);
}

/* --- choosing --- */

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* What a value is rounded to, so that people can say it. */
static int64_t grain_of(const struct near *near, const char *currency, int64_t value)
{
    static const struct {
        int64_t below, grain;
    } of_time[] = {{60, 5}, {600, 30}, {3600, 300}, {6 * 3600, 900}, {2 * 86400, 3600}, {INT64_MAX, 86400}},
      of_money[] = {{10, 1}, {100, 5}, {500, 10}, {2000, 50}, {INT64_MAX, 500}};
    int64_t unit = 1;
    size_t i = 0;
    switch (near->unit) {
    case CANDIDATE_NUMBER:
        return 1;
    case CANDIDATE_DURATION:
        for (unit = 1000000; value / unit >= of_time[i].below;)
            i++;
        return unit * of_time[i].grain;
    case CANDIDATE_MONEY:
        for (unsigned left = currency_decimals(currency); left > 0; left--)
            unit *= 10;
        while (value / unit >= of_money[i].below)
            i++;
        return unit * of_money[i].grain;
    }
    return 1;
}

/* Away from what it is, so that the sample it was made from lies within. */
static int64_t rounded(const struct near *near, const char *currency, int64_t value)
{
    int64_t grain = grain_of(near, currency, value);
    return value > near->was ? (value + grain - 1) / grain * grain : value / grain * grain;
}

static void write_value(const struct near *near, const char *currency, int64_t value,
                        char into[static SETTING_VALUE_SIZE])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
    char money[CURRENCY_TEXT_SIZE];
    if (near->unit == CANDIDATE_NUMBER)
        text_format(into, SETTING_VALUE_SIZE, "%" PRId64, value);
    if (near->unit == CANDIDATE_MONEY) {
        currency_format(value, currency, money);
        text_format(into, SETTING_VALUE_SIZE, "%.*s", (int)strcspn(money, " "), money);
    }
    for (size_t i = 0; near->unit == CANDIDATE_DURATION && i < COUNT_OF(units); i++)
        if (value % (units[i].seconds * 1000000) == 0) {
            text_format(into, SETTING_VALUE_SIZE, "%" PRId64 "%s", value / (units[i].seconds * 1000000),
                        units[i].name);
            return;
        }
}

/* The value that takes in the nearest `part` of `of` of what lies on this side; false: it is no other. */
static bool value_at(const struct near *near, const char *currency, bool is_more, size_t part, size_t of,
                     int64_t *ret_value)
{
    const struct samples *samples = &near->sides[is_more];
    if (!samples->count)
        return false;
    int64_t *sorted = memory_copy(samples->values, samples->count * sizeof *sorted);
    qsort(sorted, samples->count, sizeof *sorted, compare);
    size_t at = (samples->count - 1) * part / of;
    int64_t value = rounded(near, currency, sorted[is_more ? at : samples->count - 1 - at]);
    free(sorted);
    *ret_value = value;
    return value > 0 && value != near->was;
}

static bool is_chosen(const struct candidate *chosen, size_t count, const struct candidate *candidate)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(chosen[i].change.name, candidate->change.name) &&
            text_equal(chosen[i].change.value, candidate->change.value))
            return true;
    return false;
}

static int compare_nears(const void *left, const void *right)
{
    const struct near *a = *(const struct near *const *)left, *b = *(const struct near *const *)right;
    uint64_t of_a = a->sides[0].seen + a->sides[1].seen, of_b = b->sides[0].seen + b->sides[1].seen;
    return of_a != of_b ? (of_a < of_b ? 1 : -1) : strcmp(a->name, b->name);
}

size_t candidates_choose(const struct candidates *candidates,
                         struct candidate ret_candidates[static CANDIDATES_MOST])
{
    const char *currency = candidates->policy->currency;
    const struct near **nears = memory_allocate((candidates->nears.count + 1) * sizeof(void *)), *near;
    size_t total = 0, count = 0;
    MAP_EACH(near, &candidates->nears)
        nears[total++] = near;
    qsort(nears, total, sizeof(void *), compare_nears);
    for (size_t round = 0; round < 4; round++) /* nearest quarters first, then halves */
        for (size_t i = 0; i < total && count < CANDIDATES_MOST; i++) {
            struct candidate candidate = {.unit = nears[i]->unit, .was = nears[i]->was};
            if (!value_at(nears[i], currency, round % 2, round < 2 ? 1 : 2, 4, &candidate.value))
                continue;
            text_copy(candidate.change.name, sizeof candidate.change.name, nears[i]->name);
            write_value(nears[i], currency, candidate.value, candidate.change.value);
            if (!is_chosen(ret_candidates, count, &candidate))
                ret_candidates[count++] = candidate;
        }
    free(nears);
    return count;
}
