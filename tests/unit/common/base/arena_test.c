/* arena: bounded, aligned, taken back at once. */
#include "tests/support/check.h"

#include "common/base/arena.h"

#include <stdalign.h>

static TEST(gives_aligned_memory_until_it_is_full)
{
    AUTO(arena) *arena = arena_new(64);
    for (int i = 0; i < 4; i++) {
        void *memory = arena_allocate(arena, 1 + (size_t)i);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
    }
    assert_null(arena_allocate(arena, 1));
    arena_reset(arena, 0);
    assert_non_null(arena_allocate(arena, 64));
    assert_null(arena_allocate(arena, 1));
    assert_int_equal(arena->most_used, 64);
}

static TEST(a_request_beyond_all_sizes_is_refused)
{
    AUTO(arena) *arena = arena_new(64);
    assert_non_null(arena_allocate(arena, 1));
    assert_null(arena_allocate(arena, SIZE_MAX));
    assert_null(arena_allocate(arena, SIZE_MAX - 14));
    assert_null(arena_text(arena, slice_of("", SIZE_MAX)));
}

static TEST(an_odd_rest_can_be_used)
{
    AUTO(arena) *arena = arena_new(20);
    assert_non_null(arena_allocate(arena, 16));
    assert_non_null(arena_allocate(arena, 3));
    assert_null(arena_allocate(arena, 1));
}

static TEST(goes_back_to_a_mark)
{
    AUTO(arena) *arena = arena_new(64);
    const char *kept = arena_text(arena, slice_of_text("kept"));
    size_t mark = arena->used;
    const char *lost = arena_text(arena, slice_of_text("lost"));
    arena_reset(arena, mark);
    assert_ptr_equal(arena_copy(arena, "next", 5), lost);
    assert_text_equal(kept, "kept");
}

RUN_TESTS(cmocka_unit_test(gives_aligned_memory_until_it_is_full),
          cmocka_unit_test(a_request_beyond_all_sizes_is_refused), cmocka_unit_test(an_odd_rest_can_be_used),
          cmocka_unit_test(goes_back_to_a_mark))
