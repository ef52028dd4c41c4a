/* schema: the migrations' numbers, and shapes that SQL can decode. */
#include "tests/support/check.h"

#include "common/base/auto.h"
#include "common/base/embedded.h"
#include "common/store/schema/shapes.h"

#include <stdlib.h>

static TEST(every_shape_is_one_that_sql_can_decode)
{
    AUTO_CLEAR(bytes) sql = {0};
    shapes_write(&sql);
    assert_null(strstr(bytes_text(&sql), "unsupported"));
    assert_non_null(strstr(bytes_text(&sql), "('Verdict', 1, 'outcome', 'enum', 'Verdict.Outcome', false)"));
    assert_non_null(strstr(bytes_text(&sql), "('Event', 7, 'occurred_at', 'instant', NULL, false)"));
}

static TEST(migrations_are_numbered_without_gaps)
{
    size_t at = 0;
    int number = 0;
    for (const struct embedded_file *file; (file = embedded_next("common/store/schema/migrations/", &at));)
        assert_int_equal(atoi(strrchr(file->path, '/') + 1), ++number);
    assert_true(number >= 4);
}

RUN_TESTS(cmocka_unit_test(every_shape_is_one_that_sql_can_decode),
          cmocka_unit_test(migrations_are_numbered_without_gaps))
