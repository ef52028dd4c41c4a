/* updates: which connection hears that a case was answered. */
#include "tests/support/check.h"

#include "services/ingest/awaiting.h"
#include "services/ingest/updates.h"

#include <stdio.h>

static struct link_peer peer(uint8_t mark)
{
    return (struct link_peer){.size = 1, .frame_count = 1, .data = {mark}};
}

static TEST(the_newest_connection_of_a_source_hears)
{
    AUTO(updates) *updates = updates_new(10, 1000, 1);
    struct link_peer first = peer(1), second = peer(2);
    assert_null(updates_find(updates, "17/till", 0));
    updates_want(updates, "17/till", &first, 0);
    updates_want(updates, "17/till", &second, 10);
    assert_true(link_peer_equal(updates_find(updates, "17/till", 20), &second));
    assert_int_equal(updates_count(updates), 1);
    updates_forget(updates, "17/till");
    assert_null(updates_find(updates, "17/till", 20));
}

static TEST(a_quiet_connection_is_forgotten)
{
    AUTO(updates) *updates = updates_new(10, 1000, 1);
    struct link_peer one = peer(1);
    updates_want(updates, "17/till", &one, 0);
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
        updates_want(updates, sources[i], &one, (int64_t)i);
    updates_want(updates, "1/a", &one, 10);
    updates_want(updates, "1/d", &one, 11);
    assert_int_equal(updates_count(updates), 3);
    assert_null(updates_find(updates, "1/b", 12));
    assert_non_null(updates_find(updates, "1/a", 12));
}

static struct awaited awaited(uint8_t mark, size_t index)
{
    return (struct awaited){.event_id = {mark}, .index = index};
}

static TEST(all_who_wait_for_an_event_are_found_at_once)
{
    AUTO_CLEAR(awaiting) awaiting;
    awaiting_init(&awaiting, 1);
    struct awaited first = awaited(1, 10), second = awaited(1, 20), other = awaited(2, 30);
    awaiting_add(&awaiting, &first);
    awaiting_add(&awaiting, &other);
    awaiting_add(&awaiting, &second);
    struct awaited *found = awaiting_take(&awaiting, first.event_id);
    assert_ptr_equal(found, &second);
    assert_ptr_equal(found->next, &first);
    assert_null(found->next->next);
    assert_null(awaiting_take(&awaiting, first.event_id));
    assert_ptr_equal(awaiting_take(&awaiting, other.event_id), &other);
}

static TEST(who_gives_up_waits_no_longer_wherever_in_the_chain)
{
    for (int gone = 0; gone < 3; gone++) {
        AUTO_CLEAR(awaiting) awaiting;
        awaiting_init(&awaiting, 1);
        struct awaited all[3] = {awaited(1, 0), awaited(1, 1), awaited(1, 2)};
        for (int i = 0; i < 3; i++)
            awaiting_add(&awaiting, &all[i]);
        awaiting_remove(&awaiting, &all[gone]);
        awaiting_remove(&awaiting, &all[gone]); /* twice does no harm */
        int count = 0;
        for (struct awaited *found = awaiting_take(&awaiting, all[0].event_id); found;
             found = found->next, count++)
            assert_int_not_equal(found->index, gone);
        assert_int_equal(count, 2);
    }
}

static TEST(the_last_who_gives_up_leaves_nothing)
{
    AUTO_CLEAR(awaiting) awaiting;
    awaiting_init(&awaiting, 1);
    struct awaited one = awaited(1, 0);
    awaiting_add(&awaiting, &one);
    awaiting_remove(&awaiting, &one);
    assert_null(awaiting_take(&awaiting, one.event_id));
}

RUN_TESTS(cmocka_unit_test(the_newest_connection_of_a_source_hears),
          cmocka_unit_test(a_quiet_connection_is_forgotten), cmocka_unit_test(the_quietest_makes_room),
          cmocka_unit_test(all_who_wait_for_an_event_are_found_at_once),
          cmocka_unit_test(who_gives_up_waits_no_longer_wherever_in_the_chain),
          cmocka_unit_test(the_last_who_gives_up_leaves_nothing))
