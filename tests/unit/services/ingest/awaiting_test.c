/* awaiting: who waits for the verdict of which event. */
#include "tests/support/check.h"

#include "services/ingest/awaiting.h"

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

RUN_TESTS(cmocka_unit_test(all_who_wait_for_an_event_are_found_at_once),
          cmocka_unit_test(who_gives_up_waits_no_longer_wherever_in_the_chain),
          cmocka_unit_test(the_last_who_gives_up_leaves_nothing))
