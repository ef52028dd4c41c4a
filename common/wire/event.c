/* event: types are the names of the oneof's members, taken from the descriptor. */
#include "common/wire/event.h"

#include "common/base/text.h"
#include "common/wire/field.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <string.h>

static const ProtobufCFieldDescriptor *body_field(WireEvent__BodyCase body)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&wire_event__descriptor, (unsigned)body);
    return field && field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF ? field : NULL;
}

const char *wire_event_type_name(WireEvent__BodyCase body)
{
    const ProtobufCFieldDescriptor *field = body_field(body);
    return field ? field->name : NULL;
}

const char *wire_event_type(const WireEvent *event)
{
    return wire_event_type_name(event->body_case);
}

WireEvent__BodyCase wire_event_type_find(const char *name)
{
    const ProtobufCFieldDescriptor *field = wire_field_find(&wire_event__descriptor, name);
    bool is_body = field && field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
    return is_body ? (WireEvent__BodyCase)field->id : WIRE_EVENT__BODY__NOT_SET;
}

const ProtobufCMessage *wire_event_body(const WireEvent *event)
{
    /* every member is a message, so whichever is set is this pointer */
    return event->body_case == WIRE_EVENT__BODY__NOT_SET ? NULL : &event->interaction_opened->base;
}

bool wire_event_is_system(WireEvent__BodyCase body)
{
    return body >= WIRE_EVENT__BODY_DEADLINE_PASSED;
}

WireEvent wire_event_mint(const char *source, int64_t now_us, struct uuid *ret_id)
{
    struct uuid_minter minter = {0};
    *ret_id = uuid_mint(&minter, now_us);
    WireEvent event = WIRE_EVENT__INIT;
    WIRE_SET(&event, id, wire_bytes(slice_of(ret_id->bytes, UUID_SIZE)));
    event.source = (char *)source;
    WIRE_SET(&event, occurred_at, now_us);
    return event;
}

struct uuid wire_event_id(const WireEvent *event)
{
    struct uuid id = {{0}};
    if (event->id.len == UUID_SIZE)
        memcpy(id.bytes, event->id.data, UUID_SIZE);
    return id;
}

/* --- the canonical form --- */

/* Where the body keeps its free text; NULL when bodies of this kind have none. */
static char **text_place(const WireEvent *event)
{
    const ProtobufCMessage *body = wire_event_body(event);
    const ProtobufCFieldDescriptor *field = body ? wire_field_find(body->descriptor, "text") : NULL;
    return field ? (char **)(uintptr_t)wire_field_value(field, body, 0) : NULL;
}

bool wire_event_has_text(const WireEvent *event)
{
    char **place = text_place(event);
    return place && *place;
}

WireEventText *wire_event_take_text(WireEvent *event, struct arena *arena)
{
    char **place = text_place(event);
    if (!place || !*place || !**place)
        return NULL;
    char field[96];
    text_format(field, sizeof field, "%s.text", wire_event_type(event));
    WireEventText *taken = arena_allocate(arena, sizeof *taken);
    char *name = arena_text(arena, slice_of_text(field));
    if (!taken || !name)
        return NULL;
    wire_event_text__init(taken);
    taken->field = name;
    taken->text = *place;
    *place = (char *)(uintptr_t)protobuf_c_empty_string;
    return taken;
}

void wire_event_write(const WireEvent *event, struct bytes *into)
{
    wire_pack(event, into);
}
