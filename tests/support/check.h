/* check: cmocka with what it needs before it, and assertions that read well. */
#ifndef BELLHOP_TESTS_SUPPORT_CHECK_H
#define BELLHOP_TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/bytes.h"
#include "common/base/memory.h"

/* A test is a function whose name is a sentence: static TEST(refuses_an_event_without_an_id) { … } */
#define TEST(sentence) void sentence(void **state __attribute__((unused)))

/* main() of a test program: RUN_TESTS(cmocka_unit_test(refuses_…), …) */
#define RUN_TESTS(...)                                                                                       \
    int main(void)                                                                                           \
    {                                                                                                        \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                                     \
        return cmocka_run_group_tests(tests, NULL, NULL);                                                    \
    }

#define assert_text_equal(actual, expected)  assert_string_equal((actual), (expected))
#define assert_slice_equal(actual, expected) check_slice_equal((actual), (expected), __FILE__, __LINE__)

/* The folder with the shared data, or NULL after having printed why it is skipped. */
const char *check_shared_data(const char *file);

void check_slice_equal(struct slice actual, struct slice expected, const char *file, int line);

/* Everything in the file; fails the test when it cannot be read. */
struct bytes check_read_file(const char *path);

void check_append_zeros(struct bytes *bytes, size_t size);

/* A small generator for model tests: the same seed gives the same run (xorshift64*). */
uint64_t check_random(uint64_t *seed);

#endif
