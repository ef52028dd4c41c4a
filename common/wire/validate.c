/* validate: the walk over a message beside its rules, and what is particular to events and requests. */
#include "common/wire/validate.h"

#include "common/base/time.h"
#include "common/base/text.h"
#include "common/wire/event.h"
#include "common/wire/field.h"
#include "common/wire/scan.h"
#include "common/wire/wire.h"

#include <inttypes.h>
#include <string.h>

/* --- one value --- */

/* Put the name of the field that a refusal came out of before its path. */
static bool in_field(const ProtobufCFieldDescriptor *field, size_t index, struct wire_refusal *ret_refusal)
{
    if (!ret_refusal)
        return false;
    char path[sizeof ret_refusal->field];
    const char *dot = ret_refusal->field[0] ? "." : "";
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        text_format(path, sizeof path, "%s[%zu]%s%s", field->name, index, dot, ret_refusal->field);
    else
        text_format(path, sizeof path, "%s%s%s", field->name, dot, ret_refusal->field);
    text_copy(ret_refusal->field, sizeof ret_refusal->field, path);
    return false;
}

static bool check_size(const struct wire_field_rule *rule, size_t size, struct wire_refusal *ret_refusal)
{
    if (size >= rule->least_size && size <= rule->most_size)
        return true;
    if (rule->least_size == UUID_SIZE && rule->most_size == UUID_SIZE && size == UUID_TEXT_SIZE - 1)
        return wire_refuse(
            ret_refusal, WIRE_BAD_ID, "",
            "has %zu bytes, as many as a UUID written as text; an id is the %d bytes themselves", size,
            UUID_SIZE);
    if (rule->least_size == UUID_SIZE && rule->most_size == UUID_SIZE)
        return wire_refuse(ret_refusal, WIRE_BAD_ID, "", "has %zu bytes; an id has %d", size, UUID_SIZE);
    if (size < rule->least_size)
        return wire_refuse(ret_refusal, WIRE_TOO_SHORT, "",
                           "has %zu bytes; at least %" PRIu32 " are expected", size, rule->least_size);
    return wire_refuse(ret_refusal, WIRE_TOO_LONG, "", "has %zu bytes; at most %" PRIu32 " are taken", size,
                       rule->most_size);
}

static bool check_text(const struct wire_field_rule *rule, const char *text, struct wire_refusal *ret_refusal)
{
    size_t size = strlen(text);
    if (!check_size(rule, size, ret_refusal))
        return false;
    if (wire_charset_allows(rule->charset, text, size))
        return true;
    char quoted[WIRE_QUOTE_SIZE];
    if (!text_is_utf8(text, size))
        return wire_refuse(ret_refusal, WIRE_NOT_UTF8, "", "is \"%s\"",
                           wire_refusal_quote(quoted, text, size));
    return wire_refuse(ret_refusal, WIRE_BAD_CHARACTERS, "", "is \"%s\"; expected: %s",
                       wire_refusal_quote(quoted, text, size), wire_charset_text(rule->charset));
}

/* Of what is too little for microseconds. */
static const char *guessed_unit(int64_t number)
{
    if (number >= WIRE_EARLIEST_AT / 1000)
        return "; this looks like milliseconds";
    return number >= WIRE_EARLIEST_AT / 1000000 ? "; this looks like seconds" : "";
}

static bool check_number(const struct wire_field_rule *rule, const ProtobufCFieldDescriptor *field,
                         const void *value, struct wire_refusal *ret_refusal)
{
    int64_t number = wire_field_integer(field, value);
    bool is_unsigned = field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64;
    if (is_unsigned && *(const uint64_t *)value > INT64_MAX) /* nothing of ours holds more */
        return wire_refuse(ret_refusal, WIRE_OUT_OF_RANGE, "",
                           "is %" PRIu64 "; %" PRId64 " to %" PRId64 " is expected", *(const uint64_t *)value,
                           rule->least, rule->most);
    if (number >= rule->least && number <= rule->most)
        return true;
    if (rule->least == WIRE_EARLIEST_AT && number < rule->least)
        return wire_refuse(ret_refusal, WIRE_TOO_EARLY, "",
                           "is %" PRId64 "; microseconds since 1970, from the year 2000 on, are expected%s",
                           number, guessed_unit(number));
    if (rule->least == WIRE_EARLIEST_AT && number / 1000 <= WIRE_LATEST_AT)
        return wire_refuse(ret_refusal, WIRE_OUT_OF_RANGE, "",
                           "is %" PRId64
                           "; microseconds since 1970, up to the year 9999, are expected; this looks "
                           "like nanoseconds",
                           number);
    return wire_refuse(ret_refusal, WIRE_OUT_OF_RANGE, "",
                       "is %" PRId64 "; %" PRId64 " to %" PRId64 " is expected", number, rule->least,
                       rule->most);
}

static bool check_enum(const ProtobufCFieldDescriptor *field, const void *value,
                       struct wire_refusal *ret_refusal)
{
    int number = *(const int *)value;
    if (protobuf_c_enum_descriptor_get_value(field->descriptor, number))
        return true;
    return wire_refuse(ret_refusal, WIRE_UNKNOWN_VALUE, "", "is %d, which is no %s", number,
                       ((const ProtobufCEnumDescriptor *)field->descriptor)->short_name);
}

static bool check_message(const struct wire_message_rules *rules, const ProtobufCMessage *message,
                          struct wire_refusal *ret_refusal);

static bool check_value(const struct wire_field_rule *rule, const ProtobufCFieldDescriptor *field,
                        const void *value, struct wire_refusal *ret_refusal)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return check_text(rule, *(const char *const *)value, ret_refusal);
    case PROTOBUF_C_TYPE_BYTES:
        return check_size(rule, ((const ProtobufCBinaryData *)value)->len, ret_refusal);
    case PROTOBUF_C_TYPE_MESSAGE:
        return check_message(rule->message, *(const ProtobufCMessage *const *)value, ret_refusal);
    case PROTOBUF_C_TYPE_ENUM:
        return check_enum(field, value, ret_refusal);
    case PROTOBUF_C_TYPE_BOOL:
        return true;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return check_number(rule, field, value, ret_refusal);
    }
    return true;
}

/* --- one message --- */

static bool check_field(const struct wire_field_rule *rule, const ProtobufCFieldDescriptor *field,
                        const void *message, struct wire_refusal *ret_refusal)
{
    size_t count = wire_field_count(field, message);
    if (count == 0)
        return !rule->is_required ||
               wire_refuse(ret_refusal, WIRE_MISSING_FIELD, field->name, "is required and absent");
    if (field->label == PROTOBUF_C_LABEL_REPEATED && count > rule->most_count)
        return wire_refuse(ret_refusal, WIRE_TOO_MANY, field->name,
                           "has %zu values; at most %" PRIu32 " are taken", count, rule->most_count);
    for (size_t i = 0; i < count; i++)
        if (!check_value(rule, field, wire_field_value(field, message, i), ret_refusal))
            return in_field(field, i, ret_refusal);
    return true;
}

static bool check_message(const struct wire_message_rules *rules, const ProtobufCMessage *message,
                          struct wire_refusal *ret_refusal)
{
    const ProtobufCFieldDescriptor *fields = rules->descriptor->fields;
    for (unsigned i = 0; i < rules->field_count; i++) {
        bool is_other_member =
            fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF && !wire_field_count(&fields[i], message);
        if (!is_other_member && !check_field(&rules->fields[i], &fields[i], message, ret_refusal))
            return false;
    }
    if (message->n_unknown_fields)
        return wire_refuse(ret_refusal, WIRE_UNKNOWN_FIELD, "",
                           "has a field number %" PRIu32 ", not known here", message->unknown_fields[0].tag);
    return true;
}

bool wire_validate_message(const struct wire_message_rules *rules, const void *message, struct slice bytes,
                           struct wire_refusal *ret_refusal)
{
    return wire_scan(rules->descriptor, bytes, ret_refusal) && check_message(rules, message, ret_refusal);
}

/* --- one event --- */

static bool check_needs(const WireEvent *event, const struct wire_field_rule *rule,
                        struct wire_refusal *ret_refusal)
{
    const char *missing = rule->needs & WIRE_NEEDS_STORE && !event->store_id               ? "store_id"
                          : rule->needs & WIRE_NEEDS_INTERACTION && !event->interaction_id ? "interaction_id"
                          : rule->needs & WIRE_NEEDS_EMPLOYEE && !event->employee_id       ? "employee_id"
                                                                                           : NULL;
    return !missing ||
           wire_refuse(ret_refusal, WIRE_MISSING_FIELD, missing, "is required of %s and absent", rule->name);
}

static bool check_body(const WireEvent *event, bool may_be_system, struct wire_refusal *ret_refusal)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&wire_event__descriptor, (unsigned)event->body_case);
    if (!field)
        return wire_refuse(ret_refusal, WIRE_NO_BODY, "body", "has none of the known bodies");
    const struct wire_field_rule *rule = &wire_event_rules.fields[field - wire_event__descriptor.fields];
    if (rule->is_system && !may_be_system)
        return wire_refuse(ret_refusal, WIRE_SYSTEM_EVENT, rule->name,
                           "is sent by Bellhop's own services only");
    if (text_starts_with(event->source, "bellhop/") && !may_be_system)
        return wire_refuse(ret_refusal, WIRE_SYSTEM_EVENT, "source", "is \"%s\"; bellhop/ is Bellhop's own",
                           event->source);
    return check_needs(event, rule, ret_refusal);
}

static bool check_pairs(const WireEvent *event, struct wire_refusal *ret_refusal)
{
    if (event->has_sequence && !event->incarnation)
        return wire_refuse(ret_refusal, WIRE_MISSING_FIELD, "incarnation",
                           "is required beside sequence and absent");
    if (event->foreign_id && !event->has_id_time)
        return wire_refuse(ret_refusal, WIRE_MISSING_FIELD, "id_time",
                           "is required beside foreign_id and absent");
    if (event->has_id_time && !event->foreign_id)
        return wire_refuse(ret_refusal, WIRE_MISSING_FIELD, "foreign_id",
                           "is required beside id_time and absent");
    return true;
}

static bool check_derived_id(const WireEvent *event, struct uuid id, struct wire_refusal *ret_refusal)
{
    struct uuid derived =
        uuid_derive(event->id_time, slice_of_text(event->source), slice_of_text(event->foreign_id));
    if (uuid_equal(&derived, &id))
        return true;
    char is[UUID_TEXT_SIZE], expected[UUID_TEXT_SIZE];
    uuid_format(&id, is);
    uuid_format(&derived, expected);
    return wire_refuse(ret_refusal, WIRE_ID_MISMATCH, "id", "is %s; id_time, source and foreign_id make %s",
                       is, expected);
}

static bool check_id(const WireEvent *event, int64_t now, struct wire_refusal *ret_refusal)
{
    struct uuid id = wire_event_id(event);
    char text[UUID_TEXT_SIZE];
    uuid_format(&id, text);
    int version = event->foreign_id ? 8 : 7;
    if (uuid_version(&id) != version)
        return wire_refuse(ret_refusal, WIRE_BAD_ID, "id",
                           "is %s; a UUID of version %d is expected %s foreign_id", text, version,
                           event->foreign_id ? "beside" : "without");
    if (uuid_ms(&id) < WIRE_EARLIEST_AT / 1000)
        return wire_refuse(ret_refusal, WIRE_TOO_EARLY, "id", "is %s, of before the year 2000", text);
    if (uuid_ms(&id) > (now + WIRE_ID_AHEAD_MOST_US) / 1000)
        return wire_refuse(ret_refusal, WIRE_IN_THE_FUTURE, "id", "is %s, of more than a year from now",
                           text);
    return !event->foreign_id || check_derived_id(event, id, ret_refusal);
}

static bool check_times(const WireEvent *event, int64_t sent_at, struct wire_refusal *ret_refusal)
{
    if (event->occurred_at <= sent_at + WIRE_AHEAD_OF_SENT_MOST_US)
        return true;
    char occurred[TIME_TEXT_SIZE], sent[TIME_TEXT_SIZE];
    time_format(event->occurred_at, occurred);
    time_format(sent_at, sent);
    return wire_refuse(ret_refusal, WIRE_IN_THE_FUTURE, "occurred_at", "is %s, but was sent at %s", occurred,
                       sent);
}

bool wire_validate_event(const WireEvent *event, struct slice bytes, const struct wire_event_check *check,
                         struct wire_refusal *ret_refusal)
{
    size_t most = check->may_be_system ? WIRE_SYSTEM_EVENT_MOST_BYTES : WIRE_EVENT_MOST_BYTES;
    if (bytes.size > most)
        return wire_refuse(ret_refusal, WIRE_TOO_LARGE, "", "the event has %zu bytes; at most %zu are taken",
                           bytes.size, most);
    return wire_validate_message(&wire_event_rules, event, bytes, ret_refusal) &&
           check_body(event, check->may_be_system, ret_refusal) && check_pairs(event, ret_refusal) &&
           check_id(event, check->now, ret_refusal) && check_times(event, check->sent_at, ret_refusal);
}

static void *read_bytes(const ProtobufCMessageDescriptor *descriptor, struct slice bytes, struct arena *arena,
                        struct wire_refusal *ret_refusal)
{
    bool is_full;
    void *message = wire_unpack(descriptor, bytes, arena, &is_full);
    if (!message && is_full)
        wire_refuse(ret_refusal, WIRE_TOO_LARGE, "", "does not fit the memory a message may take");
    else if (!message)
        wire_scan_malformed(descriptor, bytes, ret_refusal);
    return message;
}

WireEvent *wire_validate_event_bytes(struct slice bytes, const struct wire_event_check *check,
                                     struct arena *arena, struct wire_refusal *ret_refusal)
{
    WireEvent *event = read_bytes(&wire_event__descriptor, bytes, arena, ret_refusal);
    return event && wire_validate_event(event, bytes, check, ret_refusal) ? event : NULL;
}

/* --- one request --- */

static bool has_a_request(const struct wire_message_rules *rules, const void *message)
{
    for (unsigned i = 0; i < rules->field_count; i++)
        if (wire_field_count(&rules->descriptor->fields[i], message))
            return true;
    return false;
}

void *wire_validate_request(const struct wire_message_rules *rules, struct slice bytes, struct arena *arena,
                            struct wire_refusal *ret_refusal)
{
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    void *message = read_bytes(rules->descriptor, bytes, arena, &refusal);
    if (message && !wire_validate_message(rules, message, bytes, &refusal))
        message = NULL;
    else if (message && !has_a_request(rules, message))
        message = (wire_refuse(&refusal, WIRE_NO_REQUEST, "", "the message is empty"), NULL);
    if (refusal.reason == WIRE_TOO_MANY && text_equal(refusal.field, "publish.events"))
        refusal.reason = WIRE_TOO_MANY_EVENTS;
    if (!message && ret_refusal)
        *ret_refusal = refusal;
    return message;
}
