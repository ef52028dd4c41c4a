/* shapes: our messages' descriptors as rows of bellhop_log.message_field and enum_value. */
#include "common/store/schema/shapes.h"

#include "common/base/map.h"
#include "common/base/text.h"
#include "common/store/session/literal.h"
#include "common/wire/json_name.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/decision.pb-c.h"
#include "proto/bellhop/v1/event.pb-c.h"

struct shapes {
    struct bytes fields; /* rows of VALUES */
    struct bytes values;
    struct map seen; /* descriptors by name */
};

static const char *type_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_INT64:
        return json_name_is_instant(field) ? "instant" : "integer";
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
        return "unsigned";
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SINT64:
        return "zigzag";
    case PROTOBUF_C_TYPE_BOOL:
        return "boolean";
    case PROTOBUF_C_TYPE_ENUM:
        return "enum";
    case PROTOBUF_C_TYPE_STRING:
        return "string";
    case PROTOBUF_C_TYPE_BYTES:
        return json_name_is_uuid(field) ? "uuid" : json_name_is_document(field) ? "document" : "bytes";
    case PROTOBUF_C_TYPE_MESSAGE:
        return "message";
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return "unsupported"; /* we have none; a test sees to it */
    }
    return "unsupported";
}

/* A message's name without its package: "Verdict.Outcome". */
static const char *name_of(const char *full_name)
{
    static const char package[] = "bellhop.v1.";
    return text_starts_with(full_name, package) ? full_name + sizeof package - 1 : full_name;
}

static bool see(struct shapes *shapes, const char *name, const void *descriptor)
{
    return !map_put_text(&shapes->seen, name, (void *)descriptor);
}

static void add_enum(struct shapes *shapes, const ProtobufCEnumDescriptor *descriptor)
{
    if (!see(shapes, descriptor->name, descriptor))
        return;
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        bytes_append_text(&shapes->values, shapes->values.size ? ",\n(" : "(");
        literal_write_text(&shapes->values, name_of(descriptor->name));
        bytes_append_format(&shapes->values, ", %d, ", descriptor->values[i].value);
        literal_write_text(&shapes->values, descriptor->values[i].name);
        bytes_append_text(&shapes->values, ")");
    }
}

/* Messages contain no message of their own kind, so this ends. */
static void add_message(struct shapes *shapes, const ProtobufCMessageDescriptor *descriptor)
{
    if (!see(shapes, descriptor->name, descriptor))
        return;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const char *of_type = NULL;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            const ProtobufCMessageDescriptor *inner = field->descriptor;
            of_type = name_of(inner->name);
            add_message(shapes, inner);
        } else if (field->type == PROTOBUF_C_TYPE_ENUM) {
            const ProtobufCEnumDescriptor *inner = field->descriptor;
            of_type = name_of(inner->name);
            add_enum(shapes, inner);
        }
        bytes_append_text(&shapes->fields, shapes->fields.size ? ",\n(" : "(");
        literal_write_text(&shapes->fields, name_of(descriptor->name));
        bytes_append_format(&shapes->fields, ", %u, '%s', '%s', ", field->id, field->name, type_of(field));
        literal_write_text(&shapes->fields, of_type);
        bytes_append_text(&shapes->fields,
                          field->label == PROTOBUF_C_LABEL_REPEATED ? ", true)" : ", false)");
    }
}

void shapes_write(struct bytes *sql)
{
    struct shapes shapes = {0};
    map_init(&shapes.seen, 0);
    add_message(&shapes, &wire_event__descriptor);
    add_message(&shapes, &wire_decision__descriptor);
    add_message(&shapes, &wire_stream_state__descriptor);
    bytes_append_text(sql, "DELETE FROM bellhop_log.message_field;\nINSERT INTO bellhop_log.message_field "
                           "(message, number, name, type, of_type, is_list) VALUES\n");
    bytes_append_slice(sql, bytes_slice(&shapes.fields));
    bytes_append_text(sql, ";\nDELETE FROM bellhop_log.enum_value;\nINSERT INTO bellhop_log.enum_value "
                           "(enum, number, name) VALUES\n");
    bytes_append_slice(sql, bytes_slice(&shapes.values));
    bytes_append_text(sql, ";\nPERFORM bellhop_log.make_shapes();\n"); /* within a block of PL/pgSQL */
    map_clear(&shapes.seen);
    bytes_clear(&shapes.fields);
    bytes_clear(&shapes.values);
}
