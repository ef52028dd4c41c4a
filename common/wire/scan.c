/* scan: walks the encoded form beside its descriptor. */
#include "common/wire/scan.h"

#include "common/base/text.h"

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

/* Read a base-128 number off the front; false when it does not end. */
static bool read_varint(struct slice *bytes, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes->size && i < 10; i++) {
        value |= (uint64_t)(bytes->data[i] & 0x7f) << (7 * i);
        if (bytes->data[i] < 0x80) {
            *bytes = slice_of(bytes->data + i + 1, bytes->size - i - 1);
            *ret_value = value;
            return true;
        }
    }
    return false;
}

/* Read one field off the front: its number, and its content when it is length-delimited. */
static bool read_field(struct slice *bytes, unsigned *ret_number, struct slice *ret_content)
{
    uint64_t tag, size;
    if (!read_varint(bytes, &tag))
        return false;
    bool is_delimited = (tag & 7) == DELIMITED;
    if ((tag & 7) == VARINT) {
        if (!read_varint(bytes, &size))
            return false;
        size = 0;
    } else if (is_delimited) {
        if (!read_varint(bytes, &size))
            return false;
    } else if ((tag & 7) == FIXED64 || (tag & 7) == FIXED32) {
        size = (tag & 7) == FIXED64 ? 8 : 4;
    } else {
        return false;
    }
    if (size > bytes->size)
        return false;
    *ret_number = (unsigned)(tag >> 3);
    *ret_content = slice_of(bytes->data, is_delimited ? (size_t)size : 0);
    *bytes = slice_of(bytes->data + size, bytes->size - (size_t)size);
    return true;
}

static bool refuse_nul(const ProtobufCFieldDescriptor *field, struct slice content,
                       struct wire_refusal *ret_refusal)
{
    const uint8_t *nul = memchr(content.data, 0, content.size);
    return wire_refuse(ret_refusal, WIRE_EMBEDDED_NUL, field->name, "has a zero byte at place %zu of %zu",
                       (size_t)(nul - content.data), content.size);
}

static bool scan_one_field(const ProtobufCFieldDescriptor *field, struct slice content,
                           struct wire_refusal *ret_refusal)
{
    if (!content.size || !memchr(content.data, 0, content.size))
        return true;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return refuse_nul(field, content, ret_refusal);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE || wire_scan(field->descriptor, content, ret_refusal))
        return true;
    if (ret_refusal) {
        char path[sizeof ret_refusal->field];
        text_format(path, sizeof path, "%s.%s", field->name, ret_refusal->field);
        text_copy(ret_refusal->field, sizeof ret_refusal->field, path);
    }
    return false;
}

bool wire_scan(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
               struct wire_refusal *ret_refusal)
{
    if (!bytes.size || !memchr(bytes.data, 0, bytes.size))
        return true;
    unsigned number;
    struct slice content;
    while (bytes.size) {
        if (!read_field(&bytes, &number, &content))
            return wire_refuse(ret_refusal, WIRE_MALFORMED, "", "the bytes end in the middle of a field");
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(descriptor, number);
        if (field && !scan_one_field(field, content, ret_refusal))
            return false;
    }
    return true;
}
