/* canonical: the free text out, the rest encoded again. */
#include "common/wire/canonical.h"

#include "common/base/text.h"
#include "common/wire/event.h"
#include "common/wire/field.h"
#include "common/wire/wire.h"

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

void wire_event_canonical(const WireEvent *event, struct bytes *into)
{
    wire_pack(event, into);
}
