/* backoff: doubling, the cap, and the bounds of chance. */
#include "tests/support/check.h"

#include "common/base/backoff.h"

static const struct backoff backoff = {.first_ms = 100, .most_ms = 10000};

static TEST(doubles_up_to_the_cap)
{
    static const int64_t longest[] = {0, 100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000};
    for (unsigned failures = 0; failures < COUNT_OF(longest); failures++)
        assert_int_equal(backoff_delay_ms(&backoff, failures, 0), longest[failures]);
    assert_int_equal(backoff_delay_ms(&backoff, UINT32_MAX, 0), 10000);
}

static TEST(chance_takes_away_at_most_a_half)
{
    uint64_t seed = 3;
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t delay_ms = backoff_delay_ms(&backoff, 3, check_random(&seed));
        least = delay_ms < least ? delay_ms : least;
        most = delay_ms > most ? delay_ms : most;
    }
    assert_int_equal(least, 200);
    assert_int_equal(most, 400);
}

static TEST(never_overflows)
{
    const struct backoff endless = {.first_ms = INT64_MAX / 2 + 7, .most_ms = INT64_MAX};
    assert_true(backoff_delay_ms(&endless, 5, 0) == INT64_MAX);
}

RUN_TESTS(cmocka_unit_test(doubles_up_to_the_cap), cmocka_unit_test(chance_takes_away_at_most_a_half),
          cmocka_unit_test(never_overflows))
