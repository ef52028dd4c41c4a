/* civil: the calendar against the C library's. */
#include "tests/support/check.h"

#include "common/base/civil.h"

#include <errno.h>
#include <time.h>

static TEST(every_day_of_five_centuries_agrees_with_the_c_library)
{
    for (int64_t day = civil_days(1800, 1, 1); day < civil_days(2300, 1, 1); day++) {
        struct civil civil;
        struct tm expected;
        time_t seconds = (time_t)day * 86400;
        gmtime_r(&seconds, &expected);
        civil_from_days(day, &civil);
        assert_int_equal(civil.year, expected.tm_year + 1900);
        assert_int_equal(civil.month, expected.tm_mon + 1);
        assert_int_equal(civil.day, expected.tm_mday);
        assert_int_equal(civil.weekday, expected.tm_wday);
        assert_int_equal(civil_days(civil.year, civil.month, civil.day), day);
    }
}

static TEST(civil_time_goes_both_ways)
{
    uint64_t seed = 9;
    for (int i = 0; i < 10000; i++) {
        int64_t utc_us = (int64_t)(check_random(&seed) % 253402300799999999);
        int64_t again;
        struct civil civil = civil_from_utc_us(utc_us);
        assert_int_equal(civil_to_utc_us(&civil, &again), 0);
        assert_true(again == utc_us);
    }
}

static TEST(reads_a_date_and_nothing_else)
{
    static const char *const refused[] = {"",           "2024-2-29",  "2024-02-30", "2023-02-29",
                                          "0000-01-01", "2024-13-01", "2024--1-01", "2024-02-291",
                                          "24-02-2024", "2024/02/29"};
    struct civil date;
    assert_int_equal(civil_parse_date("2024-02-29", &date), 0);
    assert_int_equal(civil_days(date.year, date.month, date.day), civil_days(2024, 2, 29));
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (civil_parse_date(refused[i], &date) != -EINVAL)
            fail_msg("took \"%s\"", refused[i]);
}

RUN_TESTS(cmocka_unit_test(every_day_of_five_centuries_agrees_with_the_c_library),
          cmocka_unit_test(civil_time_goes_both_ways), cmocka_unit_test(reads_a_date_and_nothing_else))
