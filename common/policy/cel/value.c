/* value: making, comparing and printing values. */

#include "common/policy/cel/value.h"

#include "common/policy/cel/field.h"
#include "common/policy/cel/moment.h"
#include "common/policy/cel/type.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct cel_type cel_type_never = {.kind = CEL_NEVER};
const struct cel_type cel_type_null = {.kind = CEL_NULL};
const struct cel_type cel_type_bool = {.kind = CEL_BOOL};
const struct cel_type cel_type_int = {.kind = CEL_INT};
const struct cel_type cel_type_double = {.kind = CEL_DOUBLE};
const struct cel_type cel_type_string = {.kind = CEL_STRING};
const struct cel_type cel_type_timestamp = {.kind = CEL_TIMESTAMP};
const struct cel_type cel_type_duration = {.kind = CEL_DURATION};

struct cel_value cel_int(int64_t integer)
{
    return (struct cel_value){.type = &cel_type_int, .as.integer = integer};
}

struct cel_value cel_string(const char *text)
{
    return (struct cel_value){.type = &cel_type_string, .as.text = {text, strlen(text)}};
}

struct cel_value cel_duration_ms(int64_t ms)
{
    int64_t nanoseconds;
    if (__builtin_mul_overflow(ms, 1000000, &nanoseconds))
        nanoseconds = ms < 0 ? INT64_MIN : INT64_MAX;
    return (struct cel_value){.type = &cel_type_duration, .as.nanoseconds = nanoseconds};
}

struct cel_value cel_message(const ProtobufCMessage *message)
{
    return (struct cel_value){.as.message = message};
}

bool cel_list_item(const struct cel_value *list, size_t index, struct cel_value *ret_item)
{
    union cel_datum item;
    if (field_load_item(&list->as.list, index, &item))
        return false;
    *ret_item = (struct cel_value){list->type->element, item};
    return true;
}

/* snprintf()'s way of counting on: text behind the end of the buffer is counted, not written. */
struct printer {
    char *buffer;
    size_t size, length;
};

static void print_bytes(struct printer *printer, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++, printer->length++)
        if (printer->length + 1 < printer->size)
            printer->buffer[printer->length] = bytes[i];
}

static size_t print_end(struct printer *printer)
{
    if (printer->size)
        printer->buffer[printer->length < printer->size ? printer->length : printer->size - 1] = '\0';
    return printer->length;
}

static void print_enum(struct printer *printer, const ProtobufCEnumDescriptor *descriptor, int64_t number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(descriptor, (int)number);
    char text[CONVERSION_BYTES];
    if (value)
        print_bytes(printer, value->name, strlen(value->name));
    else
        print_bytes(printer, text, (size_t)sprintf(text, "%" PRId64, number));
}

static void print_type(struct printer *printer, const struct cel_type *type);

static void print_value(struct printer *printer, const struct cel_value *value)
{
    const union cel_datum *datum = &value->as;
    char text[CONVERSION_BYTES];
    size_t size = 0;
    switch (value->type->kind) {
    case CEL_NEVER:
    case CEL_NULL:
        size = (size_t)sprintf(text, "null");
        break;
    case CEL_BOOL:
        size = (size_t)sprintf(text, "%s", datum->truth ? "true" : "false");
        break;
    case CEL_INT:
        size = (size_t)sprintf(text, "%" PRId64, datum->integer);
        break;
    case CEL_DOUBLE:
        size = conversion_print_double(datum->number, text);
        break;
    case CEL_STRING:
        print_bytes(printer, datum->text.bytes, datum->text.size);
        break;
    case CEL_TIMESTAMP:
        size = moment_print(datum->moment, text);
        break;
    case CEL_DURATION:
        size = moment_duration_print(datum->nanoseconds, text);
        break;
    case CEL_ENUM:
        print_enum(printer, value->type->descriptor, datum->integer);
        break;
    case CEL_MESSAGE:
        print_type(printer, value->type);
        break;
    case CEL_LIST:
        print_bytes(printer, "[", 1);
        for (size_t i = 0; i < datum->list.count; i++) {
            struct cel_value item;
            if (i)
                print_bytes(printer, ", ", 2);
            if (cel_list_item(value, i, &item))
                print_value(printer, &item);
            else
                print_bytes(printer, "?", 1);
        }
        print_bytes(printer, "]", 1);
        break;
    }
    print_bytes(printer, text, size);
}

size_t cel_value_print(const struct cel_value *value, char *buffer, size_t size)
{
    struct printer printer = {.size = size};
    printer.buffer = buffer;
    print_value(&printer, value);
    return print_end(&printer);
}

static void print_word(struct printer *printer, const char *word)
{
    print_bytes(printer, word, strlen(word));
}

static void print_type(struct printer *printer, const struct cel_type *type)
{
    static const char *const names[] = {
        [CEL_NEVER] = "any",           [CEL_NULL] = "null",
        [CEL_BOOL] = "bool",           [CEL_INT] = "int",
        [CEL_DOUBLE] = "double",       [CEL_STRING] = "string",
        [CEL_TIMESTAMP] = "timestamp", [CEL_DURATION] = "duration",
    };
    switch (type->kind) {
    case CEL_ENUM:
        print_word(printer, ((const ProtobufCEnumDescriptor *)type->descriptor)->short_name);
        return;
    case CEL_MESSAGE:
        print_word(printer, ((const ProtobufCMessageDescriptor *)type->descriptor)->short_name);
        return;
    case CEL_LIST:
        print_word(printer, "list(");
        print_type(printer, type->element);
        print_word(printer, ")");
        return;
    case CEL_NEVER:
    case CEL_NULL:
    case CEL_BOOL:
    case CEL_INT:
    case CEL_DOUBLE:
    case CEL_STRING:
    case CEL_TIMESTAMP:
    case CEL_DURATION:
        print_word(printer, names[type->kind]);
        return;
    }
}

size_t cel_type_name(const struct cel_type *type, char *buffer, size_t size)
{
    struct printer printer = {.size = size};
    printer.buffer = buffer;
    print_type(&printer, type);
    return print_end(&printer);
}
