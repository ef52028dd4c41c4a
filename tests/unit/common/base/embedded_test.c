/* embedded: the files that the Makefile built in are those of the source tree. */
#include "tests/support/check.h"

#include "common/base/auto.h"
#include "common/base/embedded.h"

static const char migrations[] = "common/store/schema/migrations/";

static TEST(every_file_is_there_as_it_is_on_disk)
{
    size_t at = 0, count = 0;
    const struct embedded_file *file;
    while ((file = embedded_next("", &at)) != NULL) {
        AUTO_CLEAR(bytes) content = check_read_file(file->path);
        assert_slice_equal(slice_of(file->data, *file->size), bytes_slice(&content));
        assert_int_equal(file->data[*file->size], 0);
        assert_ptr_equal(embedded_find(file->path), file);
        count++;
    }
    assert_true(count > 0);
}

static TEST(a_folder_is_walked_in_order)
{
    size_t at = 0;
    const struct embedded_file *file, *last = NULL;
    while ((file = embedded_next(migrations, &at)) != NULL) {
        assert_memory_equal(file->path, migrations, sizeof migrations - 1);
        assert_true(!last || strcmp(last->path, file->path) < 0);
        last = file;
    }
    assert_non_null(last);
}

static TEST(what_is_not_there_is_not_found)
{
    size_t at = 0;
    assert_null(embedded_find("common/store/schema/migrations/"));
    assert_null(embedded_next("nowhere/", &at));
}

RUN_TESTS(cmocka_unit_test(every_file_is_there_as_it_is_on_disk),
          cmocka_unit_test(a_folder_is_walked_in_order), cmocka_unit_test(what_is_not_there_is_not_found))
