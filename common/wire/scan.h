/* scan: what decoding hides: zero bytes inside texts. protobuf-c cuts a text there and says nothing. */
#ifndef BELLHOP_WIRE_SCAN_H
#define BELLHOP_WIRE_SCAN_H

#include "common/base/bytes.h"
#include "common/wire/refusal.h"

#include <protobuf-c/protobuf-c.h>

/* `bytes` have been decoded as `descriptor` successfully. True when no text in them has a zero byte. */
bool wire_scan(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
               struct wire_refusal *ret_refusal);

#endif
