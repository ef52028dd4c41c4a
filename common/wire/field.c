/* field: offsets and types, as protobuf-c lays its structs out. */
#include "common/wire/field.h"

#include "common/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_pointer(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE;
}

size_t wire_field_count(const ProtobufCFieldDescriptor *field, const void *message)
{
    const uint8_t *base = message;
    const void *quantifier = base + field->quantifier_offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)quantifier;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)quantifier == field->id;
    if (is_pointer(field))
        return *(const void *const *)(const void *)(base + field->offset) != NULL;
    return *(const protobuf_c_boolean *)quantifier != 0;
}

const void *wire_field_value(const ProtobufCFieldDescriptor *field, const void *message, size_t index)
{
    const uint8_t *base = message;
    const void *place = base + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return place;
    const uint8_t *array = *(const uint8_t *const *)place;
    return array + index * wire_field_size(field);
}

void *wire_field_set(const ProtobufCFieldDescriptor *field, void *message, size_t index)
{
    uint8_t *base = message;
    void *quantifier = base + field->quantifier_offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t *count = quantifier;
        if (*count <= index)
            *count = index + 1;
    } else if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        *(uint32_t *)quantifier = field->id;
    } else if (!is_pointer(field)) {
        *(protobuf_c_boolean *)quantifier = 1;
    }
    return (void *)wire_field_value(field, message, index);
}

void wire_field_array(const ProtobufCFieldDescriptor *field, void *message, void *array, size_t count)
{
    uint8_t *base = message;
    *(size_t *)(void *)(base + field->quantifier_offset) = count;
    *(void **)(void *)(base + field->offset) = array;
}

size_t wire_field_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    }
    return 0;
}

int64_t wire_field_integer(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_ENUM:
        return *(const int32_t *)value;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return *(const uint32_t *)value;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return *(const int64_t *)value;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: {
        uint64_t number = *(const uint64_t *)value;
        return number > INT64_MAX ? INT64_MAX : (int64_t)number;
    }
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)value;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return 0;
    }
    return 0;
}

const ProtobufCFieldDescriptor *wire_field_find(const ProtobufCMessageDescriptor *descriptor,
                                                const char *name)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (text_equal(descriptor->fields[i].name, name))
            return &descriptor->fields[i];
    return NULL;
}

void wire_field_enum_names(const ProtobufCEnumDescriptor *descriptor, char into[static WIRE_ENUM_NAMES_SIZE])
{
    size_t used = 0;
    into[0] = 0;
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        const char *name = descriptor->values[i].name;
        if (used + strlen(name) + sizeof ", …" > WIRE_ENUM_NAMES_SIZE) {
            text_copy(into + used, WIRE_ENUM_NAMES_SIZE - used, ", …");
            return;
        }
        used += (size_t)snprintf(into + used, WIRE_ENUM_NAMES_SIZE - used, "%s%s", i ? ", " : "", name);
    }
}
