/* moment: times and numbers as text, against what the C library says of them. */
#include "tests/support/check.h"

#include "common/policy/cel/moment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct cel_text text_of(const char *text)
{
    return (struct cel_text){text, strlen(text)};
}

static TEST(the_calendar_is_that_of_the_c_library)
{
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        int64_t span = MOMENT_LAST_S - MOMENT_FIRST_S;
        int64_t seconds = MOMENT_FIRST_S + (int64_t)(check_random(&seed) % (uint64_t)span);
        int32_t offset_s = (int32_t)(check_random(&seed) % 86400) - 43200;
        time_t local = (time_t)(seconds + offset_s);
        struct tm tm;
        gmtime_r(&local, &tm);
        struct civil civil = moment_civil((struct cel_moment){.seconds = seconds}, offset_s);
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal(civil.weekday, tm.tm_wday);
        assert_int_equal(civil.hour * 3600 + civil.minute * 60 + civil.second,
                         tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
    }
}

static TEST(timestamps_survive_their_text)
{
    uint64_t seed = 2;
    for (int i = 0; i < 20000; i++) {
        struct cel_moment moment, again;
        int64_t span = MOMENT_LAST_S - MOMENT_FIRST_S;
        assert_true(
            moment_from_seconds(MOMENT_FIRST_S + (int64_t)(check_random(&seed) % (uint64_t)span), &moment));
        moment.nanos = i % 3 ? (int32_t)(check_random(&seed) % NANOS_PER_SECOND) : i % 1000 * 1000000;
        char text[CONVERSION_BYTES];
        size_t size = moment_print(moment, text);
        assert_int_equal(size, strlen(text));
        assert_true(moment_parse((struct cel_text){text, size}, &again));
        assert_int_equal(moment_compare(moment, again), 0);
    }
}

static TEST(durations_survive_their_text)
{
    static const int64_t ends[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1500000000, -1000000000};
    uint64_t seed = 3;
    for (size_t i = 0; i < 20000; i++) {
        int64_t again, nanoseconds = i < COUNT_OF(ends) ? ends[i] : (int64_t)check_random(&seed) >> (i % 60);
        char text[CONVERSION_BYTES];
        size_t size = moment_duration_print(nanoseconds, text);
        assert_true(moment_duration_parse((struct cel_text){text, size}, &again));
        assert_int_equal(again, nanoseconds);
    }
}

static TEST(texts_that_are_no_times_are_refused)
{
    static const char *const moments[] = {
        "",
        "2024-01-01T00:00:00",
        "2024-1-01T00:00:00Z",
        "2024-01-01 00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00+1:00",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00Zx",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "10000-01-01T00:00:00Z",
        "2024-01-01T00:00:0012:00",
    };
    static const char *const durations[] = {"",      "-",    "+",     "1",           "s",
                                            "1 s",   "1x",   "1.s.",  ".",           ".s",
                                            "1..5s", "--1s", "1s-1s", "9223372037s", "99999999999999999999h"};
    static const char *const zones[] = {"",      "+",      "2:00",   "+2:00",   "+02",
                                        "+0200", "+24:00", "+02:60", "+02:00x", "UTC"};
    struct cel_moment moment;
    int64_t nanoseconds;
    int32_t offset_s;
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        assert_false(moment_parse(text_of(moments[i]), &moment));
    for (size_t i = 0; i < COUNT_OF(durations); i++)
        assert_false(moment_duration_parse(text_of(durations[i]), &nanoseconds));
    for (size_t i = 0; i < COUNT_OF(zones); i++)
        assert_false(moment_fixed_offset(text_of(zones[i]), &offset_s));
}

static TEST(every_unit_of_duration_counts)
{
    static const struct {
        const char *text;
        int64_t nanoseconds;
    } rows[] = {
        {"1h", 3600000000000},
        {"1m", 60000000000},
        {"1ms", 1000000},
        {"1us", 1000},
        {"1µs", 1000},
        {"1μs", 1000},
        {"1ns", 1},
        {"1h1m1.000000001s", 3661000000001},
        {".5s", 500000000},
        {"1.s", 1000000000},
        {"+2s", 2000000000},
        {"0.1ns", 0},
        {"0.0000000000000000000001h", 0},
        {"-0", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t nanoseconds = -1;
        assert_true(moment_duration_parse(text_of(rows[i].text), &nanoseconds));
        assert_int_equal(nanoseconds, rows[i].nanoseconds);
    }
}

static TEST(arithmetic_with_time_ends_at_the_ends_of_time)
{
    struct cel_moment first, last, result;
    int64_t difference;
    assert_true(moment_from_seconds(MOMENT_FIRST_S, &first));
    assert_true(moment_from_seconds(MOMENT_LAST_S, &last));
    assert_false(moment_add(first, -1, &result));
    assert_true(moment_add(last, 999999999, &result));
    assert_false(moment_add(last, 1000000000, &result));
    assert_false(moment_subtract(last, first, &difference));
    assert_true(moment_add(first, INT64_MAX, &result));
    assert_true(moment_subtract(result, first, &difference));
    assert_int_equal(difference, INT64_MAX);
    assert_false(moment_from_micros(INT64_MAX, &result));
    assert_true(moment_from_micros(-1, &result));
    assert_int_equal(result.seconds, -1);
    assert_int_equal(result.nanos, 999999000);
}

static TEST(doubles_survive_their_shortest_text)
{
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = check_random(&seed);
        double value, again, libc;
        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (double)(int64_t)bits / 1000.0;
        if (isnan(value))
            continue;
        char text[CONVERSION_BYTES];
        size_t size = conversion_print_double(value, text);
        assert_int_equal(size, strlen(text));
        assert_true(conversion_read_double((struct cel_text){text, size}, &again));
        assert_memory_equal(&again, &value, sizeof value);
        libc = strtod(text, NULL);
        assert_memory_equal(&libc, &value, sizeof value);
    }
}

static TEST(doubles_are_read_as_the_c_library_reads_them)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "1",
                                        "1.",
                                        ".5",
                                        "1e5",
                                        "1E+5",
                                        "1e-400",
                                        "1e400",
                                        "-1e400",
                                        "123456789012345678901234567890",
                                        "9007199254740993",
                                        "9007199254740992.99999999999999999999999999999999",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "1.7976931348623158e308",
                                        "1.7976931348623159e308",
                                        "0.000001e6",
                                        "4.35",
                                        "1e99999999999"};
    static const char *const refused[] = {"",   ".",  "-",   "+-1",  "1e",    "1e+", "1x",
                                          " 1", "1 ", "1,5", "0x10", "1.2.3", "e5",  "infinit"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double value, libc = strtod(texts[i], NULL);
        assert_true(conversion_read_double(text_of(texts[i]), &value));
        assert_memory_equal(&value, &libc, sizeof value);
    }
    double value;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(conversion_read_double(text_of(refused[i]), &value));
}

/* 2^53 + 1 lies half way between two doubles; 900 digits behind it decide. */
static TEST(a_tie_is_broken_by_the_last_of_many_digits)
{
    char text[1024] = "9007199254740993.";
    size_t size = strlen(text);
    memset(text + size, '0', 900);
    double value;
    assert_true(conversion_read_double(text_of(text), &value));
    assert_true(value == 9007199254740992.0);
    text[size + 899] = '1';
    assert_true(conversion_read_double(text_of(text), &value));
    assert_true(value == 9007199254740994.0);
}

static TEST(ints_and_doubles_are_ordered_exactly)
{
    assert_true(conversion_compare(INT64_MAX, 0x1p63) < 0);
    assert_true(conversion_compare(INT64_MIN, -0x1p63) == 0);
    assert_true(conversion_compare(9007199254740993, 9007199254740992.0) > 0);
    assert_true(conversion_compare(-1, -1.5) > 0);
    assert_true(conversion_compare(0, -INFINITY) > 0);
    assert_true(conversion_compare(0, INFINITY) < 0);
    assert_true(isnan(conversion_compare(0, NAN)));
}

static TEST(a_zone_changes_at_its_transitions)
{
    static const struct cel_transition transitions[] = {{100, 3600}, {200, 7200}, {300, 3600}};
    static const struct cel_zone zone = {.first_offset_s = -60, .count = 3, .transitions = transitions};
    static const struct cel_zone fixed = {.first_offset_s = 1800};
    assert_int_equal(moment_zone_offset(&zone, INT64_MIN), -60);
    assert_int_equal(moment_zone_offset(&zone, 99), -60);
    assert_int_equal(moment_zone_offset(&zone, 100), 3600);
    assert_int_equal(moment_zone_offset(&zone, 199), 3600);
    assert_int_equal(moment_zone_offset(&zone, 299), 7200);
    assert_int_equal(moment_zone_offset(&zone, INT64_MAX), 3600);
    assert_int_equal(moment_zone_offset(&fixed, 0), 1800);
}

RUN_TESTS(cmocka_unit_test(the_calendar_is_that_of_the_c_library),
          cmocka_unit_test(timestamps_survive_their_text), cmocka_unit_test(durations_survive_their_text),
          cmocka_unit_test(texts_that_are_no_times_are_refused),
          cmocka_unit_test(every_unit_of_duration_counts),
          cmocka_unit_test(arithmetic_with_time_ends_at_the_ends_of_time),
          cmocka_unit_test(doubles_survive_their_shortest_text),
          cmocka_unit_test(doubles_are_read_as_the_c_library_reads_them),
          cmocka_unit_test(a_tie_is_broken_by_the_last_of_many_digits),
          cmocka_unit_test(ints_and_doubles_are_ordered_exactly),
          cmocka_unit_test(a_zone_changes_at_its_transitions))
