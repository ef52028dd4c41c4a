/* wire: our messages between bytes and C values.
 *
 * What is decoded lives in the caller's arena and goes with it; no part is ever freed by itself. Decoding alone
 * promises no more than memory safety: what a stranger sent must pass common/wire/validate.h before anyone
 * believes it. */
#ifndef BELLHOP_WIRE_WIRE_H
#define BELLHOP_WIRE_WIRE_H

#include "common/base/arena.h"
#include "common/base/bytes.h"

#include <protobuf-c/protobuf-c.h>

/* Decode; NULL when the bytes are no such message, or the arena is too small for it (then *ret_full, unless
 * NULL, is set to true, otherwise to false). The result is `descriptor`'s own struct: WireEvent *event =
 * wire_unpack(…). */
void *wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice bytes, struct arena *arena,
                  bool *ret_full);

/* Append the encoded message: fields in order of their numbers, so equal values give equal bytes. */
void wire_pack(const void *message, struct bytes *into);

/* A field of bytes that borrows `slice`. */
static inline ProtobufCBinaryData wire_bytes(struct slice slice)
{
    return (ProtobufCBinaryData){.len = slice.size, .data = (uint8_t *)slice.data};
}

static inline struct slice wire_slice(ProtobufCBinaryData field)
{
    return slice_of(field.data, field.len);
}

#endif
