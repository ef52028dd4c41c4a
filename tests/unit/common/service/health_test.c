/* health: the worst part is the whole's. */
#include "tests/support/check.h"

#include "common/service/health.h"

static TEST(the_worst_part_is_the_states_own)
{
    AUTO(health) *health = health_new();
    assert_int_equal(health_worst(health), HEALTH_GREEN);
    health_set(health, "database", HEALTH_RED, "away");
    health_set(health, "clock", HEALTH_YELLOW, "skewed");
    assert_int_equal(health_worst(health), HEALTH_RED);
    health_set(health, "database", HEALTH_GREEN, "");
    assert_int_equal(health_worst(health), HEALTH_YELLOW);
}

static TEST(only_a_change_of_state_is_a_change)
{
    AUTO(health) *health = health_new();
    assert_false(health_set(health, "database", HEALTH_GREEN, ""));
    assert_true(health_set(health, "database", HEALTH_RED, "away"));
    assert_false(health_set(health, "database", HEALTH_RED, "still away"));
    assert_true(health_set(health, "database", HEALTH_GREEN, ""));
}

static TEST(is_written_as_json)
{
    AUTO(health) *health = health_new();
    AUTO_CLEAR(bytes) page = {0};
    health_set(health, "database", HEALTH_RED, "could not connect to \"db\"");
    health_set(health, "clock", HEALTH_GREEN, "");
    health_write(health, &page);
    assert_text_equal(
        bytes_text(&page),
        "{\"state\":\"red\",\"parts\":[{\"name\":\"database\",\"state\":\"red\",\"reason\":\"could not "
        "connect to \\\"db\\\"\"},{\"name\":\"clock\",\"state\":\"green\",\"reason\":\"\"}]}\n");
}

RUN_TESTS(cmocka_unit_test(the_worst_part_is_the_states_own),
          cmocka_unit_test(only_a_change_of_state_is_a_change), cmocka_unit_test(is_written_as_json))
