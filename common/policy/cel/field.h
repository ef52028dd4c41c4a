/* field: the fields of protobuf-c messages as typed facts: their type by convention, their presence, their
 * value. */
#ifndef BELLHOP_POLICY_CEL_FIELD_H
#define BELLHOP_POLICY_CEL_FIELD_H

#include "common/policy/cel/pool.h"
#include "common/policy/cel/value.h"

/* How a number, string or message lies in memory, and what it means. */
enum storage {
    STORAGE_DATUM, /* a union cel_datum: lists that expressions make */
    STORAGE_INT32,
    STORAGE_INT64,
    STORAGE_UINT32,
    STORAGE_UINT64,
    STORAGE_FLOAT,
    STORAGE_DOUBLE,
    STORAGE_BOOL,
    STORAGE_STRING,
    STORAGE_MESSAGE,
    STORAGE_AT,   /* int64, UTC microseconds */
    STORAGE_MS,   /* int64, milliseconds */
    STORAGE_NONE, /* outside the language: bytes */
};

enum presence {
    PRESENCE_ALWAYS,  /* required */
    PRESENCE_FLAG,    /* has_… */
    PRESENCE_POINTER, /* set when not NULL, and not the default string */
    PRESENCE_CASE,    /* a oneof, set when its case is this field's number */
    PRESENCE_COUNT,   /* repeated, set when not empty */
    PRESENCE_VALUE,   /* proto3, set when not zero */
};

struct field {
    const ProtobufCFieldDescriptor *descriptor;
    const struct cel_type *type; /* of the whole field: a list when repeated */
    enum storage storage;        /* of one item */
    enum presence presence;
    uint32_t offset, quantifier; /* in the message, in bytes */
    uint32_t number;
};

static inline const void *field_at(const ProtobufCMessage *message, size_t offset)
{
    return (const char *)message + offset;
}

/* The field of that name; false when the message has none. Its type is made in the pool; STORAGE_NONE when
 * the language has no type for it. */
bool field_find(struct pool *pool, const ProtobufCMessageDescriptor *message, const char *name,
                struct field *ret_field);

/* Whether a rule must ask has() before it reads the field. */
bool field_may_be_absent(const struct field *field);

bool field_is_set_rarely(const struct field *field, const ProtobufCMessage *message);

/* A field of NULL is unset, and an unset field reads as its default. */
static inline bool field_is_set(const struct field *field, const ProtobufCMessage *message)
{
    if (!message)
        return false;
    if (field->presence == PRESENCE_ALWAYS)
        return true;
    if (field->presence == PRESENCE_FLAG)
        return *(const protobuf_c_boolean *)field_at(message, field->quantifier);
    return field_is_set_rarely(field, message);
}

/* NULL, or a lasting sentence when the number does not fit the type. */
const char *field_load(const struct field *field, const ProtobufCMessage *message,
                       union cel_datum *ret_datum);

/* The item at `index` of a list; NULL or a sentence, as field_load(). */
const char *field_load_item(const struct cel_list *list, size_t index, union cel_datum *ret_datum);

#endif
