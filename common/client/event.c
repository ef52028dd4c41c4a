/* event: what an application builds: the JSON of an event, field by field or at once. */
#include "common/client/event.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/client/why.h"
#include "common/wire/event.h"
#include "common/wire/field.h"
#include "common/wire/json.h"
#include "common/wire/set.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

#include <jansson.h>
#include <stdlib.h>

enum { NAME_SIZE = 64, CHECK_ARENA_BYTES = 1024 * 1024, LIST_MOST = 1000 };

struct bellhop_event {
    json_t *root;
};

static struct bellhop_event *event_of(json_t *root)
{
    struct bellhop_event *event = root ? malloc(sizeof *event) : NULL;
    if (event)
        event->root = root;
    else
        json_decref(root);
    return event;
}

/* Puts `value`, which it takes, under `name`; false when memory runs out. */
static bool put(json_t *object, const char *name, json_t *value)
{
    return value && json_object_set_new(object, name, value) == 0;
}

struct bellhop_event *bellhop_event_new(const char *type)
{
    if (!type || wire_event_type_find(type) == WIRE_EVENT__BODY__NOT_SET) {
        why_set(NULL, BELLHOP_INVALID, "\"%.60s\" is not a type of event", type ? type : "");
        return NULL;
    }
    struct bellhop_event *event = event_of(json_object());
    if (!event || !put(event->root, "occurred_at", json_integer(clock_utc_us())) ||
        !put(event->root, type, json_object())) {
        bellhop_event_free(event);
        why_set(NULL, BELLHOP_NO_MEMORY, "no memory for an event");
        return NULL;
    }
    return event;
}

void bellhop_event_free(struct bellhop_event *event)
{
    if (!event)
        return;
    json_decref(event->root);
    free(event);
}

/* --- setting fields by name --- */

/* A place on the way to a field: the message it is in, and what it is there. */
struct place {
    const ProtobufCMessageDescriptor *descriptor;
    const ProtobufCFieldDescriptor *field;
    json_t *object;
    json_t *list; /* set: the field is repeated, `index` of it is meant */
    size_t index;
};

/* Cuts the first word off a dotted path. */
static bool next_word(const char **path, char into[static NAME_SIZE])
{
    size_t size = strcspn(*path, ".");
    if (size == 0 || size >= NAME_SIZE)
        return false;
    memcpy(into, *path, size);
    into[size] = '\0';
    *path += size + ((*path)[size] == '.');
    return true;
}

static json_t *get_or_add(json_t *object, const char *name, bool is_list)
{
    json_t *value = json_object_get(object, name);
    if (value)
        return (is_list ? json_is_array(value) : json_is_object(value)) ? value : NULL;
    return put(object, name, is_list ? json_array() : json_object()) ? json_object_get(object, name) : NULL;
}

/* The element number of a repeated field; the next number adds one. */
static int find_element(struct place *place, const char **path, const char *whole)
{
    char word[NAME_SIZE];
    int64_t index;
    place->list = get_or_add(place->object, place->field->name, true);
    if (!place->list)
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for \"%.60s\"", whole);
    if (!next_word(path, word) || text_parse_int64(word, 0, LIST_MOST, &index) != 0 ||
        (size_t)index > json_array_size(place->list))
        return why_set(NULL, BELLHOP_INVALID,
                       "\"%.80s\": name an element of the list by its number, here at most %zu", whole,
                       json_array_size(place->list));
    place->index = (size_t)index;
    return BELLHOP_OK;
}

/* Go into the message that the place holds. */
static int descend(struct place *place, const char *whole)
{
    if (place->field->type != PROTOBUF_C_TYPE_MESSAGE)
        return why_set(NULL, BELLHOP_INVALID, "\"%.80s\": %s has no fields", whole, place->field->name);
    json_t *inner = NULL;
    if (!place->list) {
        inner = get_or_add(place->object, place->field->name, false);
    } else if (place->index < json_array_size(place->list) ||
               json_array_append_new(place->list, json_object()) == 0) {
        inner = json_array_get(place->list, place->index);
    }
    if (!json_is_object(inner))
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for \"%.80s\"", whole);
    *place = (struct place){.descriptor = place->field->descriptor, .object = inner};
    return BELLHOP_OK;
}

static int find_place(const struct bellhop_event *event, const char *path, struct place *ret_place)
{
    struct place place = {.descriptor = &wire_event__descriptor, .object = event->root};
    const char *rest = path;
    for (;;) {
        char word[NAME_SIZE];
        place.field = next_word(&rest, word) ? wire_field_find(place.descriptor, word) : NULL;
        if (!place.field)
            return why_set(NULL, BELLHOP_INVALID, "there is no field \"%.80s\": %s has none of that name",
                           path, place.descriptor->short_name);
        int rc =
            place.field->label == PROTOBUF_C_LABEL_REPEATED ? find_element(&place, &rest, path) : BELLHOP_OK;
        if (rc == BELLHOP_OK && *rest == '\0') {
            *ret_place = place;
            return BELLHOP_OK;
        }
        if (rc == BELLHOP_OK)
            rc = descend(&place, path);
        if (rc != BELLHOP_OK)
            return rc;
    }
}

static int set_value(const struct place *place, json_t *value)
{
    bool is_set = !place->list ? put(place->object, place->field->name, value)
                  : !value     ? false
                  : place->index < json_array_size(place->list)
                      ? json_array_set_new(place->list, place->index, value) == 0
                      : json_array_append_new(place->list, value) == 0;
    return is_set
               ? BELLHOP_OK
               : why_set(NULL, BELLHOP_NO_MEMORY, "no memory for %s, or it is not UTF-8", place->field->name);
}

static bool takes_text(const ProtobufCFieldDescriptor *field, const char *text)
{
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, text) != NULL;
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES;
}

/* What a field takes that takes no text, or no number. */
static const char *text_expected(const ProtobufCFieldDescriptor *field)
{
    size_t length = strlen(field->name);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return "a field of it, such as amount.minor";
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return "true or false";
    if (length > 3 && text_equal(field->name + length - 3, "_at"))
        return "a time such as 2026-03-02T10:00:00Z";
    return text_equal(field->name, "minor") ? "a whole number, 9000 for 90.00" : "a whole number";
}

int bellhop_event_set_text(struct bellhop_event *event, const char *field, const char *text)
{
    struct place place = {0};
    int rc = event && field && text ? find_place(event, field, &place)
                                    : why_set(NULL, BELLHOP_INVALID, "event, field or text is NULL");
    if (rc != BELLHOP_OK || !place.field)
        return rc;
    if (place.field->type == PROTOBUF_C_TYPE_ENUM && !takes_text(place.field, text)) {
        char names[WIRE_ENUM_NAMES_SIZE];
        wire_field_enum_names(place.field->descriptor, names);
        return why_set(NULL, BELLHOP_INVALID, "%.40s is \"%.30s\"; expected: %s", field, text, names);
    }
    if (!takes_text(place.field, text))
        return why_set(NULL, BELLHOP_INVALID, "%.80s is \"%.60s\"; expected: %s", field, text,
                       text_expected(place.field));
    return set_value(&place, json_string(text));
}

static int refuse_number(const struct place *place, const char *field, int64_t number)
{
    char names[WIRE_ENUM_NAMES_SIZE];
    const char *expected = "a text";
    if (place->field->type == PROTOBUF_C_TYPE_MESSAGE)
        expected = text_expected(place->field);
    if (place->field->type == PROTOBUF_C_TYPE_ENUM) {
        wire_field_enum_names(place->field->descriptor, names);
        expected = names;
    }
    return why_set(NULL, BELLHOP_INVALID, "%.80s is %lld; expected: %s", field, (long long)number, expected);
}

int bellhop_event_set_int(struct bellhop_event *event, const char *field, int64_t number)
{
    struct place place = {0};
    int rc = event && field ? find_place(event, field, &place)
                            : why_set(NULL, BELLHOP_INVALID, "event or field is NULL");
    if (rc != BELLHOP_OK || !place.field)
        return rc;
    switch (place.field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        if (number != 0 && number != 1)
            return why_set(NULL, BELLHOP_INVALID, "\"%.80s\" takes 1 for true or 0 for false", field);
        return set_value(&place, json_boolean(number));
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
        return set_value(&place, json_integer(number));
    default: /* of a foreign enumeration: whatever else there is takes no number */
        return refuse_number(&place, field, number);
    }
}

int bellhop_event_add_label(struct bellhop_event *event, const char *name, const char *value)
{
    if (!event || !name || !value)
        return why_set(NULL, BELLHOP_INVALID, "event, name or value is NULL");
    json_t *labels = get_or_add(event->root, "labels", true);
    json_t *label = json_pack("{ssss}", "name", name, "value", value);
    if (!labels || !label || json_array_append_new(labels, label) != 0)
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for a label, or it is not UTF-8");
    return BELLHOP_OK;
}

int bellhop_event_set_foreign_id(struct bellhop_event *event, const char *foreign_id, int64_t id_time_at)
{
    int rc = bellhop_event_set_text(event, "foreign_id", foreign_id);
    return rc == BELLHOP_OK ? bellhop_event_set_int(event, "id_time", id_time_at) : rc;
}

/* --- as a whole --- */

WireEvent *event_build(const struct bellhop_event *event, struct arena *arena, char *why)
{
    struct wire_refusal refusal;
    WireEvent *message = wire_json_message(&wire_event__descriptor, event->root, arena, &refusal);
    if (!message)
        why_refused(why, BELLHOP_INVALID, &refusal);
    return message;
}

int event_validate(const WireEvent *event, int64_t now, char *why)
{
    const struct wire_event_check check = {.sent_at = now, .now = now};
    struct wire_refusal refusal;
    if (wire_validate_event(event, slice_of(NULL, 0), &check, &refusal))
        return BELLHOP_OK;
    return why_refused(why, BELLHOP_INVALID, &refusal);
}

int bellhop_event_from_json(const char *json, size_t size, struct bellhop_event **ret_event)
{
    json_error_t error;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return why_set(NULL, BELLHOP_INVALID, "line %d, column %d: %.160s", error.line, error.column,
                       error.text);
    if (!json_is_object(root)) {
        json_decref(root);
        return why_set(NULL, BELLHOP_INVALID, "an event is a JSON object: {…}");
    }
    bool has_time =
        json_object_get(root, "occurred_at") || put(root, "occurred_at", json_integer(clock_utc_us()));
    struct bellhop_event *event = event_of(root);
    if (!event || !has_time) {
        bellhop_event_free(event);
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for an event");
    }
    *ret_event = event;
    return BELLHOP_OK;
}

void event_identify(WireEvent *event, struct uuid_minter *minter, int64_t now, struct uuid *id)
{
    if (event->has_id)
        return;
    *id = event->foreign_id && event->source
              ? uuid_derive(event->id_time, slice_of_text(event->source), slice_of_text(event->foreign_id))
              : uuid_mint(minter, now);
    WIRE_SET(event, id, wire_bytes(slice_of(id->bytes, sizeof id->bytes)));
}

int bellhop_event_check(const struct bellhop_event *event)
{
    struct arena arena = {.memory = malloc(CHECK_ARENA_BYTES), .size = CHECK_ARENA_BYTES};
    if (!event || !arena.memory) {
        free(arena.memory);
        return why_set(NULL, event ? BELLHOP_NO_MEMORY : BELLHOP_INVALID,
                       "no event, or no memory to check it");
    }
    struct uuid id;
    struct uuid_minter minter = {0};
    int64_t now = clock_utc_us();
    WireEvent *message = event_build(event, &arena, NULL);
    int rc = BELLHOP_INVALID;
    if (message) {
        if (!message->source)
            message->source = (char *)"store/register";
        event_identify(message, &minter, now, &id);
        rc = event_validate(message, now, NULL);
    }
    free(arena.memory);
    return rc;
}
