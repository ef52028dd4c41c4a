/* canonical: the one form of an event that is stored, hashed and compared.
 *
 * An event as decoded, its free text taken out (the field stays, empty, so that "there was text" can be
 * seen), encoded again: fields in order of their numbers, each number in its shortest form, the last of a
 * repeated singular field. */
#ifndef BELLHOP_WIRE_CANONICAL_H
#define BELLHOP_WIRE_CANONICAL_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/digest.h"

#include "proto/append.pb-c.h"

/* Take the free text out of the event. NULL when it has none (or an empty one); else, in `arena`, where it
 * stood, "complaint.text", and what it said. An event has at most one. */
WireEventText *wire_event_take_text(WireEvent *event, struct arena *arena);

/* The free-text field is there, taken out or not. */
bool wire_event_has_text(const WireEvent *event);

/* Append the canonical form. The text must have been taken out. */
void wire_event_canonical(const WireEvent *event, struct bytes *into);

/* What CONFLICT compares: BLAKE2b-128 of the canonical form. */
static inline void wire_event_hash(struct slice canonical, uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    digest_content(&canonical, 1, ret_hash);
}

#endif
