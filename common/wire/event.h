/* event: what an event is called, its body as a message, and the one form in which it is stored, hashed and
 * compared.
 *
 * A type is the name of the body's member in the oneof: "interaction_opened".
 *
 * The canonical form is the event as decoded, its free text taken out (the field stays, empty, so that "there
 * was text" can be seen), encoded again: fields in the order of their numbers, each number in its shortest
 * form, the last of a singular field that was repeated. */
#ifndef BELLHOP_WIRE_EVENT_H
#define BELLHOP_WIRE_EVENT_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/digest.h"
#include "common/base/uuid.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/event.pb-c.h"

/* NULL of an event without a body. Lasts for ever. */
const char *wire_event_type(const WireEvent *event);
const char *wire_event_type_name(WireEvent__BodyCase body);

/* WIRE_EVENT__BODY__NOT_SET when there is no such type. */
WireEvent__BodyCase wire_event_type_find(const char *name);

/* The body, whatever it is; NULL when there is none. Its ->descriptor says what it is. */
const ProtobufCMessage *wire_event_body(const WireEvent *event);

/* Sent by one of our services: deadline_passed, policy_proposed, serving_started, serving_ended. */
bool wire_event_is_system(WireEvent__BodyCase body);

/* An event of one of our services that happens now, with a new id: the body is still to be put in. */
WireEvent wire_event_mint(const char *source, int64_t now_us, struct uuid *ret_id);

/* The id, of an event that passed validation. */
struct uuid wire_event_id(const WireEvent *event);

/* --- the canonical form --- */

/* Take the free text out of the event. NULL when it has none (or an empty one); else, in `arena`, where it
 * stood, "complaint.text", and what it said. An event has at most one. */
WireEventText *wire_event_take_text(WireEvent *event, struct arena *arena);

/* The free-text field is there, taken out or not. */
bool wire_event_has_text(const WireEvent *event);

/* Append the canonical form. The text must have been taken out. */
void wire_event_write(const WireEvent *event, struct bytes *into);

/* What CONFLICT compares: BLAKE2b-128 of the canonical form. */
static inline void wire_event_hash(struct slice canonical, uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    digest_content(&canonical, 1, ret_hash);
}

#endif
