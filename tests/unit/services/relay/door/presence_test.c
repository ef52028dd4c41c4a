/* presence: when a level begins and ceases to be served. */
#include "tests/support/check.h"

#include "services/relay/door/presence.h"

enum { LEASE_MS = 30000 };

static const struct presence_level leads = {.stream = "floor", .store_id = "harbour", .role = "shift_lead"};

static void assert_change(struct presence *presence, int64_t now_ms, bool is_started, const char *reason)
{
    struct presence_change change;
    assert_true(presence_next(presence, now_ms, &change));
    assert_int_equal(change.is_started, is_started);
    assert_text_equal(change.level.role, "shift_lead");
    assert_text_equal(change.level.store_id, "harbour");
    if (!is_started)
        assert_text_equal(change.reason, reason);
}

static void assert_no_change(struct presence *presence, int64_t now_ms)
{
    struct presence_change change;
    assert_false(presence_next(presence, now_ms, &change));
}

static TEST(begins_with_the_first_session_and_ends_with_the_last)
{
    AUTO(presence) *presence = presence_new(1, LEASE_MS);
    assert_true(presence_serve(presence, &leads, 1));
    assert_change(presence, 0, true, NULL);
    assert_true(presence_serve(presence, &leads, 2));
    assert_no_change(presence, 0);
    presence_leave(presence, 1, "floor");
    assert_no_change(presence, 0);
    presence_leave(presence, 2, "floor");
    assert_change(presence, 0, false, "left");
    assert_int_equal(presence_count(presence), 0);
}

static TEST(waits_a_lease_for_who_was_cut_off)
{
    AUTO(presence) *presence = presence_new(1, LEASE_MS);
    presence_serve(presence, &leads, 1);
    assert_change(presence, 0, true, NULL);
    presence_lose(presence, 1, 1000);
    assert_no_change(presence, 1000 + LEASE_MS - 1);
    assert_change(presence, 1000 + LEASE_MS, false, "silent");
}

static TEST(says_nothing_when_somebody_comes_back_in_time)
{
    AUTO(presence) *presence = presence_new(1, LEASE_MS);
    presence_serve(presence, &leads, 1);
    assert_change(presence, 0, true, NULL);
    presence_lose(presence, 1, 1000);
    presence_serve(presence, &leads, 2);
    assert_no_change(presence, 1000 + 2 * LEASE_MS);
}

static TEST(keeps_streams_stores_and_roles_apart)
{
    AUTO(presence) *presence = presence_new(1, LEASE_MS);
    struct presence_level other = leads;
    other.store_id[0] = 'b';
    presence_serve(presence, &leads, 1);
    presence_serve(presence, &other, 1);
    struct presence_change change;
    assert_true(presence_next(presence, 0, &change));
    assert_true(presence_next(presence, 0, &change));
    assert_no_change(presence, 0);
    presence_leave(presence, 1, "another");
    assert_no_change(presence, 0);
}

static TEST(ends_everything_when_relay_stops)
{
    AUTO(presence) *presence = presence_new(1, LEASE_MS);
    presence_serve(presence, &leads, 1);
    assert_change(presence, 0, true, NULL);
    presence_leave_all(presence);
    assert_change(presence, 0, false, "left");
    assert_no_change(presence, 0);
}

RUN_TESTS(cmocka_unit_test(begins_with_the_first_session_and_ends_with_the_last),
          cmocka_unit_test(waits_a_lease_for_who_was_cut_off),
          cmocka_unit_test(says_nothing_when_somebody_comes_back_in_time),
          cmocka_unit_test(keeps_streams_stores_and_roles_apart),
          cmocka_unit_test(ends_everything_when_relay_stops))
