/* wire: decoding into a bounded arena, encoding, and the canonical form. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/wire/event.h"
#include "common/wire/wire.h"

static struct arena *pad(void)
{
    return arena_new(64 * 1024);
}

static TEST(what_is_encoded_is_decoded_again)
{
    AUTO(arena) *arena = pad();
    struct bytes encoded = {0}, again = {0};
    wire_pack(sample_event(arena, "{\"labels\":[{\"name\":\"a\",\"value\":\"b\"}]}"), &encoded);
    bool is_full;
    WireEvent *event = wire_unpack(&wire_event__descriptor, bytes_slice(&encoded), arena, &is_full);
    assert_non_null(event);
    assert_false(is_full);
    assert_text_equal(event->source, "harbour/till-1");
    assert_int_equal(event->n_labels, 1);
    assert_int_equal(event->interaction_opened->channel, WIRE_CHANNEL__COUNTER);
    wire_pack(event, &again);
    assert_slice_equal(bytes_slice(&again), bytes_slice(&encoded));
    bytes_clear(&encoded);
    bytes_clear(&again);
}

static TEST(encoding_appends)
{
    AUTO(arena) *arena = pad();
    struct bytes into = {0};
    bytes_append_text(&into, "before");
    wire_pack(sample_event(arena, "{}"), &into);
    assert_memory_equal(into.data, "before", 6);
    assert_true(into.size > 6);
    bytes_clear(&into);
}

static TEST(bytes_that_are_no_message_are_not_decoded)
{
    AUTO(arena) *arena = pad();
    bool is_full = true;
    static const uint8_t truncated[] = {0x0a, 0x10, 0x01};
    assert_null(wire_unpack(&wire_event__descriptor, slice_of(truncated, sizeof truncated), arena, &is_full));
    assert_false(is_full);
}

static TEST(a_message_that_swells_fills_the_arena_and_no_more)
{
    AUTO(arena) *arena = arena_new(16 * 1024);
    struct bytes swelling = {0};
    for (int i = 0; i < 20000; i++)
        bytes_append(&swelling, "\x62\x00", 2); /* labels: {} */
    bool is_full = false;
    assert_null(wire_unpack(&wire_event__descriptor, bytes_slice(&swelling), arena, &is_full));
    assert_true(is_full);
    assert_true(arena->used <= arena->size);
    bytes_clear(&swelling);
}

static TEST(free_text_is_taken_out_and_its_place_stays)
{
    AUTO(arena) *arena = pad();
    WireEvent *event = sample_event(arena, "{\"complaint\":{\"about\":\"PRICE\",\"text\":\"too dear\"}}");
    assert_true(wire_event_has_text(event));
    WireEventText *taken = wire_event_take_text(event, arena);
    assert_text_equal(taken->field, "complaint.text");
    assert_text_equal(taken->text, "too dear");
    assert_text_equal(event->complaint->text, "");
    assert_true(wire_event_has_text(event));
    assert_null(wire_event_take_text(event, arena));
    struct bytes canonical = {0};
    wire_event_write(event, &canonical);
    assert_null(memmem(canonical.data, canonical.size, "dear", 4));
    WireEvent *again = wire_unpack(&wire_event__descriptor, bytes_slice(&canonical), arena, NULL);
    assert_true(wire_event_has_text(again));
    bytes_clear(&canonical);
}

static TEST(a_body_without_free_text_has_none)
{
    AUTO(arena) *arena = pad();
    WireEvent *event = sample_event(arena, "{}");
    assert_false(wire_event_has_text(event));
    assert_null(wire_event_take_text(event, arena));
    event = sample_event(arena, "{\"complaint\":{\"about\":\"PRICE\"}}");
    assert_false(wire_event_has_text(event));
    assert_null(wire_event_take_text(event, arena));
}

static void hash_of(const char *changes, uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    AUTO(arena) *arena = pad();
    WireEvent *event = sample_event(arena, changes);
    wire_event_take_text(event, arena);
    struct bytes canonical = {0};
    wire_event_write(event, &canonical);
    wire_event_hash(bytes_slice(&canonical), ret_hash);
    bytes_clear(&canonical);
}

static TEST(the_hash_sees_every_field_but_what_free_text_says)
{
    uint8_t first[CONTENT_HASH_SIZE], second[CONTENT_HASH_SIZE];
    hash_of("{\"complaint\":{\"about\":\"PRICE\",\"text\":\"one\"}}", first);
    hash_of("{\"complaint\":{\"about\":\"PRICE\",\"text\":\"other\"}}", second);
    assert_memory_equal(first, second, CONTENT_HASH_SIZE);
    hash_of("{\"complaint\":{\"about\":\"PRICE\"}}", second);
    assert_memory_not_equal(first, second, CONTENT_HASH_SIZE);
    hash_of("{\"complaint\":{\"about\":\"WAITING\",\"text\":\"one\"}}", second);
    assert_memory_not_equal(first, second, CONTENT_HASH_SIZE);
    hash_of("{\"complaint\":{\"about\":\"PRICE\",\"text\":\"one\"},\"drill\":false}", second);
    assert_memory_not_equal(first, second, CONTENT_HASH_SIZE);
}

static TEST(fields_in_another_order_make_the_same_canonical_form)
{
    AUTO(arena) *arena = pad();
    struct bytes whole = {0}, canonical = {0};
    bytes_append(&whole, "\x42\x05store", 7); /* store_id before source, and a number in a longer form */
    bytes_append(&whole, "\x12\x03s/r", 5);
    bytes_append(&whole, "\x20\x81\x00", 3); /* sequence 1 in two bytes */
    WireEvent *event = wire_unpack(&wire_event__descriptor, bytes_slice(&whole), arena, NULL);
    wire_event_write(event, &canonical);
    static const uint8_t expected[] = "\x12\x03s/r\x20\x01\x42\x05store";
    assert_slice_equal(bytes_slice(&canonical), slice_of(expected, sizeof expected - 1));
    bytes_clear(&whole);
    bytes_clear(&canonical);
}

static TEST(a_type_is_the_name_of_its_body)
{
    AUTO(arena) *arena = pad();
    WireEvent *event = sample_event(arena, "{\"wait_reported\":{\"kind\":\"HOLD\",\"duration_ms\":1}}");
    assert_text_equal(wire_event_type(event), "wait_reported");
    assert_int_equal(wire_event_type_find("wait_reported"), WIRE_EVENT__BODY_WAIT_REPORTED);
    assert_ptr_equal(wire_event_body(event), event->wait_reported);
    assert_int_equal(wire_event_type_find("source"), WIRE_EVENT__BODY__NOT_SET);
    assert_int_equal(wire_event_type_find("nonsense"), WIRE_EVENT__BODY__NOT_SET);
    WireEvent empty = WIRE_EVENT__INIT;
    assert_null(wire_event_type(&empty));
    assert_null(wire_event_body(&empty));
    assert_true(wire_event_is_system(WIRE_EVENT__BODY_POLICY_PROPOSED));
    assert_false(wire_event_is_system(WIRE_EVENT__BODY_SOURCE_HEARTBEAT));
}

RUN_TESTS(cmocka_unit_test(what_is_encoded_is_decoded_again), cmocka_unit_test(encoding_appends),
          cmocka_unit_test(bytes_that_are_no_message_are_not_decoded),
          cmocka_unit_test(a_message_that_swells_fills_the_arena_and_no_more),
          cmocka_unit_test(free_text_is_taken_out_and_its_place_stays),
          cmocka_unit_test(a_body_without_free_text_has_none),
          cmocka_unit_test(the_hash_sees_every_field_but_what_free_text_says),
          cmocka_unit_test(fields_in_another_order_make_the_same_canonical_form),
          cmocka_unit_test(a_type_is_the_name_of_its_body))
