/* skew: wrong clocks: what is taken for one, and what is made of its times. */
#include "tests/support/check.h"

#include "services/ingest/skew.h"

#define NOW    INT64_C(1714737600000000)
#define SECOND INT64_C(1000000)

static TEST(a_clock_is_wrong_only_beyond_the_limit)
{
    static const struct {
        int64_t sent_at;
        bool is_wrong;
        int64_t skew_ms;
    } cases[] = {
        {NOW, false, 0},
        {NOW - 30 * SECOND, false, 0},
        {NOW + 30 * SECOND, false, 0},
        {NOW - 30 * SECOND - 1, true, 30000},
        {NOW + 30 * SECOND + 1, true, -30000},
        {NOW - 3600 * SECOND, true, 3600000},
        {NOW + 86400 * SECOND, true, -86400000},
        {0, true, NOW / 1000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct skew skew = skew_of(cases[i].sent_at, NOW, 30000);
        assert_int_equal(skew.is_wrong, cases[i].is_wrong);
        assert_int_equal(skew_ms(skew), cases[i].skew_ms);
    }
}

static TEST(a_wrong_clock_moves_what_it_says_by_its_error)
{
    struct skew behind = skew_of(NOW - 3600 * SECOND, NOW, 30000);
    assert_int_equal(skew_correct(behind, NOW - 3610 * SECOND), NOW - 10 * SECOND);
    struct skew ahead = skew_of(NOW + 3600 * SECOND, NOW, 30000);
    assert_int_equal(skew_correct(ahead, NOW + 3590 * SECOND), NOW - 10 * SECOND);
}

static TEST(a_late_event_of_a_right_clock_stays_as_it_is)
{
    struct skew skew = skew_of(NOW - SECOND, NOW, 30000);
    assert_int_equal(skew_correct(skew, NOW - 7 * 86400 * SECOND), NOW - 7 * 86400 * SECOND);
}

static TEST(no_time_is_moved_before_1970)
{
    struct skew skew = skew_of(NOW + 3600 * SECOND, NOW, 30000);
    assert_int_equal(skew_correct(skew, 5), 0);
}

RUN_TESTS(cmocka_unit_test(a_clock_is_wrong_only_beyond_the_limit),
          cmocka_unit_test(a_wrong_clock_moves_what_it_says_by_its_error),
          cmocka_unit_test(a_late_event_of_a_right_clock_stays_as_it_is),
          cmocka_unit_test(no_time_is_moved_before_1970))
