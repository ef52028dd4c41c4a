/* candidate_suggest: which of the candidates that were tried are worth talking about, and how they are said. */
#include "common/base/memory.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/trial/candidate.h"

#include <inttypes.h>

/* --- which --- */

static bool is_same_direction(const struct candidate *a, const struct candidate *b)
{
    return text_equal(a->change.name, b->change.name) && (a->value > a->was) == (b->value > b->was);
}

/* Another of the same figure and direction is worth more, or as much and stands before it. */
static bool is_outdone(const struct candidate *candidates, const struct worth_sum *worths, size_t count,
                       size_t at)
{
    double gain = worth_gain(&worths[at]);
    for (size_t i = 0; i < count; i++) {
        double other = worth_gain(&worths[i]);
        if (i != at && is_same_direction(&candidates[i], &candidates[at]) && worth_is_any(&worths[i]) &&
            (other > gain || (other >= gain && i < at)))
            return true;
    }
    return false;
}

size_t candidates_suggest(const struct candidate *candidates, const struct worth_sum *worths, size_t count,
                          size_t ret_places[static SUGGESTIONS_MOST])
{
    size_t chosen = 0;
    for (size_t at = 0; at < count; at++) {
        if (!worth_is_any(&worths[at]) || is_outdone(candidates, worths, count, at))
            continue;
        size_t place = chosen;
        while (place > 0 && worth_gain(&worths[ret_places[place - 1]]) < worth_gain(&worths[at]))
            place--;
        if (place == SUGGESTIONS_MOST)
            continue;
        chosen += chosen < SUGGESTIONS_MOST;
        for (size_t i = chosen - 1; i > place; i--)
            ret_places[i] = ret_places[i - 1];
        ret_places[place] = at;
    }
    return chosen;
}

/* --- in words --- */

static void write_value(const struct candidate *candidate, const struct policy *policy, int64_t value,
                        struct bytes *into)
{
    switch (candidate->unit) {
    case CANDIDATE_DURATION:
        phrase_duration(value, into);
        break;
    case CANDIDATE_MONEY:
        phrase_money(value, policy->currency, into);
        break;
    case CANDIDATE_NUMBER:
        bytes_append_format(into, "%" PRId64, value);
        break;
    }
}

/* "ladder.shift_lead.remedy" as what it is to people. */
static void write_name(const char *name, struct bytes *into)
{
    static const struct {
        const char *part, *before, *behind;
    } parts[] = {{"remedy", "What the ", " may give at once"},
                 {"per_customer_day", "What the ", " may give one customer in a day"},
                 {"per_employee_day", "What the ", " may give in a day in all"},
                 {"acknowledge_within", "The time that the ", " has to take a case"}};
    char role[SETTING_NAME_SIZE];
    const char *part = NULL;
    if (text_starts_with(name, "figures.")) {
        text_format(role, sizeof role, "%.*s", (int)strcspn(name + 8, "."), name + 8);
        bytes_append_text(into, "The figure \"");
        phrase_name(role, into);
        bytes_append_text(into, "\"");
    } else if (text_starts_with(name, "authority.")) {
        bytes_append_format(into, "What every level may give %s, as a multiple of what it may give at once,",
                            text_equal(name, "authority.per_customer_day") ? "one customer in a day"
                                                                           : "in a day in all");
    } else if (text_starts_with(name, "ladder.")) {
        text_format(role, sizeof role, "%.*s", (int)strcspn(name + 7, "."), name + 7);
        part = name + 7 + strlen(role) + 1;
    }
    for (size_t i = 0; part && i < COUNT_OF(parts); i++)
        if (text_starts_with(part, parts[i].part)) {
            bytes_append_text(into, parts[i].before);
            phrase_name(role, into);
            bytes_append_text(into, parts[i].behind);
        }
}

void candidate_write(const struct candidate *candidate, const struct policy *policy, struct bytes *into)
{
    write_name(candidate->change.name, into);
    bytes_append_text(into, " would be ");
    write_value(candidate, policy, candidate->value, into);
    bytes_append_text(into, " instead of ");
    write_value(candidate, policy, candidate->was, into);
    bytes_append_text(into, ".");
}
