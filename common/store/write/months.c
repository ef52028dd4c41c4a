/* months: a short list, searched from its end. */
#include "common/store/write/months.h"

#include <string.h>

static struct event_months *find(const struct months *months, int32_t month)
{
    for (size_t i = months->count; i-- > 0;)
        if (months->known[i].month == month)
            return (struct event_months *)&months->known[i];
    return NULL;
}

static bool covers(const struct event_months *known, const struct event_months *wanted)
{
    return known && known->lowest_seq <= wanted->lowest_seq && known->highest_seq >= wanted->highest_seq;
}

bool months_cover(const struct months *months, const struct event_rows *events)
{
    for (size_t i = 0; i < events->month_count; i++)
        if (!covers(find(months, events->months[i].month), &events->months[i]))
            return false;
    return true;
}

static void add(struct months *months, const struct event_months *month)
{
    if (months->count == MONTHS_KNOWN_MOST)
        memmove(months->known, months->known + 1, --months->count * sizeof *months->known);
    months->known[months->count++] = *month;
}

void months_learn(struct months *months, const struct event_rows *events)
{
    for (size_t i = 0; i < events->month_count; i++) {
        struct event_months written = events->months[i];
        written.highest_seq += MONTHS_AHEAD;
        struct event_months *known = find(months, written.month);
        if (!known)
            add(months, &written);
        else if (!covers(known, &events->months[i]))
            known->highest_seq = written.highest_seq;
    }
}
