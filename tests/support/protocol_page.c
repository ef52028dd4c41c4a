/* protocol_page: rows from descriptors and rules, examples from blocks. */
#include "tests/support/protocol_page.h"

#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/rules.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

/* --- rows --- */

static const char *without_package(const char *full_name)
{
    return full_name + strlen("bellhop.v1.");
}

static const char *type_text(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
        return "int32";
    case PROTOBUF_C_TYPE_UINT32:
        return "uint32";
    case PROTOBUF_C_TYPE_INT64:
        return "int64";
    case PROTOBUF_C_TYPE_UINT64:
        return "uint64";
    case PROTOBUF_C_TYPE_BOOL:
        return "bool";
    case PROTOBUF_C_TYPE_STRING:
        return "string";
    case PROTOBUF_C_TYPE_BYTES:
        return "bytes";
    case PROTOBUF_C_TYPE_ENUM:
        return without_package(((const ProtobufCEnumDescriptor *)field->descriptor)->name);
    case PROTOBUF_C_TYPE_MESSAGE:
        return without_package(((const ProtobufCMessageDescriptor *)field->descriptor)->name);
    default:
        fail_msg("%s is of a type that no message of ours has", field->name);
        return NULL;
    }
}

static void add(struct bytes *into, const char *part)
{
    bytes_append_text(into, into->size ? ", " : "");
    bytes_append_text(into, part);
}

static void add_charset(struct bytes *into, const struct wire_field_rule *rule)
{
    static const char *const names[] = {
        [WIRE_WORD] = "word",          [WIRE_WORD_OR_ANY] = "word or `*`", [WIRE_ID] = "id",
        [WIRE_SOURCE] = "source",      [WIRE_CURRENCY] = "currency",       [WIRE_PRINTABLE] = "printable",
        [WIRE_FREE_TEXT] = "free text"};
    add(into, names[rule->charset]);
    bool is_usual = rule->charset == WIRE_SOURCE || rule->charset == WIRE_CURRENCY ||
                    rule->most_size == WIRE_ID_MOST_BYTES;
    if (!is_usual)
        bytes_append_format(into, ", at most %" PRIu32 " bytes", rule->most_size);
}

static void add_range(struct bytes *into, const struct wire_field_rule *rule)
{
    if (rule->least == WIRE_EARLIEST_AT && rule->most == WIRE_LATEST_AT)
        add(into, "instant");
    else if (rule->most == INT64_MAX || rule->most == UINT32_MAX)
        bytes_append_format(into, "%s%" PRId64 " or more", into->size ? ", " : "", rule->least);
    else if (rule->least == INT64_MIN)
        add(into, "instant, or earlier");
    else
        bytes_append_format(into, "%s%" PRId64 " to %" PRId64, into->size ? ", " : "", rule->least,
                            rule->most);
}

static void add_needs(struct bytes *into, const struct wire_field_rule *rule)
{
    if (rule->is_system)
        add(into, "Bellhop's own");
    if (rule->needs & WIRE_NEEDS_STORE)
        add(into, "with store_id");
    if (rule->needs & WIRE_NEEDS_INTERACTION)
        bytes_append_text(into, " and interaction_id");
    if (rule->needs & WIRE_NEEDS_EMPLOYEE)
        bytes_append_text(into, " and employee_id");
}

static void add_limits(struct bytes *into, const struct wire_field_rule *rule, ProtobufCType type)
{
    if (rule->is_required)
        add(into, "required");
    if (rule->most_count)
        bytes_append_format(into, "%sat most %" PRIu32, into->size ? ", " : "", rule->most_count);
    add_needs(into, rule);
    if (type == PROTOBUF_C_TYPE_STRING)
        add_charset(into, rule);
    else if (type == PROTOBUF_C_TYPE_BYTES && rule->least_size == UUID_SIZE)
        add(into, "16 bytes");
    else if (type == PROTOBUF_C_TYPE_BYTES)
        bytes_append_format(into, "%sat most %" PRIu32 " bytes", into->size ? ", " : "", rule->most_size);
    else if (type != PROTOBUF_C_TYPE_MESSAGE && type != PROTOBUF_C_TYPE_ENUM && type != PROTOBUF_C_TYPE_BOOL)
        add_range(into, rule);
}

void protocol_row(const char *prefix, const ProtobufCFieldDescriptor *field, struct bytes *into)
{
    struct bytes limits = {0};

    const struct wire_message_rules *rules;
    for (unsigned at = 0; (rules = wire_rules_next(&at));) {
        const ProtobufCFieldDescriptor *first = rules->descriptor->fields;
        if (field >= first && field < first + rules->field_count)
            add_limits(&limits, &rules->fields[field - first], field->type);
    }
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
    bytes_append_format(into, "| `%s.%s` | %" PRIu32 " | %s%s | %s%s|", prefix, field->name, field->id,
                        is_list ? "list of " : "", type_text(field), bytes_text(&limits),
                        limits.size ? " " : "");
    bytes_clear(&limits);
}

void protocol_enum(const ProtobufCEnumDescriptor *descriptor, struct bytes *into)
{
    bytes_append_format(into, "`%s`:", without_package(descriptor->name));
    for (unsigned i = 0; i < descriptor->n_values; i++)
        bytes_append_format(into, "%s %s %d", i ? " ·" : "", descriptor->values[i].name,
                            descriptor->values[i].value);
}

/* --- examples --- */

/* The hex digits of a line, up to a #. */
static void append_hex_line(struct bytes *into, const char *line, size_t size)
{
    char digits[3] = "";
    size_t count = 0;
    for (size_t i = 0; i < size && line[i] != '#'; i++) {
        if (isspace((unsigned char)line[i]))
            continue;
        digits[count++ % 2] = line[i];
        uint8_t byte;
        if (count % 2 == 0 && text_parse_hex(digits, &byte, 1) != 0)
            fail_msg("\"%.*s\" is not hexadecimal", (int)size, line);
        if (count % 2 == 0)
            bytes_append_u8(into, byte);
    }
    assert_int_equal(count % 2, 0);
}

bool protocol_example_next(const char **at, const char *kind, struct protocol_example *ret_example)
{
    char fence[32];
    text_format(fence, sizeof fence, "\n```%s ", kind);
    const char *begin = strstr(*at, fence);
    if (!begin)
        return false;
    *ret_example = (struct protocol_example){.content = {0}};
    char line[128];
    const char *name = begin + strlen(fence);
    snprintf(line, sizeof line, "%.*s", (int)strcspn(name, "\n"), name);
    sscanf(line, "%63s %63s", ret_example->name, ret_example->message);
    const char *content = name + strcspn(name, "\n") + 1;
    const char *end = strstr(content, "```");
    assert_non_null(end);
    bool is_hex = text_equal(kind, "hex");
    for (const char *from = content; from < end; from += strcspn(from, "\n") + 1) {
        if (is_hex)
            append_hex_line(&ret_example->content, from, strcspn(from, "\n"));
        else
            bytes_append(&ret_example->content, from, strcspn(from, "\n") + 1);
    }
    *at = end;
    return true;
}
