/* field: a message's fields by their descriptors: is it there, how many, where.
 *
 * For code that treats every message alike: validation, JSON, rows of the database, the policy language. */
#ifndef BELLHOP_WIRE_FIELD_H
#define BELLHOP_WIRE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

/* How many values the field has: of a repeated one any number, else 0 or 1. */
size_t wire_field_count(const ProtobufCFieldDescriptor *field, const void *message);

/* Where value `index` is: an int32_t, int64_t, uint32_t, uint64_t, protobuf_c_boolean, int (of an enum), char
 * *, ProtobufCBinaryData or ProtobufCMessage *, as the field's type says. */
const void *wire_field_value(const ProtobufCFieldDescriptor *field, const void *message, size_t index);

/* Make room in `message` for value `index` (0 of a field that is not repeated) and say that it is there. Of a
 * repeated field the array must have been put in place first, with wire_field_array(). */
void *wire_field_set(const ProtobufCFieldDescriptor *field, void *message, size_t index);

/* Put `array`, with room for `count` values, in place of a repeated field's values. */
void wire_field_array(const ProtobufCFieldDescriptor *field, void *message, void *array, size_t count);

/* The size of one value. */
size_t wire_field_size(const ProtobufCFieldDescriptor *field);

/* A whole number of any of the integer types, or an enum's. Unsigned ones beyond INT64_MAX come out as
 * INT64_MAX. */
int64_t wire_field_integer(const ProtobufCFieldDescriptor *field, const void *value);

/* The descriptor's field of that name, or NULL; faster than protobuf-c's for the few fields a message has. */
const ProtobufCFieldDescriptor *wire_field_find(const ProtobufCMessageDescriptor *descriptor,
                                                const char *name);

/* The enum's names, "PRODUCT, PRICE, WAITING", for people who wrote another; cut after a whole name where
 * they do not fit. */
enum { WIRE_ENUM_NAMES_SIZE = 160 };
void wire_field_enum_names(const ProtobufCEnumDescriptor *descriptor, char into[static WIRE_ENUM_NAMES_SIZE]);

#endif
