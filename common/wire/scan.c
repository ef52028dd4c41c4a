/* scan: walks the encoded form beside its descriptor. */
#include "common/wire/scan.h"

#include "common/base/text.h"
#include "common/wire/raw.h"

/* Put the field before the path of the refusal that came out of it. */
static bool in_field(const char *field, struct wire_refusal *ret_refusal)
{
    char path[sizeof ret_refusal->field];
    if (!ret_refusal)
        return false;
    text_format(path, sizeof path, "%s%s%s", field, ret_refusal->field[0] ? "." : "", ret_refusal->field);
    text_copy(ret_refusal->field, sizeof ret_refusal->field, path);
    return false;
}

/* --- what decoding hides --- */

static bool refuse_nul(const ProtobufCFieldDescriptor *field, struct slice content,
                       struct wire_refusal *ret_refusal)
{
    const uint8_t *nul = memchr(content.data, 0, content.size);
    return wire_refuse(ret_refusal, WIRE_EMBEDDED_NUL, field->name, "has a zero byte at place %zu of %zu",
                       (size_t)(nul - content.data), content.size);
}

static bool one_field(const ProtobufCFieldDescriptor *field, struct slice content,
                      struct wire_refusal *ret_refusal)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return !content.size || !memchr(content.data, 0, content.size) ||
               refuse_nul(field, content, ret_refusal);
    return field->type != PROTOBUF_C_TYPE_MESSAGE || wire_scan(field->descriptor, content, ret_refusal) ||
           in_field(field->name, ret_refusal);
}

static bool refuse_second(const ProtobufCFieldDescriptor *first, const ProtobufCFieldDescriptor *second,
                          struct wire_refusal *ret_refusal)
{
    if (first == second)
        return wire_refuse(ret_refusal, WIRE_MORE_THAN_ONE, second->name,
                           "is there twice; a message holds one of them");
    return wire_refuse(ret_refusal, WIRE_MORE_THAN_ONE, second->name,
                       "stands beside %s; a message holds one of them", first->name);
}

/* No message has more than one oneof. */
bool wire_scan(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
               struct wire_refusal *ret_refusal)
{
    struct wire_raw raw;
    const ProtobufCFieldDescriptor *chosen = NULL;
    while (bytes.size) {
        if (!wire_raw_read(&bytes, &raw))
            return wire_scan_malformed(descriptor, bytes, ret_refusal);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, raw.number);
        bool is_member = field && field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
        if (is_member && chosen)
            return refuse_second(chosen, field, ret_refusal);
        if (field && !one_field(field, raw.content, ret_refusal))
            return false;
        chosen = is_member ? field : chosen;
    }
    return true;
}

/* --- what cannot be decoded --- */

enum { SAID_SIZE = 120 };

/* NULL: there is no such kind. */
static const char *kind_text(unsigned kind)
{
    switch (kind) {
    case WIRE_RAW_NUMBER:
        return "a whole number";
    case WIRE_RAW_FIXED64:
        return "eight bytes, as of a double";
    case WIRE_RAW_FIXED32:
        return "four bytes, as of a float";
    case WIRE_RAW_DELIMITED:
        return "a text, bytes or a message";
    }
    return NULL;
}

static bool is_delimited(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES ||
           field->type == PROTOBUF_C_TYPE_MESSAGE;
}

/* Repeated numbers may also come packed. Nothing of ours has a fixed size. */
static bool is_of_kind(const ProtobufCFieldDescriptor *field, unsigned kind)
{
    if (is_delimited(field))
        return kind == WIRE_RAW_DELIMITED;
    return kind == WIRE_RAW_NUMBER ||
           (field->label == PROTOBUF_C_LABEL_REPEATED && kind == WIRE_RAW_DELIMITED);
}

static const char *expected_text(const ProtobufCFieldDescriptor *field, char into[static SAID_SIZE])
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        text_format(into, SAID_SIZE, "a message, %s,",
                    ((const ProtobufCMessageDescriptor *)field->descriptor)->short_name);
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        text_format(into, SAID_SIZE, "the number of a %s",
                    ((const ProtobufCEnumDescriptor *)field->descriptor)->short_name);
    else
        text_copy(into, SAID_SIZE,
                  field->type == PROTOBUF_C_TYPE_STRING  ? "a text"
                  : field->type == PROTOBUF_C_TYPE_BYTES ? "bytes"
                                                         : "a whole number");
    return into;
}

/* An enum by its name, in whatever case. */
static const ProtobufCEnumValue *named_value(const ProtobufCFieldDescriptor *field,
                                             const struct wire_raw *raw)
{
    char name[64] = "";
    if (field->type != PROTOBUF_C_TYPE_ENUM || raw->content.size >= sizeof name)
        return NULL;
    for (size_t i = 0; i < raw->content.size; i++)
        name[i] =
            (char)(raw->content.data[i] >= 'a' && raw->content.data[i] <= 'z' ? raw->content.data[i] - 32
                                                                              : raw->content.data[i]);
    return protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, name);
}

static bool refuse_kind(const ProtobufCFieldDescriptor *field, const struct wire_raw *raw, size_t at,
                        struct wire_refusal *ret_refusal)
{
    char expected[SAID_SIZE], quoted[WIRE_QUOTE_SIZE];
    const ProtobufCEnumValue *value = named_value(field, raw);
    if (value)
        return wire_refuse(ret_refusal, WIRE_MALFORMED, "",
                           "is the text \"%s\" at byte %zu; its number is %d", value->name, at, value->value);
    if (field->type == PROTOBUF_C_TYPE_ENUM && raw->kind == WIRE_RAW_DELIMITED)
        return wire_refuse(ret_refusal, WIRE_MALFORMED, "", "is the text \"%s\" at byte %zu; %s is expected",
                           wire_refusal_quote(quoted, (const char *)raw->content.data, raw->content.size), at,
                           expected_text(field, expected));
    return wire_refuse(ret_refusal, WIRE_MALFORMED, "", "is %s at byte %zu; %s is expected",
                       kind_text(raw->kind), at, expected_text(field, expected));
}

static bool refuse_bytes(struct slice bytes, size_t at, struct wire_refusal *ret_refusal)
{
    char quoted[WIRE_QUOTE_SIZE];
    uint8_t first = bytes.data[0];
    if (at == 0 && (first == '{' || first == '[' || first == '<'))
        return wire_refuse(ret_refusal, WIRE_MALFORMED, "", "is %s, \"%s\"; an encoded message is expected",
                           first == '<' ? "XML" : "JSON text",
                           wire_refusal_quote(quoted, (const char *)bytes.data, bytes.size));
    return wire_refuse(ret_refusal, WIRE_MALFORMED, "", "no field begins at byte %zu, \"%s\"", at,
                       wire_refusal_quote(quoted, (const char *)bytes.data, bytes.size));
}

/* "labels[1]": which of a repeated field comes at the end of `before`. */
static void name_field(const ProtobufCFieldDescriptor *field, struct slice before, char *into, size_t size)
{
    struct wire_raw raw;
    size_t index = 0;
    while (before.size && wire_raw_read(&before, &raw))
        index += raw.number == field->id;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        text_format(into, size, "%s[%zu]", field->name, index);
    else
        text_copy(into, size, field->name);
}

/* False once it has found what is wrong. */
static bool find_fault(const ProtobufCMessageDescriptor *descriptor, struct slice bytes, size_t start,
                       struct wire_refusal *ret_refusal)
{
    struct slice rest = bytes;
    while (rest.size) {
        char name[64];
        struct wire_raw raw;
        struct slice before = slice_of(bytes.data, bytes.size - rest.size);
        size_t at = start + before.size;
        struct slice here = rest;
        bool is_whole = wire_raw_read(&rest, &raw);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, raw.number);
        bool is_fine = is_whole;
        if (field && kind_text(raw.kind) && !is_of_kind(field, raw.kind))
            is_fine = refuse_kind(field, &raw, at, ret_refusal);
        else if (!is_whole && field && kind_text(raw.kind))
            wire_refuse(ret_refusal, WIRE_MALFORMED, "", "is cut off: it begins at byte %zu of %zu", at,
                        start + bytes.size);
        else if (!is_whole)
            return refuse_bytes(here, at, ret_refusal);
        else if (field && field->type == PROTOBUF_C_TYPE_MESSAGE)
            is_fine = find_fault(field->descriptor, raw.content,
                                 start + (size_t)(raw.content.data - bytes.data), ret_refusal);
        if (is_fine)
            continue;
        name_field(field, before, name, sizeof name);
        return in_field(name, ret_refusal);
    }
    return true;
}

bool wire_scan_malformed(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
                         struct wire_refusal *ret_refusal)
{
    if (find_fault(descriptor, bytes, 0, ret_refusal))
        wire_refuse(ret_refusal, WIRE_MALFORMED, "", "the %zu bytes are no message of this kind", bytes.size);
    return false;
}
