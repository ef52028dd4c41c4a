/* months: what is known to be written down, and what is not. */
#include "tests/support/check.h"

#include "common/store/write/months.h"

static struct event_rows rows_of(struct event_months *months, size_t count)
{
    return (struct event_rows){.months = months, .month_count = count};
}

static void learn(struct months *months, int32_t month, uint64_t lowest, uint64_t highest)
{
    struct event_months one = {.month = month, .lowest_seq = lowest, .highest_seq = highest};
    struct event_rows rows = rows_of(&one, 1);
    months_learn(months, &rows);
}

static bool covers(const struct months *months, int32_t month, uint64_t lowest, uint64_t highest)
{
    struct event_months one = {.month = month, .lowest_seq = lowest, .highest_seq = highest};
    struct event_rows rows = rows_of(&one, 1);
    return months_cover(months, &rows);
}

static TEST(a_month_is_known_as_far_ahead_as_it_was_written)
{
    struct months months = {0};
    assert_false(covers(&months, 24321, 10, 20));
    learn(&months, 24321, 10, 20);
    assert_true(covers(&months, 24321, 10, 20));
    assert_true(covers(&months, 24321, 21, 20 + MONTHS_AHEAD));
    assert_false(covers(&months, 24321, 21, 21 + MONTHS_AHEAD));
    assert_false(covers(&months, 24321, 9, 20)); /* readers would not look for it there */
    assert_false(covers(&months, 24322, 21, 21));
    learn(&months, 24321, 30, 21 + MONTHS_AHEAD);
    assert_true(covers(&months, 24321, 21, 21 + 2 * MONTHS_AHEAD));
}

static TEST(what_was_covered_teaches_nothing_beyond_what_is_written)
{
    struct months months = {0};
    learn(&months, 24321, 10, 20);
    learn(&months, 24321, 21, 500); /* no statement was sent for these */
    assert_false(covers(&months, 24321, 501, 500 + MONTHS_AHEAD));
}

static TEST(events_are_covered_when_each_of_their_months_is)
{
    struct months months = {0};
    learn(&months, 24321, 1, 5);
    struct event_months two[] = {{.month = 24321, .lowest_seq = 6, .highest_seq = 6},
                                 {.month = 24320, .lowest_seq = 7, .highest_seq = 7}};
    struct event_rows rows = rows_of(two, 2);
    assert_false(months_cover(&months, &rows));
    months_learn(&months, &rows);
    assert_true(months_cover(&months, &rows));
}

static TEST(the_oldest_of_too_many_is_forgotten)
{
    struct months months = {0};
    for (int32_t month = 0; month <= MONTHS_KNOWN_MOST; month++)
        learn(&months, month, (uint64_t)month + 1, (uint64_t)month + 1);
    assert_false(covers(&months, 0, 5, 5));
    for (int32_t month = 1; month <= MONTHS_KNOWN_MOST; month++)
        assert_true(covers(&months, month, (uint64_t)month + 1, (uint64_t)month + 1));
}

RUN_TESTS(cmocka_unit_test(a_month_is_known_as_far_ahead_as_it_was_written),
          cmocka_unit_test(what_was_covered_teaches_nothing_beyond_what_is_written),
          cmocka_unit_test(events_are_covered_when_each_of_their_months_is),
          cmocka_unit_test(the_oldest_of_too_many_is_forgotten))
