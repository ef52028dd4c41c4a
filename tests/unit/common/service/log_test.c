/* log: the line, field by field. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/service/log.h"

#include <fcntl.h>
#include <unistd.h>

enum { LINE_SIZE = 1024 };

static int pipe_ends[2];

/* What has been written since the last call. */
static const char *read_log(char line[static LINE_SIZE])
{
    ssize_t got = read(pipe_ends[0], line, LINE_SIZE - 1);
    line[got > 0 ? got : 0] = 0;
    return line;
}

static int open_pipe(void **state)
{
    (void)state;
    return pipe2(pipe_ends, O_NONBLOCK);
}

static int close_pipe(void **state)
{
    (void)state;
    log_open("test", LOG_AS_TEXT, LOG_INFO, STDERR_FILENO);
    return close(pipe_ends[0]) + close(pipe_ends[1]);
}

static TEST(a_line_has_time_level_service_event_sentence_and_fields)
{
    char line[LINE_SIZE];
    log_open("ingest", LOG_AS_TEXT, LOG_INFO, pipe_ends[1]);
    log_warning("peer-refused", "refused a request", FIELD("reason", "a \"bad\"\nid"),
                FIELD("size", (size_t)70000), FIELD("share", 0.5), FIELD("is_late", (bool)true));
    const char *text = read_log(line);
    assert_true(text[10] == 'T' && strchr(text, 'Z'));
    assert_text_equal(
        strchr(text, ' '),
        " warning ingest peer-refused refused a request reason=\"a \\\"bad\\\"\\nid\" size=70000 "
        "share=0.5 is_late=true\n");
}

static TEST(a_line_may_be_json)
{
    char line[LINE_SIZE];
    log_open("ingest", LOG_AS_JSON, LOG_INFO, pipe_ends[1]);
    log_error("peer-refused", "refused \"it\"", FIELD("reason", (const char *)NULL), FIELD("size", -1));
    const char *text = read_log(line);
    assert_true(text_starts_with(text, "{\"time\":\""));
    assert_text_equal(strstr(text, ",\"level\""),
                      ",\"level\":\"error\",\"service\":\"ingest\",\"event\":\"peer-refused\",\"message\":"
                      "\"refused \\\"it\\\"\",\"reason\":\"\",\"size\":-1}\n");
}

static TEST(what_is_below_the_least_level_is_not_written)
{
    char line[LINE_SIZE];
    log_open("ingest", LOG_AS_TEXT, LOG_WARNING, pipe_ends[1]);
    log_info("quiet", "nobody reads this");
    assert_text_equal(read_log(line), "");
    log_error("loud", "somebody reads this");
    assert_non_null(strstr(read_log(line), "loud"));
}

RUN_TESTS(cmocka_unit_test_setup_teardown(a_line_has_time_level_service_event_sentence_and_fields, open_pipe,
                                          close_pipe),
          cmocka_unit_test_setup_teardown(a_line_may_be_json, open_pipe, close_pipe),
          cmocka_unit_test_setup_teardown(what_is_below_the_least_level_is_not_written, open_pipe,
                                          close_pipe))
