/* json_read: JSON to messages. */
#include "common/wire/json.h"

#include "common/base/time.h"
#include "common/base/uuid.h"
#include "common/wire/field.h"
#include "common/wire/json_name.h"

#include <errno.h>
#include <inttypes.h>

/* One reading; `refusal.field` is built from the inside out. */
struct reading {
    struct arena *arena;
    struct wire_refusal refusal;
};

static const char *type_name(const json_t *json)
{
    static const char *const names[] = {"an object",  "a list", "text",  "a number",
                                        "a fraction", "true",   "false", "null"};
    return names[json_typeof(json)];
}

static bool wrong_type(struct reading *reading, const json_t *json, const char *expected)
{
    return wire_refuse(&reading->refusal, WIRE_MALFORMED, "", "is %s; %s is expected", type_name(json),
                       expected);
}

static bool unexpected_text(struct reading *reading, enum wire_reason reason, const char *text,
                            const char *expected)
{
    char quoted[WIRE_QUOTE_SIZE];
    return wire_refuse(&reading->refusal, reason, "", "is \"%s\"; expected: %s",
                       wire_refusal_quote(quoted, text, strlen(text)), expected);
}

static bool too_large(struct reading *reading)
{
    return wire_refuse(&reading->refusal, WIRE_TOO_LARGE, "", "does not fit the memory a message may take");
}

/* --- single values, each put where `into` points --- */

static bool read_text(struct reading *reading, const json_t *json, char **into)
{
    if (!json_is_string(json))
        return wrong_type(reading, json, "text");
    *into = arena_text(reading->arena, slice_of(json_string_value(json), json_string_length(json)));
    return *into || too_large(reading);
}

static bool parse_uuid(struct reading *reading, const char *text, ProtobufCBinaryData *into)
{
    struct uuid uuid;
    if (uuid_parse(text, &uuid) != 0)
        return unexpected_text(reading, WIRE_BAD_ID, text, "a UUID");
    into->data = arena_copy(reading->arena, uuid.bytes, UUID_SIZE);
    into->len = UUID_SIZE;
    return into->data || too_large(reading);
}

static bool parse_hex(struct reading *reading, const char *text, ProtobufCBinaryData *into)
{
    into->len = strlen(text) / 2;
    into->data = arena_allocate(reading->arena, into->len ? into->len : 1);
    if (!into->data)
        return too_large(reading);
    return (strlen(text) % 2 == 0 && text_parse_hex(text, into->data, into->len) == 0) ||
           unexpected_text(reading, WIRE_BAD_CHARACTERS, text, "hexadecimal");
}

static bool read_bytes(struct reading *reading, const ProtobufCFieldDescriptor *field, const json_t *json,
                       ProtobufCBinaryData *into)
{
    if (!json_is_string(json))
        return wrong_type(reading, json, json_name_is_uuid(field) ? "a UUID" : "text");
    const char *text = json_string_value(json);
    if (json_name_is_uuid(field))
        return parse_uuid(reading, text, into);
    if (!json_name_is_document(field))
        return parse_hex(reading, text, into);
    into->len = json_string_length(json);
    into->data = arena_copy(reading->arena, text, into->len);
    return into->data || too_large(reading);
}

static bool read_enum(struct reading *reading, const ProtobufCFieldDescriptor *field, const json_t *json,
                      int *into)
{
    if (!json_is_string(json))
        return wrong_type(reading, json, "a name");
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, json_string_value(json));
    if (!value) {
        char names[WIRE_ENUM_NAMES_SIZE];
        wire_field_enum_names(field->descriptor, names);
        return unexpected_text(reading, WIRE_UNKNOWN_VALUE, json_string_value(json), names);
    }
    *into = value->value;
    return true;
}

/* Text where a number is expected: an instant, or a length of time. */
static bool read_time(struct reading *reading, const ProtobufCFieldDescriptor *field, const char *text,
                      int64_t *ret_number)
{
    bool is_instant = json_name_is_instant(field);
    int rc = is_instant ? time_parse(text, ret_number) : text_parse_duration_ms(text, ret_number);
    return rc == 0 ||
           unexpected_text(reading, WIRE_MALFORMED, text,
                           is_instant ? "a time such as 2024-05-01T09:30:00Z" : "a length such as 5min");
}

static bool store_number(struct reading *reading, const ProtobufCFieldDescriptor *field, int64_t number,
                         void *into)
{
    bool is_unsigned = field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_UINT64;
    bool is_narrow = wire_field_size(field) == 4;
    int64_t least = is_unsigned ? 0 : is_narrow ? INT32_MIN : INT64_MIN;
    int64_t most = !is_narrow ? INT64_MAX : is_unsigned ? UINT32_MAX : INT32_MAX;
    if (number < least || number > most)
        return wire_refuse(&reading->refusal, WIRE_OUT_OF_RANGE, "",
                           "is %" PRId64 "; %" PRId64 " to %" PRId64 " is expected", number, least, most);
    if (is_narrow)
        *(int32_t *)into = (int32_t)number; /* the same bits for both signs */
    else
        *(int64_t *)into = number;
    return true;
}

static bool read_number(struct reading *reading, const ProtobufCFieldDescriptor *field, const json_t *json,
                        void *into)
{
    bool may_be_text = json_name_is_instant(field) || json_name_is_length(field);
    int64_t number;
    if (may_be_text && json_is_string(json)) {
        if (!read_time(reading, field, json_string_value(json), &number))
            return false;
    } else if (json_is_integer(json)) {
        number = json_integer_value(json);
    } else {
        return wrong_type(reading, json, "a whole number");
    }
    return store_number(reading, field, number, into);
}

static bool read_message(struct reading *reading, const ProtobufCMessageDescriptor *descriptor,
                         const json_t *json, void **into);

static bool read_value(struct reading *reading, const ProtobufCFieldDescriptor *field, const json_t *json,
                       void *into)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_text(reading, json, into);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(reading, field, json, into);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(reading, field->descriptor, json, into);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(reading, field, json, into);
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(json))
            return wrong_type(reading, json, "true or false");
        *(protobuf_c_boolean *)into = json_is_true(json);
        return true;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return read_number(reading, field, json, into);
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break; /* none of our messages has one */
    }
    return wrong_type(reading, json, "no such type");
}

/* --- fields and messages --- */

static bool in_path(struct reading *reading, const char *name, const json_t *list, size_t index)
{
    char path[sizeof reading->refusal.field];
    const char *inner = reading->refusal.field;
    const char *dot = inner[0] ? "." : "";
    if (list)
        text_format(path, sizeof path, "%s[%zu]%s%s", name, index, dot, inner);
    else
        text_format(path, sizeof path, "%s%s%s", name, dot, inner);
    text_copy(reading->refusal.field, sizeof reading->refusal.field, path);
    return false;
}

static bool read_list(struct reading *reading, const ProtobufCFieldDescriptor *field, const json_t *json,
                      void *message)
{
    if (!json_is_array(json))
        return wrong_type(reading, json, "a list") || in_path(reading, field->name, NULL, 0);
    size_t count = json_array_size(json);
    void *array = arena_allocate(reading->arena, count ? count * wire_field_size(field) : 1);
    if (!array)
        return too_large(reading);
    wire_field_array(field, message, array, count);
    for (size_t i = 0; i < count; i++)
        if (!read_value(reading, field, json_array_get(json, i), wire_field_set(field, message, i)))
            return in_path(reading, field->name, json, i);
    return true;
}

/* A oneof that has a member already keeps it. */
static const char *other_member(const ProtobufCMessageDescriptor *descriptor,
                                const ProtobufCFieldDescriptor *field, const void *message)
{
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return NULL;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &descriptor->fields[i];
        if (other != field && other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
            other->quantifier_offset == field->quantifier_offset && wire_field_count(other, message))
            return other->name;
    }
    return NULL;
}

static bool read_field(struct reading *reading, const ProtobufCMessageDescriptor *descriptor,
                       const char *name, const json_t *json, void *message)
{
    const ProtobufCFieldDescriptor *field = wire_field_find(descriptor, name);
    if (!field)
        return wire_refuse(&reading->refusal, WIRE_UNKNOWN_FIELD, name, "%s has no such field",
                           descriptor->short_name);
    if (json_is_null(json))
        return true;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(reading, field, json, message);
    const char *other = other_member(descriptor, field, message);
    if (other)
        return wire_refuse(&reading->refusal, WIRE_TOO_MANY, name, "stands beside %s; only one of them may",
                           other);
    return read_value(reading, field, json, wire_field_set(field, message, 0)) ||
           in_path(reading, name, NULL, 0);
}

static bool read_message(struct reading *reading, const ProtobufCMessageDescriptor *descriptor,
                         const json_t *json, void **into)
{
    if (!json_is_object(json))
        return wrong_type(reading, json, "an object");
    void *message = arena_allocate(reading->arena, descriptor->sizeof_message);
    if (!message)
        return too_large(reading);
    descriptor->message_init(message);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, name,
                        value) if (!read_field(reading, descriptor, name, value, message)) return false;
    *into = message;
    return true;
}

void *wire_json_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json, struct arena *arena,
                        struct wire_refusal *ret_refusal)
{
    struct reading reading = {.arena = arena};
    void *message = NULL;
    if (!read_message(&reading, descriptor, json, &message) && ret_refusal)
        *ret_refusal = reading.refusal;
    return message;
}
