/* event: what an event is called, and its body as a message.
 *
 * A type is the name of the body's member in the oneof: "interaction_opened". */
#ifndef BELLHOP_WIRE_EVENT_H
#define BELLHOP_WIRE_EVENT_H

#include "common/base/uuid.h"

#include "proto/event.pb-c.h"

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

#endif
