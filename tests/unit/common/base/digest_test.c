/* digest: published test vectors, and parts. */
#include "tests/support/check.h"

#include "common/base/digest.h"
#include "common/base/text.h"

static TEST(sha256_and_blake2b_give_their_published_values)
{
    uint8_t hash[SHA256_SIZE];
    char text[2 * SHA256_SIZE + 1];
    struct slice abc = slice_of_text("abc");
    digest_sha256(&abc, 1, hash);
    text_format_hex(hash, SHA256_SIZE, text);
    assert_text_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_content(&abc, 1, hash);
    text_format_hex(hash, CONTENT_HASH_SIZE, text);
    assert_text_equal(text, "cf4ab791c62b8d2b2109c90275287816");
    assert_true(digest_content_u64(abc) == 0xcf4ab791c62b8d2b);
}

static TEST(parts_count_as_one)
{
    uint8_t whole[CONTENT_HASH_SIZE], parted[CONTENT_HASH_SIZE];
    const struct slice one = slice_of_text("abcdef");
    const struct slice parts[] = {slice_of_text("abc"), slice_of_text(NULL), slice_of_text("def")};
    digest_content(&one, 1, whole);
    digest_content(parts, COUNT_OF(parts), parted);
    assert_memory_equal(whole, parted, sizeof whole);
}

static TEST(pieces_count_as_one)
{
    uint8_t whole[CONTENT_HASH_SIZE], pieced[CONTENT_HASH_SIZE];
    const struct slice one = slice_of_text("abcdef");
    digest_content(&one, 1, whole);
    struct digester *hasher = digester_new();
    digester_add(hasher, slice_of_text("ab"));
    digester_add(hasher, slice_of_text(NULL));
    digester_add(hasher, slice_of_text("cdef"));
    digester_end(hasher, pieced);
    assert_memory_equal(whole, pieced, sizeof whole);
}

RUN_TESTS(cmocka_unit_test(sha256_and_blake2b_give_their_published_values),
          cmocka_unit_test(parts_count_as_one), cmocka_unit_test(pieces_count_as_one))
