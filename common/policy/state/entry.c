/* entry: messages kept packed. */
#include "common/policy/state/entry.h"

#include "common/base/memory.h"
#include "common/wire/wire.h"

#include <stdlib.h>

void entry_repack(struct fold *fold, const ProtobufCMessage *body, uint8_t **packed, size_t *size)
{
    AUTO_CLEAR(bytes) bytes = {0};
    wire_pack(body, &bytes);
    fold->bytes += bytes.size - *size;
    free(*packed);
    *packed = memory_copy(bytes.data, bytes.size);
    *size = bytes.size;
}
