/* json: every kind of field both ways, and what is refused where. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "tests/support/json_text.h"
#include "common/wire/wire.h"

#include "proto/bellhop/v1/publish.pb-c.h"

static void *read_json(struct arena *arena, const ProtobufCMessageDescriptor *descriptor, const char *text)
{
    struct wire_refusal refusal;
    void *message = json_text_read(descriptor, slice_of_text(text), arena, &refusal);
    if (!message)
        fail_msg("%s: %s of \"%s\": %s", text, wire_reason_word(refusal.reason), refusal.field,
                 refusal.explanation);
    return message;
}

/* What is read and written again is `expected`. */
static void check_again(const ProtobufCMessageDescriptor *descriptor, const char *text, const char *expected)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes written = {0};
    wire_json_write(read_json(arena, descriptor, text), &written);
    assert_text_equal(bytes_text(&written), expected);
    bytes_clear(&written);
}

static void check_event(const char *text)
{
    check_again(&wire_event__descriptor, text, text);
}

static TEST(an_event_is_written_as_it_was_read)
{
    check_event("{}");
    check_event(
        "{\"id\":\"018f3e53-5600-7abc-8def-0123456789ab\",\"source\":\"harbour/till-1\",\"sequence\":12,"
        "\"occurred_at\":\"2024-05-03T12:00:00.5Z\",\"labels\":[{\"name\":\"a\",\"value\":\"ä\"}],"
        "\"drill\":true,\"wait_reported\":{\"kind\":\"HOLD\",\"duration_ms\":300000,\"menus\":2}}");
    check_event("{\"remedy_requested\":{\"remedy_id\":\"r\",\"kind\":\"REFUND\",\"amount\":{\"minor\":4999,"
                "\"currency\":\"EUR\"}}}");
    check_event("{\"on_duty\":{\"role\":\"associate\",\"departments\":[\"shoes\",\"hats\"]}}");
    check_event("{\"appointment_booked\":{\"appointment_id\":\"a\",\"at\":\"2024-05-03T12:00:00Z\"}}");
    check_event(
        "{\"policy_proposed\":{\"name\":\"p\",\"document\":\"rules: []\\n\",\"zones\":[{\"name\":\"UTC\","
        "\"transitions\":[{\"from_at\":-5,\"offset_seconds\":-3600}]}]}}");
    check_event("{\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}}");
    check_event("{\"off_duty\":{}}");
}

static TEST(times_and_lengths_may_be_numbers_or_text)
{
    check_again(&wire_event__descriptor, "{\"occurred_at\":1714737600000000}",
                "{\"occurred_at\":\"2024-05-03T12:00:00Z\"}");
    check_again(&wire_event__descriptor, "{\"occurred_at\":\"2024-05-03T14:00:00+02:00\"}",
                "{\"occurred_at\":\"2024-05-03T12:00:00Z\"}");
    check_again(&wire_event__descriptor, "{\"wait_reported\":{\"duration_ms\":\"5min\"}}",
                "{\"wait_reported\":{\"duration_ms\":300000}}");
}

static TEST(null_is_absent)
{
    check_again(&wire_event__descriptor, "{\"source\":null,\"wait_started\":null}", "{}");
}

static TEST(bytes_that_are_no_uuid_are_hexadecimal)
{
    AUTO(arena) *arena = arena_new(4096);
    WireReceipt receipt = WIRE_RECEIPT__INIT;
    receipt.has_event_id = 1;
    receipt.event_id = wire_bytes(slice_of_text("\x01\xff"));
    struct bytes written = {0};
    wire_json_write(&receipt, &written);
    assert_text_equal(bytes_text(&written), "{\"event_id\":\"01ff\"}");
    bytes_clear(&written);
}

static TEST(an_unknown_enum_value_is_shown_as_its_number)
{
    WireReceipt receipt = WIRE_RECEIPT__INIT;
    receipt.has_result = 1;
    receipt.result = (WireReceipt__Result)99;
    struct bytes written = {0};
    wire_json_write(&receipt, &written);
    assert_text_equal(bytes_text(&written), "{\"result\":99}");
    bytes_clear(&written);
}

static TEST(text_that_is_not_utf8_can_be_shown_all_the_same)
{
    WireReceipt receipt = WIRE_RECEIPT__INIT;
    char bad[] = "a\xff\x62";
    receipt.reason = bad;
    struct bytes written = {0};
    wire_json_write(&receipt, &written);
    assert_text_equal(bytes_text(&written), "{\"reason\":\"a\xef\xbf\xbd"
                                            "b\"}");
    bytes_clear(&written);
}

static TEST(what_cannot_be_read_is_refused_with_its_place)
{
    static const struct {
        const char *text, *reason, *field;
    } cases[] = {
        {"{", "malformed", ""},
        {"[]", "malformed", ""},
        {"{} x", "malformed", ""},
        {"{\"source\":\"a\",\"source\":\"b\"}", "malformed", ""},
        {"{\"source\":\"\xff\"}", "malformed", ""},
        {"{\"source\":\"a\\u0000b\"}", "malformed", ""},
        {"{\"colour\":\"red\"}", "unknown_field", "colour"},
        {"{\"wait_reported\":{\"length\":5}}", "unknown_field", "wait_reported.length"},
        {"{\"labels\":[{\"name\":\"a\"},{\"nom\":\"b\"}]}", "unknown_field", "labels[1].nom"},
        {"{\"labels\":{}}", "malformed", "labels"},
        {"{\"source\":5}", "malformed", "source"},
        {"{\"sequence\":\"5\"}", "malformed", "sequence"},
        {"{\"sequence\":5.0}", "malformed", "sequence"},
        {"{\"sequence\":-1}", "out_of_range", "sequence"},
        {"{\"drill\":\"yes\"}", "malformed", "drill"},
        {"{\"id\":\"018f3e53\"}", "bad_id", "id"},
        {"{\"occurred_at\":\"yesterday\"}", "malformed", "occurred_at"},
        {"{\"wait_reported\":{\"duration_ms\":\"300\"}}", "malformed", "wait_reported.duration_ms"},
        {"{\"wait_reported\":{\"kind\":\"hold\"}}", "unknown_value", "wait_reported.kind"},
        {"{\"wait_reported\":{\"kind\":2}}", "malformed", "wait_reported.kind"},
        {"{\"interaction_closed\":{\"rating\":3000000000}}", "out_of_range", "interaction_closed.rating"},
        {"{\"off_duty\":{},\"on_duty\":{}}", "too_many", "on_duty"},
        {"{\"remedy_granted\":{\"amount\":49.99}}", "malformed", "remedy_granted.amount"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(arena) *arena = arena_new(64 * 1024);
        struct wire_refusal refusal = {.reason = WIRE_FINE};
        assert_null(json_text_read(&wire_event__descriptor, slice_of_text(cases[i].text), arena, &refusal));
        if (!text_equal(wire_reason_word(refusal.reason), cases[i].reason) ||
            !text_equal(refusal.field, cases[i].field))
            fail_msg("%s: %s of \"%s\": %s", cases[i].text, wire_reason_word(refusal.reason), refusal.field,
                     refusal.explanation);
    }
}

static TEST(more_than_the_arena_holds_is_refused)
{
    AUTO(arena) *arena = arena_new(256);
    struct wire_refusal refusal;
    const char *text = "{\"labels\":[{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"a\"}]}";
    assert_null(json_text_read(&wire_event__descriptor, slice_of_text(text), arena, &refusal));
    assert_int_equal(refusal.reason, WIRE_TOO_LARGE);
}

RUN_TESTS(cmocka_unit_test(an_event_is_written_as_it_was_read),
          cmocka_unit_test(times_and_lengths_may_be_numbers_or_text), cmocka_unit_test(null_is_absent),
          cmocka_unit_test(bytes_that_are_no_uuid_are_hexadecimal),
          cmocka_unit_test(an_unknown_enum_value_is_shown_as_its_number),
          cmocka_unit_test(text_that_is_not_utf8_can_be_shown_all_the_same),
          cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
          cmocka_unit_test(more_than_the_arena_holds_is_refused))
