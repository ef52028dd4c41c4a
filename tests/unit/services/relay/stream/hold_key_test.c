/* hold_key: which decisions follow one another. */
#include "tests/support/check.h"

#include "services/relay/stream/hold_key.h"

enum { SIZE = 8 };

static struct bytes key_of(const char *store, const char *interaction, const char *subject)
{
    struct bytes key = {0};
    hold_key_write(store, interaction, subject, &key);
    return key;
}

static void assert_interaction(const char *store, const char *interaction, const char *subject,
                               const char *expected)
{
    struct bytes key = key_of(store, interaction, subject);
    char found[SIZE] = "-------";
    hold_key_interaction(bytes_slice(&key), found, sizeof found);
    assert_text_equal(found, expected);
    bytes_clear(&key);
}

static TEST(gives_back_the_interaction_it_was_made_of)
{
    assert_interaction("17", "i-1", "s-1", "i-1");
    assert_interaction(NULL, "i-1", NULL, "i-1");
    assert_interaction("17", "longer-than-that", NULL, "longer-");
    assert_interaction("17", "", "i-1", "");
    assert_interaction("17", NULL, NULL, "");
}

static TEST(tells_stores_and_subjects_from_interactions)
{
    struct bytes keys[] = {key_of("17", "x", NULL), key_of("18", "x", NULL), key_of(NULL, "x", NULL),
                           key_of("17", NULL, "x"), key_of("17", NULL, NULL)};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        for (size_t j = 0; j < i; j++)
            assert_false(slice_equal(bytes_slice(&keys[i]), bytes_slice(&keys[j])));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        bytes_clear(&keys[i]);
}

RUN_TESTS(cmocka_unit_test(gives_back_the_interaction_it_was_made_of),
          cmocka_unit_test(tells_stores_and_subjects_from_interactions))
