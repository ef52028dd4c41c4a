/* event: types are the names of the oneof's members, taken from the descriptor. */
#include "common/wire/event.h"

#include "common/wire/field.h"
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
    event.has_id = event.has_occurred_at = true;
    event.id = wire_bytes(slice_of(ret_id->bytes, UUID_SIZE));
    event.source = (char *)source;
    event.occurred_at = now_us;
    return event;
}

struct uuid wire_event_id(const WireEvent *event)
{
    struct uuid id = {{0}};
    if (event->id.len == UUID_SIZE)
        memcpy(id.bytes, event->id.data, UUID_SIZE);
    return id;
}
