/* snapshot: how parts of the state are put into bytes; how they are got back is in reading.h. Internal to common/policy.
 *
 * Numbers are big-endian; text is its size and its bytes. */
#ifndef BELLHOP_POLICY_STATE_SNAPSHOT_H
#define BELLHOP_POLICY_STATE_SNAPSHOT_H

#include "common/policy/state/reading.h"

static inline void put_text(struct bytes *into, const char *text)
{
    bytes_append_u32(into, text ? (uint32_t)strlen(text) : SNAPSHOT_NO_TEXT);
    if (text)
        bytes_append_text(into, text);
}

static inline void put_slice(struct bytes *into, const void *data, size_t size)
{
    bytes_append_u32(into, (uint32_t)size);
    bytes_append(into, data, size);
}

/* Both texts of a key_pair. */
static inline void put_pair(struct bytes *into, const char *key)
{
    size_t first_size = strlen(key);
    const char *second = key + first_size + 1;
    put_slice(into, key, first_size);
    put_slice(into, second, strlen(second));
}

#endif
