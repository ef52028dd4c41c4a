/* digest: published test vectors, and parts. */
#include "tests/support/check.h"

#include "common/base/digest.h"
#include "common/base/text.h"

static TEST(sha256_and_blake2b_give_their_published_values)
{
    uint8_t hash[SHA256_SIZE];
    char text[2 * SHA256_SIZE + 1];
    struct slice abc = slice_of_text("abc");
    sha256(&abc, 1, hash);
    hex_format(hash, SHA256_SIZE, text);
    assert_text_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    content_hash(&abc, 1, hash);
    hex_format(hash, CONTENT_HASH_SIZE, text);
    assert_text_equal(text, "cf4ab791c62b8d2b2109c90275287816");
    assert_true(content_hash_u64(abc) == 0xcf4ab791c62b8d2b);
}

static TEST(parts_count_as_one)
{
    uint8_t whole[CONTENT_HASH_SIZE], parted[CONTENT_HASH_SIZE];
    const struct slice one = slice_of_text("abcdef");
    const struct slice parts[] = {slice_of_text("abc"), slice_of_text(NULL), slice_of_text("def")};
    content_hash(&one, 1, whole);
    content_hash(parts, COUNT_OF(parts), parted);
    assert_memory_equal(whole, parted, sizeof whole);
}

static TEST(pieces_count_as_one)
{
    uint8_t whole[CONTENT_HASH_SIZE], pieced[CONTENT_HASH_SIZE];
    const struct slice one = slice_of_text("abcdef");
    content_hash(&one, 1, whole);
    struct content_hasher *hasher = content_hasher_new();
    content_hasher_add(hasher, slice_of_text("ab"));
    content_hasher_add(hasher, slice_of_text(NULL));
    content_hasher_add(hasher, slice_of_text("cdef"));
    content_hasher_end(hasher, pieced);
    assert_memory_equal(whole, pieced, sizeof whole);
}

RUN_TESTS(cmocka_unit_test(sha256_and_blake2b_give_their_published_values),
          cmocka_unit_test(parts_count_as_one), cmocka_unit_test(pieces_count_as_one))
