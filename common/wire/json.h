/* json: messages as JSON, by their descriptors; for people and tools, never between the services.
 *
 * Names are the fields' own; enums are their names; bytes of 16 in fields called id or *_id are UUIDs, other
 * bytes hexadecimal; a policy's document is text; *_at and *_until are RFC 3339 in UTC; whole numbers are
 * numbers; absent fields are absent. The body of an event is the member named by its type:
 * {"occurred_at":"2024-05-01T09:30:00Z", …, "wait_reported":{"kind":"HOLD","duration_ms":300000}}. Reading
 * also takes *_at as a number (microseconds) and *_ms as text with units ("5min"). */
#ifndef BELLHOP_WIRE_JSON_H
#define BELLHOP_WIRE_JSON_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/wire/refusal.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* The caller's (json_decref). NULL when memory runs out, which does not end the process: the client library
 * calls this. Text that is not UTF-8 is shown with replacement characters. */
json_t *wire_json_of(const void *message);

/* The same, appended as one line without spaces and without a line end. Here the process ends when memory runs
 * out. */
void wire_json_write(const void *message, struct bytes *into);

/* Build a message in `arena`. Unknown names, wrong types and numbers that do not fit are refused with the path
 * of their place; whether fields are required and in range is left to validation. NULL: see the refusal. */
void *wire_json_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json, struct arena *arena,
                        struct wire_refusal *ret_refusal);

#endif
