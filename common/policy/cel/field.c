/* field: reading through protobuf-c's descriptors, whose offsets are those of the generated structures. */

#include "common/policy/cel/field.h"

#include "common/base/text.h"
#include "common/policy/cel/moment.h"

#include <string.h>

static bool name_ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);
    return size > end_size && text_equal(name + size - end_size, end);
}

static enum storage storage_of_int64(const char *name)
{
    if (name_ends_with(name, "_at") || name_ends_with(name, "_until"))
        return STORAGE_AT;
    return name_ends_with(name, "_ms") ? STORAGE_MS : STORAGE_INT64;
}

static enum storage storage_of(const ProtobufCFieldDescriptor *descriptor)
{
    switch (descriptor->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_ENUM:
        return STORAGE_INT32;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return storage_of_int64(descriptor->name);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return STORAGE_UINT32;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return STORAGE_UINT64;
    case PROTOBUF_C_TYPE_FLOAT:
        return STORAGE_FLOAT;
    case PROTOBUF_C_TYPE_DOUBLE:
        return STORAGE_DOUBLE;
    case PROTOBUF_C_TYPE_BOOL:
        return STORAGE_BOOL;
    case PROTOBUF_C_TYPE_STRING:
        return STORAGE_STRING;
    case PROTOBUF_C_TYPE_MESSAGE:
        return STORAGE_MESSAGE;
    case PROTOBUF_C_TYPE_BYTES:
        return STORAGE_NONE;
    }
    return STORAGE_NONE;
}

static enum cel_kind storage_kind(enum storage storage)
{
    switch (storage) {
    case STORAGE_INT32:
    case STORAGE_INT64:
    case STORAGE_UINT32:
    case STORAGE_UINT64:
        return CEL_INT;
    case STORAGE_FLOAT:
    case STORAGE_DOUBLE:
        return CEL_DOUBLE;
    case STORAGE_BOOL:
        return CEL_BOOL;
    case STORAGE_STRING:
        return CEL_STRING;
    case STORAGE_MESSAGE:
        return CEL_MESSAGE;
    case STORAGE_AT:
        return CEL_TIMESTAMP;
    case STORAGE_MS:
        return CEL_DURATION;
    case STORAGE_DATUM:
    case STORAGE_NONE:
        break;
    }
    return CEL_NEVER;
}

static enum presence presence_of(const ProtobufCFieldDescriptor *descriptor)
{
    if (descriptor->label == PROTOBUF_C_LABEL_REPEATED)
        return PRESENCE_COUNT;
    if (descriptor->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return PRESENCE_CASE;
    if (descriptor->label == PROTOBUF_C_LABEL_REQUIRED)
        return PRESENCE_ALWAYS;
    if (descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
        return PRESENCE_POINTER;
    if (descriptor->label == PROTOBUF_C_LABEL_NONE)
        return PRESENCE_VALUE;
    return descriptor->type == PROTOBUF_C_TYPE_STRING ? PRESENCE_POINTER : PRESENCE_FLAG;
}

bool field_find(struct pool *pool, const ProtobufCMessageDescriptor *message, const char *name,
                struct field *ret_field)
{
    const ProtobufCFieldDescriptor *descriptor =
        protobuf_c_message_descriptor_get_field_by_name(message, name);
    if (!descriptor)
        return false;
    struct field field = {
        .descriptor = descriptor,
        .storage = storage_of(descriptor),
        .presence = presence_of(descriptor),
        .offset = descriptor->offset,
        .quantifier = descriptor->quantifier_offset,
        .number = descriptor->id,
    };
    struct cel_type *item = POOL_NEW(pool, struct cel_type);
    bool is_enum = descriptor->type == PROTOBUF_C_TYPE_ENUM;
    *item = (struct cel_type){
        .kind = is_enum ? CEL_ENUM : storage_kind(field.storage),
        .descriptor = descriptor->descriptor,
    };
    field.type = item;
    if (descriptor->label == PROTOBUF_C_LABEL_REPEATED) {
        struct cel_type *list = POOL_NEW(pool, struct cel_type);
        *list = (struct cel_type){.kind = CEL_LIST, .element = item};
        field.type = list;
    }
    *ret_field = field;
    return true;
}

bool field_may_be_absent(const struct field *field)
{
    return field->presence == PRESENCE_FLAG || field->presence == PRESENCE_POINTER ||
           field->presence == PRESENCE_CASE;
}

static bool value_is_set(const struct field *field, const void *at)
{
    switch (field->storage) {
    case STORAGE_STRING: {
        const char *text = *(const char *const *)at;
        return text && *text;
    }
    case STORAGE_INT32:
    case STORAGE_UINT32:
    case STORAGE_BOOL:
        return *(const uint32_t *)at != 0;
    case STORAGE_INT64:
    case STORAGE_UINT64:
    case STORAGE_AT:
    case STORAGE_MS:
        return *(const uint64_t *)at != 0;
    case STORAGE_FLOAT:
        return *(const float *)at != 0;
    case STORAGE_DOUBLE:
        return *(const double *)at != 0;
    case STORAGE_NONE:
        return ((const ProtobufCBinaryData *)at)->len != 0;
    case STORAGE_DATUM:
    case STORAGE_MESSAGE:
        break;
    }
    return *(const void *const *)at != NULL;
}

/* By the ways that are not inline. */
bool field_is_set_rarely(const struct field *field, const ProtobufCMessage *message)
{
    const void *quantifier = field_at(message, field->quantifier);
    switch (field->presence) {
    case PRESENCE_ALWAYS:
        return true;
    case PRESENCE_FLAG:
        return *(const protobuf_c_boolean *)quantifier;
    case PRESENCE_POINTER: {
        const void *pointer = *(const void *const *)field_at(message, field->offset);
        return pointer && pointer != field->descriptor->default_value;
    }
    case PRESENCE_CASE:
        return *(const uint32_t *)quantifier == field->number;
    case PRESENCE_COUNT:
        return *(const size_t *)quantifier != 0;
    case PRESENCE_VALUE:
        return value_is_set(field, field_at(message, field->offset));
    }
    return false;
}

static const char *storage_load_ms(int64_t ms, union cel_datum *ret_datum)
{
    if (__builtin_mul_overflow(ms, 1000000, &ret_datum->nanoseconds))
        return "a duration out of range";
    return NULL;
}

static struct cel_text text_of(const char *text)
{
    return text ? (struct cel_text){text, strlen(text)} : (struct cel_text){"", 0};
}

static const char *storage_load(enum storage storage, const void *at, union cel_datum *ret_datum)
{
    switch (storage) {
    case STORAGE_DATUM:
        *ret_datum = *(const union cel_datum *)at;
        return NULL;
    case STORAGE_INT32:
        ret_datum->integer = *(const int32_t *)at;
        return NULL;
    case STORAGE_INT64:
        ret_datum->integer = *(const int64_t *)at;
        return NULL;
    case STORAGE_UINT32:
        ret_datum->integer = *(const uint32_t *)at;
        return NULL;
    case STORAGE_UINT64:
        if (*(const uint64_t *)at > INT64_MAX)
            return "a number out of the range of int";
        ret_datum->integer = *(const int64_t *)at;
        return NULL;
    case STORAGE_FLOAT:
        ret_datum->number = *(const float *)at;
        return NULL;
    case STORAGE_DOUBLE:
        ret_datum->number = *(const double *)at;
        return NULL;
    case STORAGE_BOOL:
        ret_datum->truth = *(const protobuf_c_boolean *)at != 0;
        return NULL;
    case STORAGE_STRING:
        ret_datum->text = text_of(*(const char *const *)at);
        return NULL;
    case STORAGE_MESSAGE:
        ret_datum->message = *(const ProtobufCMessage *const *)at;
        return NULL;
    case STORAGE_AT:
        return moment_from_micros(*(const int64_t *)at, &ret_datum->moment) ? NULL
                                                                            : "a timestamp out of range";
    case STORAGE_MS:
        return storage_load_ms(*(const int64_t *)at, ret_datum);
    case STORAGE_NONE:
        break;
    }
    return "a value outside the language";
}

/* Generated default values have the layout of the field, but strings, which are the characters themselves. */
static const char *default_load(const struct field *field, union cel_datum *ret_datum)
{
    static const int64_t zero[2];
    const void *given = field->descriptor->default_value;
    if (field->presence == PRESENCE_COUNT || field->storage == STORAGE_MESSAGE ||
        (field->storage == STORAGE_STRING && !given))
        given = NULL;
    if (field->presence == PRESENCE_COUNT)
        ret_datum->list = (struct cel_list){.count = 0};
    else if (field->storage == STORAGE_STRING)
        ret_datum->text = text_of(given);
    else
        return storage_load(field->storage, given ? given : zero, ret_datum);
    return NULL;
}

static size_t storage_size(enum storage storage)
{
    switch (storage) {
    case STORAGE_DATUM:
        return sizeof(union cel_datum);
    case STORAGE_INT32:
    case STORAGE_UINT32:
    case STORAGE_BOOL:
    case STORAGE_FLOAT:
        return 4;
    case STORAGE_INT64:
    case STORAGE_UINT64:
    case STORAGE_DOUBLE:
    case STORAGE_AT:
    case STORAGE_MS:
        return 8;
    case STORAGE_STRING:
    case STORAGE_MESSAGE:
        return sizeof(void *);
    case STORAGE_NONE:
        break;
    }
    return 0;
}

_Static_assert(sizeof(protobuf_c_boolean) == 4 && sizeof(float) == 4 && sizeof(double) == 8,
               "sizes of stored items");

const char *field_load(const struct field *field, const ProtobufCMessage *message, union cel_datum *ret_datum)
{
    if (!message || (field->presence == PRESENCE_CASE && !field_is_set(field, message)))
        return default_load(field, ret_datum);
    const void *at = field_at(message, field->offset);
    if (field->presence == PRESENCE_COUNT) {
        size_t count = *(const size_t *)field_at(message, field->quantifier);
        if (count > UINT32_MAX)
            return "a list too long";
        ret_datum->list = (struct cel_list){*(const void *const *)at, (uint32_t)count, field->storage};
        return NULL;
    }
    bool needs_check = field->presence == PRESENCE_FLAG || field->storage == STORAGE_STRING;
    if (needs_check && !field_is_set(field, message))
        return default_load(field, ret_datum);
    return storage_load(field->storage, at, ret_datum);
}

const char *field_load_item(const struct cel_list *list, size_t index, union cel_datum *ret_datum)
{
    enum storage storage = list->storage;
    return storage_load(storage, (const char *)list->items + index * storage_size(storage), ret_datum);
}
