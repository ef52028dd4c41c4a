/* newest: what is kept, what is dropped, and where a reader goes on. */
#include "tests/support/check.h"

#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/relay/stream/newest.h"

static struct item *item_at(uint64_t seq, uint32_t ordinal)
{
    WirePosition position = position_message((struct position){.epoch = 1, .seq = seq});
    WireDecision decision = WIRE_DECISION__INIT;
    decision.position = &position;
    WIRE_SET(&decision, ordinal, ordinal);
    WIRE_SET(&decision, kind, WIRE_DECISION_KIND__CASE_OPENED);
    decision.store_id = (char *)"harbour";
    decision.audience = (char *)"shift_lead";
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&decision, &packed);
    struct item *item = item_new(bytes_slice(&packed));
    assert_non_null(item);
    return item;
}

static void add(struct newest *newest, uint64_t seq, uint32_t ordinal)
{
    newest_add(newest, item_at(seq, ordinal));
}

static TEST(goes_on_at_the_first_decision_of_a_later_event)
{
    AUTO(newest) *newest = newest_new(1 << 20, 10);
    add(newest, 12, 0);
    add(newest, 12, 1);
    add(newest, 15, 0);
    newest_pass(newest, 20);
    size_t index;
    assert_int_equal(newest_first_after(newest, 10, &index)->place.seq, 12);
    assert_int_equal(index, 0);
    assert_int_equal(newest_first_after(newest, 12, &index)->place.seq, 15);
    assert_null(newest_first_after(newest, 15, &index));
    assert_int_equal(newest_after(newest), 10);
    assert_int_equal(newest_upto(newest), 20);
}

static TEST(drops_the_oldest_when_its_bytes_are_used_up_and_knows_from_where_on_it_is_whole)
{
    struct item *probe = item_at(1, 0);
    size_t bytes = probe->bytes;
    item_release(probe);
    AUTO(newest) *newest = newest_new(10 * bytes, 0);
    for (uint64_t seq = 1; seq <= 1000; seq++) {
        add(newest, seq, 0);
        newest_pass(newest, seq);
        assert_true(newest_bytes(newest) <= 10 * bytes);
    }
    assert_int_equal(newest_count(newest), 10);
    assert_int_equal(newest_after(newest), 990);
    size_t index;
    assert_int_equal(newest_first_after(newest, newest_after(newest), &index)->place.seq, 991);
}

static TEST(keeps_an_item_alive_for_its_other_holders)
{
    AUTO(newest) *newest = newest_new(1 << 20, 0);
    add(newest, 1, 0);
    size_t index;
    AUTO(item) *item = item_hold(newest_first_after(newest, 0, &index));
    newest_reset(newest, 5);
    assert_text_equal(item->decision_id, "1-1-0");
    assert_text_equal(item->topic.text, "case.opened.harbour.shift_lead");
}

static TEST(refuses_bytes_that_are_no_decision)
{
    assert_null(item_new(slice_of_text("no decision")));
    assert_null(item_new(slice_of_text("")));
}

static void hold_key(const char *interaction, const char *subject, struct bytes *into)
{
    WirePosition position = position_message((struct position){.epoch = 1, .seq = 1});
    WireDecision decision = WIRE_DECISION__INIT;
    decision.position = &position;
    decision.store_id = (char *)"harbour";
    decision.interaction_id = (char *)interaction;
    decision.subject_id = (char *)subject;
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&decision, &packed);
    AUTO(item) *item = item_new(bytes_slice(&packed));
    item_hold_key(item, into);
}

static TEST(holds_by_the_interaction_else_by_the_subject_else_not_at_all)
{
    AUTO_CLEAR(bytes) interaction = {0};
    AUTO_CLEAR(bytes) same = {0};
    AUTO_CLEAR(bytes) subject = {0};
    AUTO_CLEAR(bytes) neither = {0};
    hold_key("visit", "1-1-0", &interaction);
    hold_key("visit", "1-2-0", &same);
    hold_key(NULL, "visit", &subject);
    hold_key(NULL, NULL, &neither);
    assert_slice_equal(bytes_slice(&interaction), bytes_slice(&same));
    assert_false(slice_equal(bytes_slice(&interaction), bytes_slice(&subject)));
    assert_int_equal(neither.size, 0);
}

RUN_TESTS(cmocka_unit_test(goes_on_at_the_first_decision_of_a_later_event),
          cmocka_unit_test(drops_the_oldest_when_its_bytes_are_used_up_and_knows_from_where_on_it_is_whole),
          cmocka_unit_test(keeps_an_item_alive_for_its_other_holders),
          cmocka_unit_test(refuses_bytes_that_are_no_decision),
          cmocka_unit_test(holds_by_the_interaction_else_by_the_subject_else_not_at_all))
