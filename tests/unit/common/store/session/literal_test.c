/* literal: what is foreign stays inside its quotes. */
#include "tests/support/check.h"

#include "common/base/auto.h"
#include "common/store/session/literal.h"

static TEST(literals_are_quoted)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {{"a\xff'\xc3\xa4\xe2\x82", "'a?''\xc3\xa4?"
                                            "?'"},
                 {"", "''"},
                 {"a", "'a'"},
                 {"it's", "'it''s'"},
                 {"''", "''''''"},
                 {"\\'\n", "'\\''\n'"},
                 {NULL, "NULL"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_CLEAR(bytes) sql = {0};
        literal_write_text(&sql, cases[i].text);
        assert_text_equal(bytes_text(&sql), cases[i].expected);
    }
}

RUN_TESTS(cmocka_unit_test(literals_are_quoted))
