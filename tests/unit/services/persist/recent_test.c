/* recent: exact about what it remembers, silent about the rest. */
#include "tests/support/check.h"

#include "services/persist/recent.h"

static struct uuid id_of(uint64_t number)
{
    struct uuid id = {{0}};
    bytes_put_u64(id.bytes + 8, number);
    return id;
}

static struct recent_event *put(struct recent *recent, uint64_t number, uint64_t seq)
{
    struct uuid id = id_of(number);
    uint8_t hash[CONTENT_HASH_SIZE] = {(uint8_t)number};
    return recent_put(recent, &id, hash, seq, 1);
}

static const struct recent_event *find(const struct recent *recent, uint64_t number)
{
    struct uuid id = id_of(number);
    return recent_find(recent, &id);
}

static TEST(remembers_what_was_put_with_its_content_and_place)
{
    AUTO(recent) *recent = recent_new(8, 1);
    put(recent, 7, 42);
    const struct recent_event *event = find(recent, 7);
    assert_non_null(event);
    assert_int_equal(event->seq, 42);
    assert_int_equal(event->hash[0], 7);
    assert_null(find(recent, 8));
}

static TEST(forgets_the_oldest_when_it_is_full)
{
    AUTO(recent) *recent = recent_new(8, 1);
    for (uint64_t number = 1; number <= 12; number++)
        put(recent, number, number);
    for (uint64_t number = 1; number <= 12; number++)
        assert_int_equal(find(recent, number) != NULL, number > 4);
    assert_int_equal(recent_count(recent), 8);
}

static TEST(never_forgets_what_is_pending)
{
    AUTO(recent) *recent = recent_new(8, 1);
    struct recent_event *pending = put(recent, 1, 0);
    for (uint64_t number = 2; number <= 30; number++)
        put(recent, number, number);
    assert_ptr_equal(find(recent, 1), pending);
    assert_int_equal(pending->seq, 0);
    pending->seq = 99;
    for (uint64_t number = 31; number <= 40; number++)
        put(recent, number, number);
    assert_null(find(recent, 1));
}

static TEST(forgets_what_is_removed_and_takes_it_again)
{
    AUTO(recent) *recent = recent_new(8, 1);
    put(recent, 1, 0);
    struct uuid id = id_of(1);
    recent_remove(recent, &id);
    recent_remove(recent, &id);
    assert_null(find(recent, 1));
    put(recent, 1, 5);
    assert_int_equal(find(recent, 1)->seq, 5);
}

RUN_TESTS(cmocka_unit_test(remembers_what_was_put_with_its_content_and_place),
          cmocka_unit_test(forgets_the_oldest_when_it_is_full),
          cmocka_unit_test(never_forgets_what_is_pending),
          cmocka_unit_test(forgets_what_is_removed_and_takes_it_again))
