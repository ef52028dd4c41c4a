/* json_name: what a field's name says about how its value is written. For json, and for SQL that does alike.
 */
#ifndef BELLHOP_WIRE_JSON_NAME_H
#define BELLHOP_WIRE_JSON_NAME_H

#include "common/base/text.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

/* Microseconds of UTC. */
static inline bool json_name_is_instant(const ProtobufCFieldDescriptor *field)
{
    const char *name = field->name;
    return field->type == PROTOBUF_C_TYPE_INT64 &&
           (text_ends_with(name, "_at") || text_equal(name, "at") || text_ends_with(name, "_time") ||
            text_ends_with(name, "_until"));
}

static inline bool json_name_is_length(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT64 && text_ends_with(field->name, "_ms");
}

static inline bool json_name_is_uuid(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES &&
           (text_equal(field->name, "id") || text_ends_with(field->name, "_id"));
}

/* Bytes that are text: a policy's YAML. */
static inline bool json_name_is_document(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES && text_equal(field->name, "document");
}

#endif
