/* validate: what is refused, by which word and for which field; and that what is right passes. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/text.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

#include "proto/bellhop/v1/subscribe.pb-c.h"

#include <stdio.h>

static const struct wire_event_check noon = {.sent_at = SAMPLE_AT, .now = SAMPLE_AT};

/* --- the cases of tests/data/wire/refused_events --- */

static char *trimmed(char *text)
{
    text += strspn(text, " ");
    for (char *end = text + strlen(text); end > text && end[-1] == ' ';)
        *--end = 0;
    return text;
}

static void append_hex(struct bytes *into, const char *hex)
{
    char digits[256];
    size_t count = 0;
    for (; *hex; hex++)
        if (*hex != ' ')
            digits[count++] = *hex;
    digits[count] = 0;
    assert_int_equal(text_parse_hex(digits, bytes_reserve(into, count / 2), count / 2), 0);
    bytes_grew(into, count / 2);
}

static void encode(const char *json, const char *hex, struct bytes *into)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    wire_pack(sample_event(arena, json), into);
    append_hex(into, hex);
}

static void check_case(char *line, bool seen[static WIRE_REASONS])
{
    const char *reason = trimmed(strsep(&line, "|")), *field = trimmed(strsep(&line, "|"));
    const char *json = trimmed(strsep(&line, "|")), *hex = trimmed(line);
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes encoded = {0};
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    encode(json, hex, &encoded);
    assert_null(wire_validate_event_bytes(bytes_slice(&encoded), &noon, arena, &refusal));
    if (!text_equal(wire_reason_word(refusal.reason), reason) || !text_equal(refusal.field, field))
        fail_msg("%s %s: refused as %s of \"%s\": %s, expected %s of \"%s\"", json, hex,
                 wire_reason_word(refusal.reason), refusal.field, refusal.explanation, reason, field);
    assert_true(refusal.explanation[0]);
    assert_true(text_is_printable(refusal.explanation, strlen(refusal.explanation)));
    seen[refusal.reason] = true;
    bytes_clear(&encoded);
}

static TEST(each_fault_is_refused_by_its_word_and_field)
{
    struct bytes file = check_read_file("tests/data/wire/refused_events");
    char *rest = (char *)(uintptr_t)bytes_text(&file), *line;
    bool seen[WIRE_REASONS] = {false};
    while ((line = strsep(&rest, "\n")))
        if (*line && *line != '#')
            check_case(line, seen);
    for (enum wire_reason reason = WIRE_MALFORMED; reason <= WIRE_SYSTEM_EVENT; reason++)
        if (!seen[reason] && reason != WIRE_TOO_LARGE) /* has a test of its own below */
            fail_msg("no case is refused as %s", wire_reason_word(reason));
    bytes_clear(&file);
}

/* --- what is right --- */

static void check_fine(const char *json, const struct wire_event_check *check)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes encoded = {0};
    struct wire_refusal refusal;
    encode(json, "", &encoded);
    if (!wire_validate_event_bytes(bytes_slice(&encoded), check, arena, &refusal))
        fail_msg("%s: refused as %s of \"%s\": %s", json, wire_reason_word(refusal.reason), refusal.field,
                 refusal.explanation);
    bytes_clear(&encoded);
}

static TEST(what_is_right_passes)
{
    static const char *const right[] = {
        "{}",
        "{\"incarnation\":\"1\",\"sequence\":1}",
        "{\"incarnation\":\"1\"}",
        "{\"interaction_id\":\"990101-AA0101-33116-11:45:33\"}",
        "{\"occurred_at\":\"2024-05-03T12:05:00Z\"}",
        "{\"occurred_at\":\"2000-01-01T00:00:00Z\"}",
        "{\"id\":\"018f3e53-5600-8f6e-8e4e-0aeebd638b57\",\"foreign_id\":\"order-4711\","
        "\"id_time\":\"2024-05-03T12:00:00.000999Z\"}",
        "{\"labels\":[{\"name\":\"a\",\"value\":\"\"},{\"name\":\"a\",\"value\":\"ä\"}]}",
        "{\"interaction_id\":null,\"wait_reported\":{\"kind\":\"HOLD\",\"duration_ms\":0}}",
        "{\"complaint\":{\"about\":\"PRICE\",\"text\":\"line\\nline\\tä\"}}",
        "{\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}}",
        "{\"employee_id\":\"ann\",\"off_duty\":{}}",
        "{\"source_heartbeat\":{}}",
    };
    for (size_t i = 0; i < COUNT_OF(right); i++)
        check_fine(right[i], &noon);
}

static TEST(our_own_services_may_send_system_events)
{
    const struct wire_event_check own = {.sent_at = SAMPLE_AT, .now = SAMPLE_AT, .may_be_system = true};
    check_fine("{\"source\":\"bellhop/escalate\",\"store_id\":null,\"interaction_id\":null,"
               "\"policy_proposed\":{\"name\":\"retail\",\"document\":\"rules: []\"}}",
               &own);
}

static TEST(the_last_of_a_repeated_singular_field_counts)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes encoded = {0};
    encode("{\"store_id\":\"harbour\"}", "4205 6f74686572", &encoded);
    WireEvent *event = wire_validate_event_bytes(bytes_slice(&encoded), &noon, arena, NULL);
    assert_text_equal(event->store_id, "other");
    bytes_clear(&encoded);
}

static TEST(an_event_that_is_too_large_or_takes_too_much_memory_is_refused)
{
    AUTO(arena) *arena = arena_new(256 * 1024);
    AUTO(arena) *small = arena_new(64);
    struct bytes encoded = {0};
    struct wire_refusal refusal;
    encode("{}", "", &encoded);
    assert_null(wire_validate_event_bytes(bytes_slice(&encoded), &noon, small, &refusal));
    assert_int_equal(refusal.reason, WIRE_TOO_LARGE);
    bytes_append(&encoded, "\x4a\x80\x80\x04", 4); /* interaction_id of 64 KiB */
    check_append_zeros(&encoded, 64 * 1024);
    assert_null(wire_validate_event_bytes(bytes_slice(&encoded), &noon, arena, &refusal));
    assert_int_equal(refusal.reason, WIRE_TOO_LARGE);
    bytes_clear(&encoded);
}

static TEST(the_explanation_quotes_the_value)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes encoded = {0};
    struct wire_refusal refusal;
    encode("{\"wait_reported\":{\"kind\":\"HOLD\",\"duration_ms\":-5}}", "", &encoded);
    assert_null(wire_validate_event_bytes(bytes_slice(&encoded), &noon, arena, &refusal));
    assert_non_null(strstr(refusal.explanation, "-5"));
    bytes_reset(&encoded);
    encode("{\"employee_id\":\"Ann B\"}", "", &encoded);
    assert_null(wire_validate_event_bytes(bytes_slice(&encoded), &noon, arena, &refusal));
    assert_text_equal(refusal.explanation, "is \"Ann B\"; expected: A-Z a-z 0-9 _ -");
    bytes_clear(&encoded);
}

/* --- requests --- */

static enum wire_reason request_reason(const struct wire_message_rules *rules, const void *message,
                                       const char *field)
{
    AUTO(arena) *arena = arena_new(512 * 1024);
    struct bytes encoded = {0};
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    wire_pack(message, &encoded);
    void *read = wire_validate_request(rules, bytes_slice(&encoded), arena, &refusal);
    assert_true(!read == (refusal.reason != WIRE_FINE));
    assert_text_equal(refusal.field, field);
    bytes_clear(&encoded);
    return refusal.reason;
}

static enum wire_reason publish_reason(const WirePublishBytes *publish, const char *field)
{
    WireRegisterRequestBytes request = WIRE_REGISTER_REQUEST_BYTES__INIT;
    request.request_case = WIRE_REGISTER_REQUEST_BYTES__REQUEST_PUBLISH;
    request.publish = (WirePublishBytes *)(uintptr_t)publish;
    return request_reason(&wire_register_request_rules, &request, field);
}

static TEST(a_publish_is_checked_but_its_events_are_left_alone)
{
    static ProtobufCBinaryData events[WIRE_REQUEST_MOST_EVENTS + 1];
    events[0] = wire_bytes(slice_of_text("no event at all"));
    WirePublishBytes publish = WIRE_PUBLISH_BYTES__INIT;
    assert_int_equal(publish_reason(&publish, "publish.request_id"), WIRE_MISSING_FIELD);
    publish.has_request_id = 1;
    assert_int_equal(publish_reason(&publish, "publish.sent_at"), WIRE_MISSING_FIELD);
    publish.has_sent_at = 1;
    assert_int_equal(publish_reason(&publish, "publish.sent_at"), WIRE_TOO_EARLY);
    publish.sent_at = SAMPLE_AT;
    assert_int_equal(publish_reason(&publish, "publish.events"), WIRE_MISSING_FIELD);
    publish.events = events;
    publish.n_events = WIRE_REQUEST_MOST_EVENTS;
    assert_int_equal(publish_reason(&publish, ""), WIRE_FINE);
    publish.n_events++;
    assert_int_equal(publish_reason(&publish, "publish.events"), WIRE_TOO_MANY_EVENTS);
}

static TEST(an_empty_request_is_no_request)
{
    WireRegisterRequestBytes request = WIRE_REGISTER_REQUEST_BYTES__INIT;
    assert_int_equal(request_reason(&wire_register_request_rules, &request, ""), WIRE_NO_REQUEST);
    WireSubscriberRequest subscriber = WIRE_SUBSCRIBER_REQUEST__INIT;
    assert_int_equal(request_reason(&wire_subscriber_request_rules, &subscriber, ""), WIRE_NO_REQUEST);
}

static enum wire_reason subscribe_reason(WireSubscribe *subscribe, const char *field)
{
    WireSubscriberRequest request = WIRE_SUBSCRIBER_REQUEST__INIT;
    request.request_case = WIRE_SUBSCRIBER_REQUEST__REQUEST_SUBSCRIBE;
    request.subscribe = subscribe;
    return request_reason(&wire_subscriber_request_rules, &request, field);
}

static TEST(a_subscription_is_checked)
{
    char stream[] = "pager", store[] = "*", dotted[] = "pa.ger", topic[] = "case.opened";
    char *topics[] = {topic, topic};
    WireSubscribe subscribe = WIRE_SUBSCRIBE__INIT;
    assert_int_equal(subscribe_reason(&subscribe, "subscribe.stream"), WIRE_MISSING_FIELD);
    subscribe.stream = dotted;
    assert_int_equal(subscribe_reason(&subscribe, "subscribe.stream"), WIRE_BAD_CHARACTERS);
    subscribe.stream = stream;
    subscribe.topics = topics;
    subscribe.n_topics = 2;
    assert_int_equal(subscribe_reason(&subscribe, ""), WIRE_FINE);
    WireServes serves = WIRE_SERVES__INIT, *levels[] = {&serves};
    subscribe.serves = levels;
    subscribe.n_serves = 1;
    serves.store_id = store;
    assert_int_equal(subscribe_reason(&subscribe, "subscribe.serves[0].role"), WIRE_MISSING_FIELD);
    serves.role = stream;
    assert_int_equal(subscribe_reason(&subscribe, ""), WIRE_FINE);
    subscribe.has_credit = 1;
    subscribe.credit = 10001;
    assert_int_equal(subscribe_reason(&subscribe, "subscribe.credit"), WIRE_OUT_OF_RANGE);
}

/* --- the table and the words --- */

static TEST(the_table_has_every_field_in_the_descriptors_order)
{
    unsigned at = 0, messages = 0;
    const struct wire_message_rules *rules;
    for (; (rules = wire_rules_next(&at)); messages++) {
        assert_int_equal(rules->field_count, rules->descriptor->n_fields);
        for (unsigned i = 0; i < rules->field_count; i++) {
            const ProtobufCFieldDescriptor *field = &rules->descriptor->fields[i];
            const struct wire_field_rule *rule = &rules->fields[i];
            if (!text_equal(rule->name, field->name))
                fail_msg("%s: %s stands where %s is", rules->descriptor->name, rule->name, field->name);
            bool is_sized = field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES;
            if (is_sized != (rule->most_size > 0))
                fail_msg("%s.%s: a size belongs to text and bytes", rules->descriptor->name, field->name);
            if ((field->label == PROTOBUF_C_LABEL_REPEATED) != (rule->most_count > 0))
                fail_msg("%s.%s: a count belongs to repeated fields", rules->descriptor->name, field->name);
            if (field->type == PROTOBUF_C_TYPE_MESSAGE)
                assert_ptr_equal(rule->message->descriptor, field->descriptor);
        }
    }
    assert_in_range(messages, 60, 100);
}

static bool has_rules(const struct wire_message_rules *sought)
{
    unsigned at = 0;
    const struct wire_message_rules *rules;
    while ((rules = wire_rules_next(&at)))
        if (rules == sought)
            return true;
    return false;
}

static TEST(every_message_that_can_be_reached_has_rules)
{
    unsigned at = 0;
    const struct wire_message_rules *rules;
    while ((rules = wire_rules_next(&at)))
        for (unsigned i = 0; i < rules->field_count; i++)
            if (rules->fields[i].message)
                assert_true(has_rules(rules->fields[i].message));
}

static TEST(the_bytes_twin_of_a_request_has_the_same_fields)
{
    const ProtobufCMessageDescriptor *twins[][2] = {
        {&wire_register_request__descriptor, &wire_register_request_bytes__descriptor},
        {&wire_publish__descriptor, &wire_publish_bytes__descriptor}};
    for (size_t t = 0; t < COUNT_OF(twins); t++) {
        assert_int_equal(twins[t][0]->n_fields, twins[t][1]->n_fields);
        for (unsigned i = 0; i < twins[t][0]->n_fields; i++) {
            assert_int_equal(twins[t][0]->fields[i].id, twins[t][1]->fields[i].id);
            assert_text_equal(twins[t][0]->fields[i].name, twins[t][1]->fields[i].name);
        }
    }
}

static TEST(tells_which_fields_are_required)
{
    assert_true(wire_rules_require(&wire_event__descriptor, "occurred_at"));
    assert_false(wire_rules_require(&wire_event__descriptor, "customer_id"));
    assert_true(wire_rules_require(&wire_money__descriptor, "minor"));
    assert_false(wire_rules_require(&wire_money__descriptor, "nonsense"));
    assert_false(wire_rules_require(&wire_receipt__descriptor, "result"));
    assert_int_equal(wire_rule_of(&wire_interaction_closed__descriptor, "rating")->most, 5);
}

static TEST(every_reason_has_a_word_and_a_meaning_of_its_own)
{
    for (enum wire_reason reason = WIRE_FINE; reason < WIRE_REASONS; reason++) {
        assert_non_null(wire_reason_word(reason));
        assert_true(wire_charset_is_word(wire_reason_word(reason)));
        assert_true(strlen(wire_reason_meaning(reason)) > 10);
        for (enum wire_reason other = WIRE_FINE; other < reason; other++)
            assert_string_not_equal(wire_reason_word(reason), wire_reason_word(other));
    }
}

RUN_TESTS(cmocka_unit_test(each_fault_is_refused_by_its_word_and_field),
          cmocka_unit_test(what_is_right_passes), cmocka_unit_test(our_own_services_may_send_system_events),
          cmocka_unit_test(the_last_of_a_repeated_singular_field_counts),
          cmocka_unit_test(an_event_that_is_too_large_or_takes_too_much_memory_is_refused),
          cmocka_unit_test(the_explanation_quotes_the_value),
          cmocka_unit_test(a_publish_is_checked_but_its_events_are_left_alone),
          cmocka_unit_test(an_empty_request_is_no_request), cmocka_unit_test(a_subscription_is_checked),
          cmocka_unit_test(the_table_has_every_field_in_the_descriptors_order),
          cmocka_unit_test(every_message_that_can_be_reached_has_rules),
          cmocka_unit_test(the_bytes_twin_of_a_request_has_the_same_fields),
          cmocka_unit_test(tells_which_fields_are_required),
          cmocka_unit_test(every_reason_has_a_word_and_a_meaning_of_its_own))
