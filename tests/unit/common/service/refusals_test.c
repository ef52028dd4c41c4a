/* refusals: the first is told at once, a flood once a minute. */
#include "common/service/refusals.h"
#include "common/service/log.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <unistd.h>

static TEST(a_flood_is_told_once_a_minute_with_its_count)
{
    struct refusals refusals = {.id = "request-refused", .sentence = "refused it"};
    struct wire_refusal refusal;
    wire_refuse(&refusal, WIRE_MALFORMED, "", "the %d bytes are \"nothing\"", 3);
    int ends[2];
    char said[4096] = "";
    assert_int_equal(pipe(ends), 0);
    log_open("test", LOG_AS_TEXT, LOG_INFO, ends[1]);
    assert_true(refusals_add(&refusals, 1000, "10.0.0.7", &refusal));
    for (int64_t now_ms = 1001; now_ms < 60999; now_ms += 100)
        assert_false(refusals_add(&refusals, now_ms, "10.0.0.7", &refusal));
    assert_true(refusals_add(&refusals, 61000, "10.0.0.8", &refusal));
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    log_open("test", LOG_AS_TEXT, LOG_INFO, STDERR_FILENO);
    const char *second = strchr(said, '\n') + 1;
    assert_non_null(strstr(said,
                           "request-refused refused it sender=\"10.0.0.7\" reason=\"malformed\" field=\"\" "
                           "explanation=\"the 3 bytes are \\\"nothing\\\"\" count=1\n"));
    assert_non_null(strstr(second, "sender=\"10.0.0.8\""));
    assert_non_null(strstr(second, " count=601\n"));
    assert_string_equal(strchr(second, '\n'), "\n");
}

RUN_TESTS(cmocka_unit_test(a_flood_is_told_once_a_minute_with_its_count))
