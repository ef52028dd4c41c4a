/* mismatch: walks two messages side by side. */
#include "common/wire/mismatch.h"

#include "common/base/text.h"
#include "common/base/time.h"
#include "common/wire/field.h"
#include "common/wire/json_name.h"

#include <inttypes.h>
#include <stdio.h>

/* The text ends after a whole character. */
static void write_text(const char *text, char into[static MISMATCH_VALUE_SIZE])
{
    enum { MARKS = 6 }; /* two quotes, three dots, the end */
    size_t size = strlen(text), most = MISMATCH_VALUE_SIZE - MARKS;
    bool is_cut = size > most;
    if (is_cut)
        size = most;
    while (is_cut && size && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    snprintf(into, MISMATCH_VALUE_SIZE, "\"%.*s%s\"", (int)size, text, is_cut ? "..." : "");
}

static void write_value(const ProtobufCFieldDescriptor *field, const void *value,
                        char into[static MISMATCH_VALUE_SIZE])
{
    const ProtobufCEnumValue *word = NULL;
    char time[TIME_TEXT_SIZE];
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        write_text(*(char *const *)value, into);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        snprintf(into, MISMATCH_VALUE_SIZE, "%zu bytes", ((const ProtobufCBinaryData *)value)->len);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        snprintf(into, MISMATCH_VALUE_SIZE, "there");
        return;
    case PROTOBUF_C_TYPE_BOOL:
        snprintf(into, MISMATCH_VALUE_SIZE, "%s", *(const protobuf_c_boolean *)value ? "true" : "false");
        return;
    case PROTOBUF_C_TYPE_ENUM:
        word = protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int *)value);
        if (word) {
            snprintf(into, MISMATCH_VALUE_SIZE, "%s", word->name);
            return;
        }
        break;
    default:
        break;
    }
    int64_t number = wire_field_integer(field, value);
    if (json_name_is_instant(field))
        time_format(number, time);
    else
        snprintf(time, sizeof time, "%" PRId64, number);
    snprintf(into, MISMATCH_VALUE_SIZE, "%s", time);
}

static bool is_same(const ProtobufCFieldDescriptor *field, const void *one, const void *other)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return text_equal(*(char *const *)one, *(char *const *)other);
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        const ProtobufCBinaryData *left = one, *right = other;
        return left->len == right->len && (left->len == 0 || memcmp(left->data, right->data, left->len) == 0);
    }
    return memcmp(one, other, wire_field_size(field)) == 0;
}

static bool find(const ProtobufCMessage *one, const ProtobufCMessage *other, const char *path,
                 struct mismatch *into);

/* The values at one place; NULL is absent. */
static bool find_in_value(const ProtobufCFieldDescriptor *field, const void *one, const void *other,
                          const char *path, struct mismatch *into)
{
    bool are_messages = one && other && field->type == PROTOBUF_C_TYPE_MESSAGE;
    if (are_messages)
        return find(*(ProtobufCMessage *const *)one, *(ProtobufCMessage *const *)other, path, into);
    if (one && other && is_same(field, one, other))
        return false;
    text_copy(into->field, sizeof into->field, path);
    text_copy(into->one, sizeof into->one, "absent");
    text_copy(into->other, sizeof into->other, "absent");
    if (one)
        write_value(field, one, into->one);
    if (other)
        write_value(field, other, into->other);
    return true;
}

static bool find_in_field(const ProtobufCFieldDescriptor *field, const ProtobufCMessage *one,
                          const ProtobufCMessage *other, const char *path, struct mismatch *into)
{
    size_t ones = wire_field_count(field, one), others = wire_field_count(field, other);
    for (size_t i = 0; i < ones || i < others; i++) {
        char place[MISMATCH_FIELD_SIZE];
        const char *dot = *path ? "." : "";
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            text_format(place, sizeof place, "%s%s%s[%zu]", path, dot, field->name, i);
        else
            text_format(place, sizeof place, "%s%s%s", path, dot, field->name);
        if (find_in_value(field, i < ones ? wire_field_value(field, one, i) : NULL,
                          i < others ? wire_field_value(field, other, i) : NULL, place, into))
            return true;
    }
    return false;
}

static bool find(const ProtobufCMessage *one, const ProtobufCMessage *other, const char *path,
                 struct mismatch *into)
{
    for (unsigned i = 0; i < one->descriptor->n_fields; i++)
        if (find_in_field(&one->descriptor->fields[i], one, other, path, into))
            return true;
    return false;
}

bool mismatch_find(const ProtobufCMessage *one, const ProtobufCMessage *other, struct mismatch *ret_mismatch)
{
    struct mismatch found;
    if (!find(one, other, "", &found))
        return false;
    *ret_mismatch = found;
    return true;
}
