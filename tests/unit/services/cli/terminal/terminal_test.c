/* terminal: what reaches the reader's terminal, and what the reader of JSON gets. */
#include "common/base/auto.h"
#include "common/base/memory.h"
#include "services/cli/terminal/terminal.h"
#include "tests/support/check.h"

#include <jansson.h>

static TEST(control_and_direction_characters_are_shown_not_obeyed)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"häuser, 日本 \xf0\x9f\x9b\x8e\n\tyes", "häuser, 日本 \xf0\x9f\x9b\x8e\n\tyes"},
        {"\x1b[2J\a\r", "\\u001b[2J\\u0007\\u000d"},
        {"\x7f\xc2\x80\xc2\x9b"
         "31m\xc2\x9f\xc2\xa0",
         "\\u007f\\u0080\\u009b31m\\u009f\xc2\xa0"},
        {"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u061c\\u200e\\u200f"},
        {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x80\xae\xe2\x80\xaf",
         "\\u2028\\u2029\\u202a\\u202e\xe2\x80\xaf"},
        {"\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9", "\xe2\x81\xa5\\u2066\\u2069"},
        {"\x9b\xff\xc2", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t at = 0; at < COUNT_OF(cases); at++) {
        AUTO_CLEAR(bytes) shown = {.size = 0};
        struct slice text = slice_of_text(cases[at].text);
        assert_int_equal(terminal_escape(text, false, &shown), text.size);
        assert_text_equal(bytes_text(&shown), cases[at].shown);
    }
}

static TEST(a_character_may_come_in_pieces)
{
    AUTO_CLEAR(bytes) shown = {.size = 0};
    for (size_t size = 1; size < 4; size++)
        assert_int_equal(terminal_escape(slice_of("\xf0\x9f\x9b\x8e", size), true, &shown), 0);
    assert_int_equal(terminal_escape(slice_of("ab\xe2\x80", 4), true, &shown), 2);
    assert_text_equal(bytes_text(&shown), "ab");
}

static TEST(json_stays_exact)
{
    static const char json[] = "{\"text\": \"a\xc2\x9b"
                               "b\xe2\x80\xae"
                               "c\x7f\"}";
    AUTO_CLEAR(bytes) shown = {.size = 0};
    terminal_escape(slice_of_text(json), false, &shown);
    json_t *before = json_loads(json, 0, NULL), *after = json_loads(bytes_text(&shown), 0, NULL);
    assert_non_null(before);
    assert_true(json_equal(before, after));
    assert_null(strchr(bytes_text(&shown), 0x7f));
    json_decref(before);
    json_decref(after);
}

RUN_TESTS(cmocka_unit_test(control_and_direction_characters_are_shown_not_obeyed),
          cmocka_unit_test(a_character_may_come_in_pieces), cmocka_unit_test(json_stays_exact))
