/* text: tables of what parses to what, and of what is refused. */
#include "tests/support/check.h"

#include "common/base/auto.h"
#include "common/base/text.h"

#include <errno.h>

struct number_case {
    const char *text;
    int rc;
    int64_t value;
};

static void check_cases(int (*parse)(const char *, int64_t *), const struct number_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t value = -77;
        int rc = parse(cases[i].text, &value);
        if (rc != cases[i].rc || value != (rc ? -77 : cases[i].value))
            fail_msg("\"%s\" gave %d, %lld", cases[i].text, rc, (long long)value);
    }
}

static int parse_any_int64(const char *text, int64_t *ret_value)
{
    return text_parse_int64(text, INT64_MIN, INT64_MAX, ret_value);
}

static TEST(reads_integers_whole_or_not_at_all)
{
    static const struct number_case cases[] = {
        {"0", 0, 0},
        {"-1", 0, -1},
        {"007", 0, 7},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"9223372036854775808", -ERANGE, 0},
        {"99999999999999999999", -ERANGE, 0},
        {"", -EINVAL, 0},
        {"-", -EINVAL, 0},
        {"+1", -EINVAL, 0},
        {" 1", -EINVAL, 0},
        {"1 ", -EINVAL, 0},
        {"1x", -EINVAL, 0},
    };
    int64_t value;
    check_cases(parse_any_int64, cases, COUNT_OF(cases));
    assert_int_equal(text_parse_int64("11", 1, 10, &value), -ERANGE);
    assert_int_equal(text_parse_int64("0", 1, 10, &value), -ERANGE);
}

static TEST(a_duration_needs_its_unit)
{
    static const struct number_case cases[] = {
        {"250ms", 0, 250},
        {"5s", 0, 5000},
        {"5min", 0, 300000},
        {"1h30min", 0, 5400000},
        {"2d", 0, 172800000},
        {"2w", 0, 1209600000},
        {"0s", 0, 0},
        {"5", -EINVAL, 0},
        {"", -EINVAL, 0},
        {"s", -EINVAL, 0},
        {"-5s", -EINVAL, 0},
        {"5 s", -EINVAL, 0},
        {"5m", -EINVAL, 0},
        {"1s1h", -EINVAL, 0},
        {"1s1s", -EINVAL, 0},
        {"1h5", -EINVAL, 0},
        {"99999999999999999w", -ERANGE, 0},
        {"15250284452w9223372036854775807ms", -ERANGE, 0},
    };
    check_cases(text_parse_duration_ms, cases, COUNT_OF(cases));
}

static TEST(a_size_needs_its_unit)
{
    static const struct number_case cases[] = {
        {"1B", 0, 1},        {"64KiB", 0, 65536}, {"1MB", 0, 1000000},           {"2GiB", 0, 2147483648},
        {"3kB", 0, 3000},    {"64", -EINVAL, 0},  {"64K", -EINVAL, 0},           {"64KiB1B", -EINVAL, 0},
        {"KiB", -EINVAL, 0}, {"-1B", -EINVAL, 0}, {"9999999999GiB", -ERANGE, 0},
    };
    check_cases(text_parse_size_bytes, cases, COUNT_OF(cases));
}

static TEST(money_becomes_minor_units)
{
    static const struct number_case cases[] = {
        {"12", 0, 1200},
        {"12.5", 0, 1250},
        {"12.05", 0, 1205},
        {"-12.50", 0, -1250},
        {"0.01", 0, 1},
        {"12.345", -EINVAL, 0},
        {"12.", -EINVAL, 0},
        {".5", -EINVAL, 0},
        {"1,000", -EINVAL, 0},
        {"92233720368547758.07", 0, INT64_MAX},
        {"92233720368547758.08", -ERANGE, 0},
    };
    check_cases(text_parse_amount_minor, cases, COUNT_OF(cases));
}

static TEST(knows_yes_from_no)
{
    bool is_true = false;
    assert_int_equal(text_parse_bool("yes", &is_true), 0);
    assert_true(is_true);
    assert_int_equal(text_parse_bool("0", &is_true), 0);
    assert_false(is_true);
    assert_int_equal(text_parse_bool("maybe", &is_true), -EINVAL);
}

static TEST(a_cut_never_splits_a_character)
{
    char room[6];
    assert_true(text_copy(room, sizeof room, "caf\xc3\xa9"));
    assert_text_equal(room, "caf\xc3\xa9");
    assert_false(text_copy(room, sizeof room, "cafe\xc3\xa9"));
    assert_text_equal(room, "cafe");
    assert_false(text_copy(room, sizeof room, "ab\xf0\x9f\x98\x80"));
    assert_text_equal(room, "ab");
    assert_false(text_copy(room, sizeof room,
                           "a\xf0\x9f\x98\x80"
                           "bc"));
    assert_text_equal(room, "a\xf0\x9f\x98\x80");
}

static bool is_utf8(const char *text)
{
    return text_is_utf8(text, strlen(text));
}

static TEST(utf8_is_what_rfc_3629_says)
{
    static const char *const good[] = {"",
                                       "a",
                                       "\xc3\xa9",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x98\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80"};
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xc3",
                                      "\xe2\x82",
                                      "a\xc3(",
                                      "\xf0\x9f\x98"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(is_utf8(good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(is_utf8(bad[i]));
}

static TEST(printable_text_has_no_control_characters)
{
    assert_true(text_is_printable("na\xc3\xafve \xe2\x82\xac", 10));
    assert_false(text_is_printable("a\nb", 3));
    assert_false(text_is_printable("a\0b", 3));
    assert_false(text_is_printable("\x7f", 1));
    assert_false(text_is_printable("\xc2\x85", 2));
    assert_false(text_is_printable("\xc3", 1));
}

static TEST(a_name_is_short_and_plain)
{
    assert_true(text_is_name("bank/AA0101", 11, 64));
    assert_true(text_is_name("1999-01-01-AA0101-33116-9:00:19", 31, 64));
    assert_false(text_is_name("", 0, 64));
    assert_false(text_is_name("abc", 3, 2));
    assert_false(text_is_name("a b", 3, 64));
    assert_false(text_is_name("caf\xc3\xa9", 5, 64));
    assert_false(text_is_name("a\0b", 3, 64));
}

static TEST(quotes_as_json_does)
{
    AUTO_CLEAR(bytes) quoted = {0};
    text_append_quoted(&quoted, "a\"b\\c\n\x01\xc3\xa9\xff");
    assert_text_equal(bytes_text(&quoted), "\"a\\\"b\\\\c\\n\\u0001\xc3\xa9\\ufffd\"");
    bytes_reset(&quoted);
    text_append_quoted(&quoted, NULL);
    assert_text_equal(bytes_text(&quoted), "\"\"");
}

static TEST(hexadecimal_goes_both_ways)
{
    char text[7];
    uint8_t data[3];
    text_format_hex("\x00\xab\xff", 3, text);
    assert_text_equal(text, "00abff");
    assert_int_equal(text_parse_hex("00ABff", data, 3), 0);
    assert_memory_equal(data, "\x00\xab\xff", 3);
    assert_int_equal(text_parse_hex("00abf", data, 3), -EINVAL);
    assert_int_equal(text_parse_hex("00abfg", data, 3), -EINVAL);
}

RUN_TESTS(cmocka_unit_test(reads_integers_whole_or_not_at_all), cmocka_unit_test(a_duration_needs_its_unit),
          cmocka_unit_test(a_size_needs_its_unit), cmocka_unit_test(money_becomes_minor_units),
          cmocka_unit_test(knows_yes_from_no), cmocka_unit_test(a_cut_never_splits_a_character),
          cmocka_unit_test(utf8_is_what_rfc_3629_says),
          cmocka_unit_test(printable_text_has_no_control_characters),
          cmocka_unit_test(a_name_is_short_and_plain), cmocka_unit_test(quotes_as_json_does),
          cmocka_unit_test(hexadecimal_goes_both_ways))
