/* updates: which connection hears that a case was answered. */
#include "tests/support/check.h"

#include "common/service/updates.h"

static struct link_peer peer(uint8_t mark)
{
    return (struct link_peer){.size = 1, .frame_count = 1, .data = {mark}};
}

static TEST(the_newest_connection_of_a_source_hears)
{
    AUTO(updates) *updates = updates_new(10, 1000, 1);
    struct link_peer first = peer(1), second = peer(2);
    assert_null(updates_find(updates, "17/till", 0));
    updates_want(updates, "17/till", &first, 0, 100);
    updates_want(updates, "17/till", &second, 10, 200);
    assert_true(link_peer_equal(updates_find(updates, "17/till", 20), &second));
    assert_int_equal(updates_count(updates), 1);
    updates_forget(updates, "17/till");
    assert_null(updates_find(updates, "17/till", 20));
}

static TEST(a_quiet_connection_is_forgotten)
{
    AUTO(updates) *updates = updates_new(10, 1000, 1);
    struct link_peer one = peer(1);
    updates_want(updates, "17/till", &one, 0, 0);
    assert_non_null(updates_find(updates, "17/till", 1000));
    assert_null(updates_find(updates, "17/till", 1001));
    assert_int_equal(updates_count(updates), 0);
}

static TEST(the_quietest_makes_room)
{
    AUTO(updates) *updates = updates_new(3, 1000000, 1);
    struct link_peer one = peer(1);
    const char *const sources[] = {"1/a", "1/b", "1/c"};
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        updates_want(updates, sources[i], &one, (int64_t)i, 0);
    updates_want(updates, "1/a", &one, 10, 0);
    updates_want(updates, "1/d", &one, 11, 0);
    assert_int_equal(updates_count(updates), 3);
    assert_null(updates_find(updates, "1/b", 12));
    assert_non_null(updates_find(updates, "1/a", 12));
}

static TEST(since_when_a_connection_hears_shows_that_it_is_another_one)
{
    AUTO(updates) *updates = updates_new(10, 1000, 1);
    struct link_peer first = peer(1), second = peer(2);
    assert_int_equal(updates_want(updates, "17/till", &first, 0, 100), 100);
    assert_int_equal(updates_want(updates, "17/till", &first, 10, 200), 100);
    assert_int_equal(updates_want(updates, "17/till", &second, 20, 300), 300);
    assert_int_equal(updates_want(updates, "17/till", &first, 30, 400), 400);
    updates_forget(updates, "17/till");
    assert_int_equal(updates_want(updates, "17/till", &first, 40, 500), 500);
}

RUN_TESTS(cmocka_unit_test(the_newest_connection_of_a_source_hears),
          cmocka_unit_test(a_quiet_connection_is_forgotten), cmocka_unit_test(the_quietest_makes_room),
          cmocka_unit_test(since_when_a_connection_hears_shows_that_it_is_another_one))
