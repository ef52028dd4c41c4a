/* value: the types and values of the policy language.
 *
 * A type is a small immutable description; a value is a type and a datum. Strings, lists and messages are
 * borrowed: they point into the bindings, the program, or the scratch of the evaluation that made them. */
#ifndef BELLHOP_POLICY_CEL_VALUE_H
#define BELLHOP_POLICY_CEL_VALUE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cel_kind {
    CEL_NEVER, /* the element of an empty list: fits every type, has no values */
    CEL_NULL,
    CEL_BOOL,
    CEL_INT, /* 64 bits; money is an int, in minor units */
    CEL_DOUBLE,
    CEL_STRING,
    CEL_TIMESTAMP, /* 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z */
    CEL_DURATION,  /* nanoseconds in 64 bits, about 292 years either way */
    CEL_ENUM,
    CEL_MESSAGE,
    CEL_LIST,
};

struct cel_type {
    enum cel_kind kind;
    const struct cel_type *element; /* of a list */
    const void *descriptor; /* ProtobufCMessageDescriptor of a message, ProtobufCEnumDescriptor of an enum */
};

extern const struct cel_type cel_type_never, cel_type_null, cel_type_bool, cel_type_int, cel_type_double,
    cel_type_string, cel_type_timestamp, cel_type_duration;

struct cel_text {
    const char *bytes; /* UTF-8, may hold NUL, not terminated */
    size_t size;
};

struct cel_moment {
    int64_t seconds; /* since 1970-01-01T00:00:00Z, rounded down */
    int32_t nanos;   /* 0 to 999,999,999 */
};

struct cel_list {
    const void *items; /* read through cel_list_item() only */
    uint32_t count;
    uint32_t storage; /* how `items` are laid out; see field.h */
};

union cel_datum {
    bool truth;
    int64_t integer; /* also the number of an enum */
    double number;
    int64_t nanoseconds; /* of a duration */
    struct cel_text text;
    struct cel_moment moment;
    struct cel_list list;
    const ProtobufCMessage *message; /* NULL is a message nothing of which is set */
};

struct cel_value {
    const struct cel_type *type; /* bindings may leave it NULL: their types were declared */
    union cel_datum as;
};

struct cel_value cel_int(int64_t integer);
struct cel_value cel_string(const char *text);
/* From milliseconds; beyond 292 years it is cut to the longest duration. */
struct cel_value cel_duration_ms(int64_t ms);
/* A message for a binding; its type is the declared one. */
struct cel_value cel_message(const ProtobufCMessage *message);

/* The item at `index`, below the list's count. False when a field's number does not fit its type
 * (a time outside years 1 to 9999); then *ret_item is untouched. */
bool cel_list_item(const struct cel_value *list, size_t index, struct cel_value *ret_item);

/* The type as it is spelt in messages, such as "list(int)" or "Mood"; returns the length it would have, as
 * snprintf. */
size_t cel_type_name(const struct cel_type *type, char *buffer, size_t size);

/* The value as people read it: strings bare, times in RFC 3339, durations in seconds, enums by name, lists in
 * brackets. Returns the length it would have; at most size - 1 bytes are written, and a NUL when size > 0. */
size_t cel_value_print(const struct cel_value *value, char *buffer, size_t size);

#endif
