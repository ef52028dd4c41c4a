/* zone_table: the zones that a document names. */
#include "tests/support/check.h"

#include "common/wire/zone_table.h"

static TEST(finds_the_zones_that_a_document_names)
{
    static const char document[] =
        "stores:\n- id: harbour\n  zone: Europe/Vienna # and/or Europe/Atlantis\n"
        "- { id: pier, zone: \"Asia/Tokyo\" }\n- { id: quay, zone: Europe/Vienna }\n";
    AUTO(arena) *arena = arena_new(1 << 20);
    struct zone_tables tables;
    assert_int_equal(zone_tables_of(slice_of_text(document), arena, &tables), 0);
    assert_int_equal(tables.count, 2);
    assert_text_equal(tables.items[0]->name, "Europe/Vienna");
    assert_text_equal(tables.items[1]->name, "Asia/Tokyo");
    assert_true(tables.items[0]->n_transitions > 1);
}

RUN_TESTS(cmocka_unit_test(finds_the_zones_that_a_document_names))
