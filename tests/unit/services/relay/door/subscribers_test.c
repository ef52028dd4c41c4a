/* subscribers: connections and the streams they have joined. */
#include "tests/support/check.h"

#include "services/relay/door/subscribers.h"

static struct link_peer peer_of(char name)
{
    return (struct link_peer){.size = 2, .frame_count = 1, .data = {1, (uint8_t)name}};
}

static TEST(knows_a_connection_again)
{
    AUTO(subscribers) *subscribers = subscribers_new(1, 10);
    struct link_peer a = peer_of('a');
    struct link_peer b = peer_of('b');
    struct subscriber *first = subscribers_hear(subscribers, &a, 1);
    assert_ptr_equal(subscribers_hear(subscribers, &a, 5), first);
    assert_int_equal(first->heard_ms, 5);
    assert_ptr_not_equal(subscribers_hear(subscribers, &b, 5), first);
    assert_ptr_equal(subscribers_find(subscribers, first->id), first);
}

static TEST(never_gives_an_id_twice)
{
    AUTO(subscribers) *subscribers = subscribers_new(1, 10);
    struct link_peer a = peer_of('a');
    struct subscriber *first = subscribers_hear(subscribers, &a, 1);
    uint64_t id = first->id;
    subscribers_remove(subscribers, first);
    assert_null(subscribers_find(subscribers, id));
    assert_int_not_equal(subscribers_hear(subscribers, &a, 1)->id, id);
}

static TEST(takes_no_more_than_its_limit)
{
    AUTO(subscribers) *subscribers = subscribers_new(1, 1);
    struct link_peer a = peer_of('a');
    struct link_peer b = peer_of('b');
    assert_non_null(subscribers_hear(subscribers, &a, 1));
    assert_null(subscribers_hear(subscribers, &b, 1));
    assert_non_null(subscribers_hear(subscribers, &a, 1));
}

static TEST(joins_and_leaves_streams_up_to_a_limit)
{
    AUTO(subscribers) *subscribers = subscribers_new(1, 1);
    struct link_peer a = peer_of('a');
    struct subscriber *subscriber = subscribers_hear(subscribers, &a, 1);
    char name[2] = "A";
    for (int i = 0; i < SUBSCRIBER_STREAMS; i++, name[0]++)
        assert_true(subscriber_join(subscriber, name));
    assert_false(subscriber_join(subscriber, "one-more"));
    assert_true(subscriber_join(subscriber, "A"));
    subscriber_leave(subscriber, "A");
    assert_false(subscriber_has(subscriber, "A"));
    assert_true(subscriber_has(subscriber, "B"));
    assert_true(subscriber_join(subscriber, "one-more"));
}

RUN_TESTS(cmocka_unit_test(knows_a_connection_again), cmocka_unit_test(never_gives_an_id_twice),
          cmocka_unit_test(takes_no_more_than_its_limit),
          cmocka_unit_test(joins_and_leaves_streams_up_to_a_limit))
