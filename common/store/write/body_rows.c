/* body_rows: messages as rows of SQL text. */
#include "common/store/write/body_rows.h"

#include "common/base/time.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/session/literal.h"
#include "common/wire/field.h"
#include "common/wire/json_name.h"
#include "common/wire/wire.h"

#include <ctype.h>
#include <stdlib.h>

const struct body_table body_tables[BODY_TABLE_COUNT] = {
    {"case_state", &wire_case__descriptor, "escalation_id"},
    {"follow_up", &wire_follow_up__descriptor, "follow_up_id"},
    {"remedy", &wire_remedy__descriptor, "store_id, interaction_id, source, remedy_id, drill"},
    {"promise", &wire_promise__descriptor, "store_id, promise_id, drill"},
    {"experience", &wire_experience__descriptor, NULL},
    {"recognition", &wire_recognition__descriptor, NULL},
    {"policy_result", &wire_policy_result__descriptor, NULL},
    {"digest", &wire_digest__descriptor, NULL},
    {"coaching", &wire_coaching__descriptor, NULL},
    {"finding", &wire_finding__descriptor, NULL},
    {"loan", &wire_loan__descriptor, NULL},
    {"staff_word", &wire_word_noted__descriptor, NULL},
    {"day_served", &wire_day_served__descriptor, "store_id, day, employee_id"},
};

void body_rows_init(struct body_rows *rows)
{
    *rows = (struct body_rows){0};
    for (size_t i = 0; i < BODY_TABLE_COUNT; i++)
        map_init(&rows->tables[i].by_key, 0);
}

static void table_rows_reset(struct body_table_rows *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->rows[i].key);
    table->count = 0;
    bytes_reset(&table->text);
    map_clear(&table->by_key);
    map_init(&table->by_key, 0);
}

void body_rows_reset(struct body_rows *rows)
{
    for (size_t i = 0; i < BODY_TABLE_COUNT; i++)
        if (rows->tables[i].count)
            table_rows_reset(&rows->tables[i]);
}

void body_rows_clear(struct body_rows *rows)
{
    for (size_t i = 0; i < BODY_TABLE_COUNT; i++) {
        struct body_table_rows *table = &rows->tables[i];
        table_rows_reset(table);
        map_clear(&table->by_key);
        bytes_clear(&table->text);
        free(table->rows);
    }
}

/* --- columns --- */

static bool is_money(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_MESSAGE && field->descriptor == &wire_money__descriptor;
}

void body_table_write_columns(const struct body_table *table, struct bytes *into)
{
    bytes_append_text(into, "seq, ordinal, epoch");
    for (unsigned i = 0; i < table->message->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &table->message->fields[i];
        if (is_money(field))
            bytes_append_format(into, ", %s_minor, %s_currency", field->name, field->name);
        else
            bytes_append_format(into, ", %s", field->name);
    }
}

/* --- values --- */

/* A row under way. In VALUES, values are literals; in COPY they are escaped and parted by tabs. */
struct row_writer {
    struct bytes *into;
    bool is_copy;
    struct bytes value; /* the one under way, as text */
};

static void write_copy_value(struct bytes *into, struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i];
        if (c == '\\' || c == '\n' || c == '\r' || c == '\t')
            bytes_append_u8(into, '\\');
        bytes_append_u8(into, c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c);
    }
}

static void write_separator(struct row_writer *row)
{
    bytes_append_u8(row->into, row->is_copy ? '\t' : ',');
}

static void write_null(struct row_writer *row)
{
    write_separator(row);
    bytes_append_text(row->into, row->is_copy ? "\\N" : "NULL");
}

/* What row->value holds. */
static void write_value(struct row_writer *row)
{
    write_separator(row);
    if (row->is_copy)
        write_copy_value(row->into, bytes_slice(&row->value));
    else
        literal_write_text(row->into, bytes_text(&row->value));
    bytes_reset(&row->value);
}

static void value_time(struct bytes *value, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    bytes_append_text(value, text);
}

static void value_enum(struct bytes *value, const ProtobufCFieldDescriptor *field, int number)
{
    const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    if (!word) {
        bytes_append_format(value, "%d", number);
        return;
    }
    for (const char *c = word->name; *c; c++)
        bytes_append_u8(value, (uint8_t)tolower((unsigned char)*c));
}

static void value_message(struct bytes *value, const ProtobufCMessage *message)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(message, &packed);
    bytes_append_text(value, "\\x");
    literal_write_hex(value, bytes_slice(&packed));
}

static void value_of(struct bytes *value, const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        bytes_append_text(value, *(char *const *)at);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        bytes_append_text(value, json_name_is_uuid(field) ? "" : "\\x");
        literal_write_hex(value, wire_slice(*(const ProtobufCBinaryData *)at));
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        value_message(value, *(ProtobufCMessage *const *)at);
        return;
    case PROTOBUF_C_TYPE_ENUM:
        value_enum(value, field, *(const int *)at);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        bytes_append_text(value, *(const protobuf_c_boolean *)at ? "t" : "f");
        return;
    default:
        if (json_name_is_instant(field))
            value_time(value, wire_field_integer(field, at));
        else
            bytes_append_format(value, "%lld", (long long)wire_field_integer(field, at));
        return;
    }
}

/* A list of texts as an array: {"a","b"}. */
static void value_list(struct bytes *value, const ProtobufCFieldDescriptor *field, const void *message,
                       size_t count)
{
    bytes_append_u8(value, '{');
    for (size_t i = 0; i < count; i++) {
        bytes_append_text(value, i ? ",\"" : "\"");
        for (const char *c = *(char *const *)wire_field_value(field, message, i); *c; c++) {
            if (*c == '"' || *c == '\\')
                bytes_append_u8(value, '\\');
            bytes_append_u8(value, (uint8_t)*c);
        }
        bytes_append_u8(value, '"');
    }
    bytes_append_u8(value, '}');
}

static void write_money(struct row_writer *row, const WireMoney *money)
{
    if (!money) {
        write_null(row);
        write_null(row);
        return;
    }
    bytes_append_format(&row->value, "%lld", (long long)money->minor);
    write_value(row);
    bytes_append_text(&row->value, money->currency ? money->currency : "");
    write_value(row);
}

/* A flag that is absent is false; a word of the key that is absent is empty. */
static bool absent_is_value(const struct body_table *table, const ProtobufCFieldDescriptor *field,
                            struct bytes *value)
{
    if (field->type == PROTOBUF_C_TYPE_BOOL) {
        bytes_append_u8(value, 'f');
        return true;
    }
    return table->key && field->type == PROTOBUF_C_TYPE_STRING && strstr(table->key, field->name);
}

static void write_field(struct row_writer *row, const struct body_table *table,
                        const ProtobufCFieldDescriptor *field, const void *message)
{
    size_t count = wire_field_count(field, message);
    if (is_money(field)) {
        write_money(row, count ? *(WireMoney *const *)wire_field_value(field, message, 0) : NULL);
        return;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        value_list(&row->value, field, message, count);
    else if (count)
        value_of(&row->value, field, wire_field_value(field, message, 0));
    else if (!absent_is_value(table, field, &row->value)) {
        write_null(row);
        return;
    }
    write_value(row);
}

/* --- rows --- */

/* The words and flags of the key, a line each. */
static char *key_of(const struct body_table *table, const void *message)
{
    AUTO_CLEAR(bytes) key = {0};
    for (unsigned i = 0; i < table->message->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &table->message->fields[i];
        if (!strstr(table->key, field->name))
            continue;
        const void *at = wire_field_value(field, message, 0);
        if (field->type == PROTOBUF_C_TYPE_BOOL)
            bytes_append_u8(&key, *(const protobuf_c_boolean *)at ? 't' : 'f');
        else if (*(char *const *)at)
            bytes_append_text(&key, *(char *const *)at);
        bytes_append_u8(&key, '\n');
    }
    return memory_copy_text(bytes_text(&key));
}

static void table_rows_add(struct body_table_rows *rows, const struct body_table *table,
                           const WireDecision *decision, const void *message)
{
    MAKE_ROOM(rows->rows, rows->count, rows->capacity);
    struct body_row *row = &rows->rows[rows->count++];
    *row = (struct body_row){.offset = rows->text.size, .key = table->key ? key_of(table, message) : NULL};
    if (row->key) {
        /* Map values are the row's number, from 1. */
        size_t before = (size_t)map_put_text(&rows->by_key, row->key, (void *)(uintptr_t)rows->count);
        if (before)
            rows->rows[before - 1].is_dropped = true;
    }
    struct row_writer writer = {.into = &rows->text, .is_copy = !table->key};
    bytes_append_format(&rows->text, writer.is_copy ? "%llu\t%u\t%u" : "(%llu,%u,%u",
                        (unsigned long long)decision->position->seq, decision->ordinal,
                        decision->position->epoch);
    for (unsigned i = 0; i < table->message->n_fields; i++)
        write_field(&writer, table, &table->message->fields[i], message);
    bytes_append_u8(&rows->text, writer.is_copy ? '\n' : ')');
    bytes_clear(&writer.value);
    row->size = rows->text.size - row->offset;
}

static const ProtobufCMessage *body_of(const WireDecision *decision)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&wire_decision__descriptor, decision->body_case);
    return field ? *(ProtobufCMessage *const *)wire_field_value(field, decision, 0) : NULL;
}

void body_rows_add(struct body_rows *rows, const WireDecision *decision)
{
    const ProtobufCMessage *body = body_of(decision);
    for (size_t i = 0; body && i < BODY_TABLE_COUNT; i++)
        if (body->descriptor == body_tables[i].message)
            table_rows_add(&rows->tables[i], &body_tables[i], decision, body);
}

/* --- statements --- */

/* SET column = EXCLUDED.column, … */
static void append_update(struct bytes *sql, const struct body_table *table)
{
    AUTO_CLEAR(bytes) columns = {0};
    body_table_write_columns(table, &columns);
    char *rest = NULL, *list = (char *)bytes_text(&columns);
    const char *separator = "";
    for (char *column = strtok_r(list, ", ", &rest); column;
         column = strtok_r(NULL, ", ", &rest), separator = ", ")
        bytes_append_format(sql, "%s%s = EXCLUDED.%s", separator, column, column);
}

static void append_upsert(struct bytes *sql, const struct body_table *table,
                          const struct body_table_rows *rows)
{
    bytes_append_format(sql, "INSERT INTO bellhop_log.%s (", table->name);
    body_table_write_columns(table, sql);
    bytes_append_text(sql, ") VALUES\n");
    const char *separator = "";
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].is_dropped)
            continue;
        bytes_append_text(sql, separator);
        bytes_append(sql, rows->text.data + rows->rows[i].offset, rows->rows[i].size);
        separator = ",\n";
    }
    bytes_append_format(sql, "\nON CONFLICT (%s) DO UPDATE SET ", table->key);
    append_update(sql, table);
    bytes_append_text(sql, ";\n");
}

size_t body_rows_write(struct body_rows *rows, struct bytes *sql, struct slice *copies)
{
    size_t copy_count = 0;
    for (size_t i = 0; i < BODY_TABLE_COUNT; i++) {
        struct body_table_rows *table = &rows->tables[i];
        if (table->count == 0)
            continue;
        if (body_tables[i].key) {
            append_upsert(sql, &body_tables[i], table);
            continue;
        }
        bytes_append_format(sql, "COPY bellhop_log.%s (", body_tables[i].name);
        body_table_write_columns(&body_tables[i], sql);
        bytes_append_text(sql, ") FROM STDIN;\n");
        copies[copy_count++] = bytes_slice(&table->text);
    }
    return copy_count;
}
