/* uuid: order of minting, the derived id bit by bit, text both ways. */
#include "tests/support/check.h"

#include "common/base/uuid.h"

#include <errno.h>

enum { MINTED = 100000 };

static TEST(every_minted_id_is_greater_than_the_one_before)
{
    struct uuid_minter minter = {0};
    struct uuid last = uuid_mint(&minter, 1000000);
    for (int i = 0; i < MINTED; i++) {
        int64_t now_us = 1000000 + (i % 3 == 0 ? -500000 : i); /* it also goes back */
        struct uuid next = uuid_mint(&minter, now_us);
        assert_true(memcmp(last.bytes, next.bytes, UUID_SIZE) < 0);
        assert_int_equal(uuid_version(&next), 7);
        last = next;
    }
}

static TEST(a_minted_id_carries_its_millisecond)
{
    struct uuid_minter minter = {0};
    struct uuid id = uuid_mint(&minter, 1709208000123999);
    assert_true(uuid_ms(&id) == 1709208000123);
}

static TEST(a_full_counter_goes_on_in_the_next_millisecond)
{
    struct uuid_minter minter = {.last_ms = 5, .random_a = (1 << 12) - 1, .random_b = (1ULL << 62) - 1};
    struct uuid id = uuid_mint(&minter, 5000);
    assert_true(uuid_ms(&id) == 6);
    id = uuid_mint(&minter, 5000);
    assert_true(uuid_ms(&id) == 6);
}

static TEST(a_derived_id_is_the_documented_hash)
{
    static const struct {
        int64_t id_time_us;
        const char *source, *foreign_id, *id;
    } cases[] = {
        {1709208000500999, "bank/AA0101", "33116-9:00:19-opened", "018df4bc-57f4-8246-bd6b-1c19c6a00414"},
        {0, "", "", "00000000-0000-8e34-8b9c-ffb37a989ca5"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[UUID_TEXT_SIZE];
        struct uuid id = uuid_derive(cases[i].id_time_us, slice_of_text(cases[i].source),
                                     slice_of_text(cases[i].foreign_id));
        uuid_format(&id, text);
        assert_text_equal(text, cases[i].id);
        assert_int_equal(uuid_version(&id), 8);
        assert_true(uuid_ms(&id) == cases[i].id_time_us / 1000);
    }
}

static TEST(source_and_foreign_id_do_not_run_together)
{
    struct uuid one = uuid_derive(0, slice_of_text("ab"), slice_of_text("c"));
    struct uuid other = uuid_derive(0, slice_of_text("a"), slice_of_text("bc"));
    assert_false(uuid_equal(&one, &other));
}

static TEST(text_goes_both_ways)
{
    struct uuid id;
    char text[UUID_TEXT_SIZE];
    assert_int_equal(uuid_parse("018DF4BC-57f4-8246-bd6b-1c19c6a00414", &id), 0);
    uuid_format(&id, text);
    assert_text_equal(text, "018df4bc-57f4-8246-bd6b-1c19c6a00414");
}

static TEST(refuses_text_that_is_no_uuid)
{
    static const char *const cases[] = {
        "",
        "018df4bc57f48246bd6b1c19c6a00414",
        "018df4bc-57f4-8246-bd6b-1c19c6a0041",
        "018df4bc-57f4-8246-bd6b-1c19c6a004144",
        "018df4bc-57f4-8246-bd6b-1c19c6a0041g",
        "018df4bc-57f4-8246bd-6b-1c19c6a00414",
        "{18df4bc-57f4-8246-bd6b-1c19c6a0041}",
    };
    struct uuid id;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(uuid_parse(cases[i], &id), -EINVAL);
}

static TEST(another_variant_has_no_version)
{
    struct uuid id = {.bytes = {[6] = 0x70, [8] = 0xc0}};
    assert_int_equal(uuid_version(&id), 0);
    id.bytes[8] = 0xbf;
    assert_int_equal(uuid_version(&id), 7);
}

RUN_TESTS(cmocka_unit_test(every_minted_id_is_greater_than_the_one_before),
          cmocka_unit_test(a_minted_id_carries_its_millisecond),
          cmocka_unit_test(a_full_counter_goes_on_in_the_next_millisecond),
          cmocka_unit_test(a_derived_id_is_the_documented_hash),
          cmocka_unit_test(source_and_foreign_id_do_not_run_together), cmocka_unit_test(text_goes_both_ways),
          cmocka_unit_test(refuses_text_that_is_no_uuid), cmocka_unit_test(another_variant_has_no_version))
