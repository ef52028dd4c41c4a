/* file: what is read is all there is, or it is said why not. */
#include "common/base/file.h"

#include "common/base/auto.h"
#include "tests/support/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file of `size` bytes; its path is the caller's. */
static char *file_of(size_t size)
{
    char *path = strdup("/tmp/bellhop-file.XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc((int)(i % 251), file);
    fclose(file);
    return path;
}

static void check_reads(size_t size, size_t most, int expected)
{
    AUTO_CLEAR(bytes) into = {0};
    char *path = file_of(size);
    bytes_append_text(&into, "before");
    assert_int_equal(file_read_all(path, most, &into), expected);
    if (expected == 0)
        assert_int_equal(into.size, strlen("before") + size);
    else
        assert_true(into.size > strlen("before") + most);
    for (size_t i = strlen("before"); i < into.size; i++)
        assert_int_equal(into.data[i], (i - strlen("before")) % 251);
    unlink(path);
    free(path);
}

static TEST(reads_all_behind_what_is_there)
{
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_reads(sizes[i], 1000000, 0);
}

static TEST(says_when_there_is_more_than_may_be)
{
    check_reads(11, 10, -EFBIG);
    check_reads(1000000, 100000, -EFBIG);
}

static TEST(says_why_it_cannot_be_read)
{
    AUTO_CLEAR(bytes) into = {0};
    assert_int_equal(file_read_all("/nonexistent/file", 10, &into), -ENOENT);
    assert_int_equal(file_read_all("/tmp", 10, &into), -EISDIR);
    assert_int_equal(into.size, 0);
}

RUN_TESTS(cmocka_unit_test(reads_all_behind_what_is_there),
          cmocka_unit_test(says_when_there_is_more_than_may_be), cmocka_unit_test(says_why_it_cannot_be_read))
