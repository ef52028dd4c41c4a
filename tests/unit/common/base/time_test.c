/* time: RFC 3339 by table. */
#include "tests/support/check.h"

#include "common/base/time.h"

#include <errno.h>

static TEST(time_reads_and_writes_as_rfc_3339)
{
    static const struct {
        const char *text;
        int64_t utc_us;
        const char *written; /* NULL: as read */
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0, NULL},
        {"1969-12-31T23:59:59.999999Z", -1, NULL},
        {"2024-02-29T12:00:00.5Z", 1709208000500000, NULL},
        {"2024-02-29T12:00:00.500Z", 1709208000500000, "2024-02-29T12:00:00.5Z"},
        {"2024-02-29 12:00:00.5z", 1709208000500000, "2024-02-29T12:00:00.5Z"},
        {"2024-02-29T14:30:00+02:30", 1709208000000000, "2024-02-29T12:00:00Z"},
        {"2024-02-28T23:00:00-13:00", 1709208000000000, "2024-02-29T12:00:00Z"},
        {"2000-01-01T00:00:00.123456789Z", 946684800123456, "2000-01-01T00:00:00.123456Z"},
        {"9999-12-31T23:59:59.999999Z", 253402300799999999, NULL},
        {"0001-01-01T00:00:00Z", -62135596800000000, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t utc_us = 0;
        char written[TIME_TEXT_SIZE];
        assert_int_equal(time_parse(cases[i].text, &utc_us), 0);
        assert_true(utc_us == cases[i].utc_us);
        time_format(utc_us, written);
        assert_text_equal(written, cases[i].written ? cases[i].written : cases[i].text);
    }
}

static TEST(refuses_times_that_are_none)
{
    static const char *const cases[] = {
        "",
        "2024-02-29",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2016-12-31T23:59:60Z",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00Zx",
        "2024-01-01T00:00:00+0200",
        "2024-01-01T00:00:00+24:00",
        "24-01-01T00:00:00Z",
        "2024-1-01T00:00:00Z",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t utc_us = -5;
        if (time_parse(cases[i], &utc_us) != -EINVAL || utc_us != -5)
            fail_msg("took \"%s\"", cases[i]);
    }
}

RUN_TESTS(cmocka_unit_test(time_reads_and_writes_as_rfc_3339), cmocka_unit_test(refuses_times_that_are_none))
