/* protocol_page: proto/README.md as tests read it: its tables' rows, and its examples. */
#ifndef BELLHOP_TESTS_SUPPORT_PROTOCOL_PAGE_H
#define BELLHOP_TESTS_SUPPORT_PROTOCOL_PAGE_H

#include "common/base/bytes.h"

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>
#include <stddef.h>

/* The beginning of the row a field must have: "| `Publish.sent_at` | 2 | int64 | required, instant |". */
void protocol_row(const char *prefix, const ProtobufCFieldDescriptor *field, struct bytes *into);

/* The line an enum must have: "`Mood`: HURRIED 1 · UNSURE 2". */
void protocol_enum(const ProtobufCEnumDescriptor *descriptor, struct bytes *into);

/* One example: a block that begins with ```hex NAME MESSAGE or ```json NAME. */
struct protocol_example {
    char name[64];
    char message[64];     /* of hex: which one, "RegisterRequest" */
    struct bytes content; /* of hex: the bytes, comments taken out; of json: the text */
};

/* The next block of `kind` ("hex", "json") from `*at` on, which moves on; false at the end. */
bool protocol_example_next(const char **at, const char *kind, struct protocol_example *ret_example);

#endif
