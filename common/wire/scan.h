/* scan: what decoding hides: zero bytes inside texts, where protobuf-c cuts the text and says nothing; a second
 * member of a oneof, where it keeps the last one; and in bytes that cannot be decoded, where and why. */
#ifndef BELLHOP_WIRE_SCAN_H
#define BELLHOP_WIRE_SCAN_H

#include "common/base/bytes.h"
#include "common/wire/refusal.h"

#include <protobuf-c/protobuf-c.h>

/* `bytes` have been decoded as `descriptor` successfully. True when no text in them has a zero byte, and no
 * message in them holds two of what it may hold one of. */
bool wire_scan(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
               struct wire_refusal *ret_refusal);

/* `bytes` could not be decoded: say at which field and byte, and what was probably sent. False, always. */
bool wire_scan_malformed(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
                         struct wire_refusal *ret_refusal);

#endif
