/* bytes: growth, formats, big-endian numbers, comparison. */
#include "tests/support/check.h"

#include "common/base/auto.h"

static TEST(grows_as_things_are_appended)
{
    AUTO_CLEAR(bytes) bytes = {0};
    for (int i = 0; i < 1000; i++)
        bytes_append(&bytes, "0123456789", 10);
    assert_int_equal(bytes.size, 10000);
    assert_memory_equal(bytes.data + 9990, "0123456789", 10);
    bytes_reset(&bytes);
    bytes_append(&bytes, "\0\0", 2);
    assert_slice_equal(bytes_slice(&bytes), slice_of("\0\0", 2));
}

static TEST(formats_longer_than_the_room_that_was_there)
{
    AUTO_CLEAR(bytes) bytes = {0};
    bytes_append_text(&bytes, "<");
    bytes_append_format(&bytes, "%0500d", 7);
    bytes_append_format(&bytes, "%s", ">");
    assert_int_equal(bytes.size, 502);
    assert_int_equal(bytes_text(&bytes)[500], '7');
    assert_text_equal(bytes_text(&bytes) + 501, ">");
}

static TEST(numbers_are_big_endian)
{
    AUTO_CLEAR(bytes) bytes = {0};
    bytes_append_u8(&bytes, 0x01);
    bytes_append_u16(&bytes, 0x0203);
    bytes_append_u32(&bytes, 0x04050607);
    bytes_append_u64(&bytes, 0x08090a0b0c0d0e0f);
    assert_slice_equal(bytes_slice(&bytes),
                       slice_of("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 15));
    assert_int_equal(bytes_get_u16(bytes.data + 1), 0x0203);
    assert_int_equal(bytes_get_u32(bytes.data + 3), 0x04050607);
    assert_true(bytes_get_u64(bytes.data + 7) == 0x08090a0b0c0d0e0f);
}

static TEST(slices_are_equal_by_their_bytes)
{
    assert_true(slice_equal(slice_of_text(""), slice_of_text(NULL)));
    assert_false(slice_equal(slice_of_text("a"), slice_of_text("b")));
}

RUN_TESTS(cmocka_unit_test(grows_as_things_are_appended),
          cmocka_unit_test(formats_longer_than_the_room_that_was_there),
          cmocka_unit_test(numbers_are_big_endian), cmocka_unit_test(slices_are_equal_by_their_bytes))
