/* setting: what is read, and how complaints read. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/service/setting.h"

#include <errno.h>
#include <stdlib.h>

struct config {
    const char *name;
    bool is_strict;
    int64_t count;
    struct duration grace;
    struct byte_size most;
    const char *needed;
};

static const struct setting settings[] = {
    SETTING(struct config, name, "TEST_NAME", "nobody", "who"),
    SETTING(struct config, is_strict, "TEST_STRICT", "no", "whether"),
    SETTING_BETWEEN(struct config, count, "TEST_COUNT", "3", "how many", 1, 10),
    SETTING(struct config, grace, "TEST_GRACE", "1min", "how long"),
    SETTING(struct config, most, "TEST_MOST", "64KiB", "how much"),
    SETTING(struct config, needed, "TEST_NEEDED", NULL, "what must be said"),
};

static int prepare(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        unsetenv(settings[i].name);
    setenv("TEST_NEEDED", "this", 1);
    return 0;
}

static TEST(defaults_stand_where_nothing_is_set)
{
    struct config config;
    char why[WHY_SIZE];
    setenv("TEST_NAME", "", 1); /* empty is not set */
    assert_int_equal(settings_read(settings, COUNT_OF(settings), &config, why, sizeof why), 0);
    assert_text_equal(config.name, "nobody");
    assert_false(config.is_strict);
    assert_int_equal(config.count, 3);
    assert_int_equal(config.grace.ms, 60000);
    assert_int_equal(config.most.bytes, 65536);
    assert_text_equal(config.needed, "this");
}

static TEST(the_environment_goes_before_the_default)
{
    struct config config;
    char why[WHY_SIZE];
    setenv("TEST_NAME", "somebody", 1);
    setenv("TEST_STRICT", "yes", 1);
    setenv("TEST_COUNT", "10", 1);
    setenv("TEST_GRACE", "5s", 1);
    setenv("TEST_MOST", "1MiB", 1);
    assert_int_equal(settings_read(settings, COUNT_OF(settings), &config, why, sizeof why), 0);
    assert_text_equal(config.name, "somebody");
    assert_true(config.is_strict);
    assert_int_equal(config.count, 10);
    assert_int_equal(config.grace.ms, 5000);
    assert_int_equal(config.most.bytes, 1048576);
}

static TEST(a_complaint_names_the_variable_its_value_and_what_is_expected)
{
    static const struct {
        const char *name, *value, *why;
    } cases[] = {
        {"TEST_STRICT", "perhaps", "TEST_STRICT is \"perhaps\": expected yes or no"},
        {"TEST_COUNT", "11", "TEST_COUNT is \"11\": expected a whole number from 1 to 10"},
        {"TEST_COUNT", "x", "TEST_COUNT is \"x\": expected a whole number from 1 to 10"},
        {"TEST_GRACE", "5",
         "TEST_GRACE is \"5\": expected a duration with its unit (ms, s, min, h, d, w), such as 5s or "
         "1h30min"},
        {"TEST_MOST", "64",
         "TEST_MOST is \"64\": expected a size with its unit (B, kB, MB, GB, KiB, MiB, GiB), such as 64KiB"},
        {"TEST_NEEDED", "", "TEST_NEEDED is not set: expected a text (what must be said)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config config;
        char why[WHY_SIZE] = "";
        prepare(NULL);
        setenv(cases[i].name, cases[i].value, 1);
        assert_int_equal(settings_read(settings, COUNT_OF(settings), &config, why, sizeof why), -EINVAL);
        assert_text_equal(why, cases[i].why);
    }
}

RUN_TESTS(cmocka_unit_test_setup(defaults_stand_where_nothing_is_set, prepare),
          cmocka_unit_test_setup(the_environment_goes_before_the_default, prepare),
          cmocka_unit_test(a_complaint_names_the_variable_its_value_and_what_is_expected))
