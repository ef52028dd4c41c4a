/* protocol: proto/README.md says what the code does: every field and limit, every word, every byte of its
 * examples. */
#include "tests/support/check.h"
#include "tests/support/protocol_page.h"

#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/event.h"
#include "tests/support/json_text.h"
#include "common/wire/topic.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"

static const char *page(void)
{
    static struct bytes read;
    if (!read.data)
        read = check_read_file("proto/README.md");
    return bytes_text(&read);
}

static void page_has(const char *text)
{
    if (!strstr(page(), text))
        fail_msg("proto/README.md lacks: %s", text);
}

/* Each message is asked about once, those it is made of after it. */
struct tour {
    const ProtobufCMessageDescriptor *messages[256];
    const ProtobufCEnumDescriptor *enums[64];
    size_t message_count, enum_count;
};

static void visit_enum(struct tour *tour, const ProtobufCEnumDescriptor *descriptor)
{
    for (size_t i = 0; i < tour->enum_count; i++)
        if (tour->enums[i] == descriptor)
            return;
    tour->enums[tour->enum_count++] = descriptor;
}

static void visit(struct tour *tour, const ProtobufCMessageDescriptor *descriptor)
{
    for (size_t i = 0; i < tour->message_count; i++)
        if (tour->messages[i] == descriptor)
            return;
    tour->messages[tour->message_count++] = descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            visit(tour, descriptor->fields[i].descriptor);
        else if (descriptor->fields[i].type == PROTOBUF_C_TYPE_ENUM)
            visit_enum(tour, descriptor->fields[i].descriptor);
    }
}

/* All that travels, through the two doors and inside a cell. */
static struct tour whole_tour(void)
{
    struct tour tour = {.message_count = 0};
    visit(&tour, &wire_register_request__descriptor);
    visit(&tour, &wire_register_reply__descriptor);
    visit(&tour, &wire_subscriber_request__descriptor);
    visit(&tour, &wire_subscriber_reply__descriptor);
    visit(&tour, &wire_register_request_bytes__descriptor);
    visit(&tour, &wire_append_request__descriptor);
    visit(&tour, &wire_append_request_bytes__descriptor);
    visit(&tour, &wire_append_reply__descriptor);
    visit(&tour, &wire_feed__descriptor);
    return tour;
}

/* A body's rows carry the name of its type, others that of their message. */
static const char *row_prefix(const ProtobufCMessageDescriptor *descriptor)
{
    for (unsigned i = 0; i < wire_event__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &wire_event__descriptor.fields[i];
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF && field->descriptor == descriptor)
            return field->name;
    }
    return descriptor->name + strlen("bellhop.v1.");
}

static TEST(the_page_has_a_row_for_every_field)
{
    struct tour tour = whole_tour();
    assert_in_range(tour.message_count, 90, 200);
    for (size_t m = 0; m < tour.message_count; m++)
        for (unsigned i = 0; i < tour.messages[m]->n_fields; i++) {
            struct bytes row = {0};
            protocol_row(row_prefix(tour.messages[m]), &tour.messages[m]->fields[i], &row);
            page_has(bytes_text(&row));
            bytes_clear(&row);
        }
}

static TEST(the_page_has_every_value_of_every_enum)
{
    struct tour tour = whole_tour();
    for (size_t i = 0; i < tour.enum_count; i++) {
        struct bytes line = {0};
        protocol_enum(tour.enums[i], &line);
        page_has(bytes_text(&line));
        bytes_clear(&line);
    }
}

static TEST(the_page_has_every_reason_and_what_it_means)
{
    for (enum wire_reason reason = WIRE_MALFORMED; reason < WIRE_REASONS; reason++) {
        char row[256];
        text_format(row, sizeof row, "| `%s` | %s |", wire_reason_word(reason), wire_reason_meaning(reason));
        page_has(row);
    }
}

static TEST(the_page_has_the_topic_of_every_kind_of_decision)
{
    const ProtobufCEnumDescriptor *kinds = &wire_decision_kind__descriptor;
    for (unsigned i = 0; i < kinds->n_values; i++) {
        char row[128];
        text_format(row, sizeof row, "| `%s` | %s |", topic_of_kind((WireDecisionKind)kinds->values[i].value),
                    kinds->values[i].name);
        page_has(row);
    }
}

/* --- examples --- */

static const ProtobufCMessageDescriptor *message_named(const char *name)
{
    struct tour tour = whole_tour();
    for (size_t i = 0; i < tour.message_count; i++)
        if (text_equal(tour.messages[i]->short_name, name))
            return tour.messages[i];
    fail_msg("there is no message %s", name);
    return NULL;
}

static struct bytes example_named(const char *kind, const char *name)
{
    const char *at = page();
    struct protocol_example example;
    while (protocol_example_next(&at, kind, &example)) {
        if (text_equal(example.name, name))
            return example.content;
        bytes_clear(&example.content);
    }
    fail_msg("proto/README.md has no %s example %s", kind, name);
    return (struct bytes){0};
}

static void check_example(const struct protocol_example *example)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    const ProtobufCMessageDescriptor *descriptor = message_named(example->message);
    struct bytes json = example_named("json", example->name), packed = {0};
    struct wire_refusal refusal;
    void *message = json_text_read(descriptor, bytes_slice(&json), arena, &refusal);
    if (!message)
        fail_msg("example %s: %s: %s", example->name, refusal.field, refusal.explanation);
    wire_pack(message, &packed);
    if (!slice_equal(bytes_slice(&packed), bytes_slice(&example->content)))
        fail_msg("example %s: the bytes are not those of its JSON", example->name);
    assert_non_null(wire_unpack(descriptor, bytes_slice(&example->content), arena, NULL));
    bytes_clear(&json);
    bytes_clear(&packed);
}

static TEST(every_example_is_byte_for_byte_what_its_json_says)
{
    const char *at = page();
    struct protocol_example example;
    size_t count = 0;
    for (; protocol_example_next(&at, "hex", &example); count++) {
        check_example(&example);
        bytes_clear(&example.content);
    }
    assert_in_range(count, 10, 100);
}

static TEST(every_example_that_a_stranger_would_send_is_acceptable)
{
    const char *at = page();
    struct protocol_example example;
    AUTO(arena) *arena = arena_new(256 * 1024);
    const struct wire_event_check check = {.sent_at = INT64_C(1714737600000000),
                                           .now = INT64_C(1714737600000000)};
    while (protocol_example_next(&at, "hex", &example)) {
        struct slice bytes = bytes_slice(&example.content);
        struct wire_refusal refusal = {.explanation = ""};
        bool is_fine = true;
        if (text_equal(example.message, "RegisterRequest"))
            is_fine = wire_validate_request(&wire_register_request_rules, bytes, arena, &refusal);
        else if (text_equal(example.message, "SubscriberRequest"))
            is_fine = wire_validate_request(&wire_subscriber_request_rules, bytes, arena, &refusal);
        else if (text_equal(example.message, "Event"))
            is_fine = wire_validate_event_bytes(bytes, &check, arena, &refusal);
        if (!is_fine)
            fail_msg("example %s: %s %s", example.name, refusal.field, refusal.explanation);
        bytes_clear(&example.content);
    }
}

static TEST(the_derived_id_of_the_page_is_the_one_we_derive)
{
    struct uuid id =
        uuid_derive(INT64_C(1714737600000000), slice_of_text("harbour/till-1"), slice_of_text("order-4711"));
    char text[UUID_TEXT_SIZE];
    uuid_format(&id, text);
    page_has(text);
}

static TEST(the_content_hash_of_the_page_is_the_one_we_compare)
{
    AUTO(arena) *arena = arena_new(64 * 1024);
    struct bytes sent = example_named("hex", "complaint"),
                 expected = example_named("hex", "complaint-canonical");
    WireEvent *event = wire_unpack(&wire_event__descriptor, bytes_slice(&sent), arena, NULL);
    wire_event_take_text(event, arena);
    struct bytes canonical = {0};
    wire_event_write(event, &canonical);
    assert_slice_equal(bytes_slice(&canonical), bytes_slice(&expected));
    uint8_t hash[CONTENT_HASH_SIZE];
    char text[2 * CONTENT_HASH_SIZE + 1];
    wire_event_hash(bytes_slice(&canonical), hash);
    text_format_hex(hash, sizeof hash, text);
    page_has(text);
    bytes_clear(&sent);
    bytes_clear(&expected);
    bytes_clear(&canonical);
}

RUN_TESTS(cmocka_unit_test(the_page_has_a_row_for_every_field),
          cmocka_unit_test(the_page_has_every_value_of_every_enum),
          cmocka_unit_test(the_page_has_every_reason_and_what_it_means),
          cmocka_unit_test(the_page_has_the_topic_of_every_kind_of_decision),
          cmocka_unit_test(every_example_is_byte_for_byte_what_its_json_says),
          cmocka_unit_test(every_example_that_a_stranger_would_send_is_acceptable),
          cmocka_unit_test(the_derived_id_of_the_page_is_the_one_we_derive),
          cmocka_unit_test(the_content_hash_of_the_page_is_the_one_we_compare))
