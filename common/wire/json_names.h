/* json_names: what a field's name says about how its value is written. For json, and for SQL that does alike.
 */
#ifndef BELLHOP_WIRE_JSON_NAMES_H
#define BELLHOP_WIRE_JSON_NAMES_H

#include "common/base/text.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

static inline bool name_ends(const char *name, const char *end)
{
    size_t name_size = strlen(name), end_size = strlen(end);
    return name_size >= end_size && strcmp(name + name_size - end_size, end) == 0;
}

/* Microseconds of UTC. */
static inline bool name_is_instant(const ProtobufCFieldDescriptor *field)
{
    const char *name = field->name;
    return field->type == PROTOBUF_C_TYPE_INT64 && (name_ends(name, "_at") || text_equal(name, "at") ||
                                                    name_ends(name, "_time") || name_ends(name, "_until"));
}

static inline bool name_is_length(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT64 && name_ends(field->name, "_ms");
}

static inline bool name_is_uuid(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES &&
           (text_equal(field->name, "id") || name_ends(field->name, "_id"));
}

/* Bytes that are text: a policy's YAML. */
static inline bool name_is_document(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES && text_equal(field->name, "document");
}

#endif
