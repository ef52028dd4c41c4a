/* bounds: what persist keeps in bounds by itself: leases, the quota of rejected events, the oldest undecided event.
 */
#include "tests/support/check.h"

#include "services/persist/leases.h"
#include "services/persist/rejected_quota.h"
#include "services/persist/undecided.h"

#include <stdio.h>

#define HOUR_US INT64_C(3600000000)

static TEST(a_lease_is_one_instances_until_it_is_not_asked_for_again)
{
    static const struct {
        int64_t now_ms;
        const char *instance;
        bool is_granted;
    } steps[] = {
        {0, "a", true},
        {LEASE_MS - 1, "b", false},
        {LEASE_MS - 1, "a", true},
        {2 * LEASE_MS - 2, "b", false},
        {2 * LEASE_MS - 1, "b", true},
        {2 * LEASE_MS, "a", false},
    };
    AUTO(leases) *leases = leases_new(2, 1);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct lease lease = leases_ask(leases, "", steps[i].instance, steps[i].now_ms);
        assert_int_equal(lease.is_granted, steps[i].is_granted);
        if (lease.is_granted)
            assert_int_equal(lease.expires_ms, LEASE_MS);
    }
}

static TEST(leases_are_by_name_and_bounded)
{
    AUTO(leases) *leases = leases_new(2, 1);
    assert_true(leases_allow(leases, "", "a", 0));
    assert_true(leases_allow(leases, "floor", "b", 0));
    assert_false(leases_allow(leases, "third", "c", 0));
    assert_null(leases_ask(leases, "third", "c", 0).holder);
    assert_true(leases_allow(leases, "third", "c", LEASE_MS));
}

static TEST(a_quota_is_by_source_and_hour)
{
    AUTO(rejected_quota) *quota = rejected_quota_new(2, 1);
    assert_true(rejected_quota_allow(quota, "a", HOUR_US));
    assert_true(rejected_quota_allow(quota, "a", HOUR_US + 1));
    assert_false(rejected_quota_allow(quota, "a", HOUR_US + 2));
    assert_true(rejected_quota_allow(quota, "b", HOUR_US + 2));
    assert_true(rejected_quota_allow(quota, NULL, HOUR_US + 2));
    assert_true(rejected_quota_allow(quota, "a", 2 * HOUR_US));
    assert_int_equal(rejected_quota_exceeded(quota), 1);
}

static TEST(names_cannot_be_made_up_to_get_around_the_quota)
{
    AUTO(rejected_quota) *quota = rejected_quota_new(1, 1);
    uint64_t taken = 0;
    for (int i = 0; i < 20000; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        taken += rejected_quota_allow(quota, name, HOUR_US);
    }
    assert_in_range(taken, 10000, 10001);
}

static TEST(the_oldest_undecided_event_is_known_whatever_the_number)
{
    struct undecided *undecided = NEW(undecided);
    assert_int_equal(undecided_oldest_at(undecided), 0);
    for (uint64_t seq = 1; seq <= 3 * UNDECIDED_MOST; seq++)
        undecided_add(undecided, seq, (int64_t)seq * 10);
    assert_int_equal(undecided_oldest_at(undecided), 10);
    undecided_drop(undecided, 5);
    assert_int_equal(undecided_oldest_at(undecided), 60);
    undecided_drop(undecided, UNDECIDED_MOST + 5);
    assert_int_equal(undecided_oldest_at(undecided), UNDECIDED_MOST * 10);
    undecided_drop(undecided, 3 * UNDECIDED_MOST);
    assert_int_equal(undecided_oldest_at(undecided), 0);
    free(undecided);
}

RUN_TESTS(cmocka_unit_test(a_lease_is_one_instances_until_it_is_not_asked_for_again),
          cmocka_unit_test(leases_are_by_name_and_bounded), cmocka_unit_test(a_quota_is_by_source_and_hour),
          cmocka_unit_test(names_cannot_be_made_up_to_get_around_the_quota),
          cmocka_unit_test(the_oldest_undecided_event_is_known_whatever_the_number))
