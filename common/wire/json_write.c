/* json_write: messages to JSON. NULL from any of these: no memory. */
#include "common/wire/json.h"

#include "common/base/time.h"
#include "common/base/uuid.h"
#include "common/wire/field.h"
#include "common/wire/json_name.h"
#include "common/wire/rules.h"

#include <assert.h>
#include <stdlib.h>

/* What is not UTF-8 cannot be JSON: each byte beyond ASCII is replaced. */
static json_t *json_of_foreign_text(const char *text, size_t size)
{
    static const char replacement[] = "\xef\xbf\xbd";
    enum { REPLACEMENT_SIZE = sizeof replacement - 1 };
    char *mended = malloc(REPLACEMENT_SIZE * size + 1);
    size_t used = 0;
    for (size_t i = 0; mended && i < size; i++) {
        if ((uint8_t)text[i] < 0x80)
            mended[used++] = text[i];
        else
            used += (size_t)(stpcpy(mended + used, replacement) - (mended + used));
    }
    json_t *json = mended ? json_stringn(mended, used) : NULL;
    free(mended);
    return json;
}

static json_t *json_of_text(const char *text, size_t size)
{
    json_t *json = json_stringn(text, size);
    return json ? json : json_of_foreign_text(text, size);
}

static json_t *json_of_bytes(const ProtobufCFieldDescriptor *field, const ProtobufCBinaryData *bytes)
{
    if (json_name_is_document(field))
        return json_of_text((const char *)bytes->data, bytes->len);
    if (json_name_is_uuid(field) && bytes->len == UUID_SIZE) {
        struct uuid uuid;
        char text[UUID_TEXT_SIZE];
        memcpy(uuid.bytes, bytes->data, UUID_SIZE);
        uuid_format(&uuid, text);
        return json_string(text);
    }
    char *hex = malloc(2 * bytes->len + 1);
    if (hex)
        text_format_hex(bytes->data, bytes->len, hex);
    json_t *json = hex ? json_string(hex) : NULL;
    free(hex);
    return json;
}

static json_t *json_of_number(const ProtobufCFieldDescriptor *field, const void *value)
{
    int64_t number = wire_field_integer(field, value);
    if (json_name_is_instant(field) && number >= 0 && number <= WIRE_LATEST_AT) {
        char text[TIME_TEXT_SIZE];
        time_format(number, text);
        return json_string(text);
    }
    return json_integer(number);
}

static json_t *json_of_enum(const ProtobufCFieldDescriptor *field, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    return value ? json_string(value->name) : json_integer(number);
}

static json_t *json_of_value(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(const char *const *)value;
        return json_of_text(text, strlen(text));
    }
    case PROTOBUF_C_TYPE_BYTES:
        return json_of_bytes(field, value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return wire_json_of(*(const ProtobufCMessage *const *)value);
    case PROTOBUF_C_TYPE_ENUM:
        return json_of_enum(field, *(const int *)value);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)value);
    case PROTOBUF_C_TYPE_FLOAT:
        return json_real((double)*(const float *)value);
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_real(*(const double *)value);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return json_of_number(field, value);
    }
    return json_null();
}

static json_t *json_of_field(const ProtobufCFieldDescriptor *field, const void *message, size_t count)
{
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return json_of_value(field, wire_field_value(field, message, 0));
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, json_of_value(field, wire_field_value(field, message, i))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *wire_json_of(const void *message)
{
    const ProtobufCMessageDescriptor *descriptor = ((const ProtobufCMessage *)message)->descriptor;
    json_t *object = json_object();
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        size_t count = wire_field_count(field, message);
        if (count && json_object_set_new(object, field->name, json_of_field(field, message, count)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static int append_chunk(const char *chunk, size_t size, void *into)
{
    bytes_append(into, chunk, size);
    return 0;
}

void wire_json_write(const void *message, struct bytes *into)
{
    json_t *json = wire_json_of(message);
    assert(json); /* out of memory ends a service */
    int rc = json_dump_callback(json, append_chunk, into, JSON_COMPACT);
    assert(rc == 0);
    json_decref(json);
}
