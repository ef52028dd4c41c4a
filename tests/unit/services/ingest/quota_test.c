/* quota: that of rejected events that are kept. */
#include "tests/support/check.h"

#include "services/ingest/quota.h"

static int64_t take_all(struct quota *quota, int64_t now_ms)
{
    int64_t taken = 0;
    while (quota_use(quota, now_ms))
        taken++;
    return taken;
}

static TEST(gives_its_minute_at_once_and_then_no_more)
{
    struct quota quota;
    quota_init(&quota, 60, 1000);
    assert_int_equal(take_all(&quota, 1000), 60);
    assert_int_equal(take_all(&quota, 1000), 0);
    assert_int_equal(take_all(&quota, 1999), 0);
    assert_int_equal(take_all(&quota, 2000), 1);
    assert_int_equal(take_all(&quota, 32000), 30);
}

static TEST(never_saves_up_more_than_a_minute)
{
    struct quota quota;
    quota_init(&quota, 60, 0);
    take_all(&quota, 0);
    assert_int_equal(take_all(&quota, INT64_C(86400000) * 400), 60);
}

static TEST(a_quota_of_nothing_gives_nothing)
{
    struct quota quota;
    quota_init(&quota, 0, 0);
    assert_int_equal(take_all(&quota, 3600000), 0);
}

RUN_TESTS(cmocka_unit_test(gives_its_minute_at_once_and_then_no_more),
          cmocka_unit_test(never_saves_up_more_than_a_minute),
          cmocka_unit_test(a_quota_of_nothing_gives_nothing))
