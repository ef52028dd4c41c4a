/* reading: how parts of the state are got back from the bytes of a snapshot. Internal to common/policy.
 *
 * Getting from what is too short gives nothing, and is remembered as failed. */
#ifndef BELLHOP_POLICY_STATE_READING_H
#define BELLHOP_POLICY_STATE_READING_H

#include "common/policy/state/state.h"

struct reading {
    struct fold *fold;
    struct slice rest;
    struct arena arena; /* of texts, and messages while they are looked at */
    bool failed;
};

static inline const void *get(struct reading *reading, size_t size)
{
    static const uint8_t nothing[256];
    if (reading->rest.size < size || reading->failed) {
        reading->failed = true;
        return size <= sizeof nothing ? nothing : NULL;
    }
    const void *data = reading->rest.data;
    reading->rest = slice_of(reading->rest.data + size, reading->rest.size - size);
    return data;
}

static inline uint8_t get_u8(struct reading *reading)
{
    return *(const uint8_t *)get(reading, 1);
}

static inline uint16_t get_u16(struct reading *reading)
{
    return bytes_get_u16(get(reading, 2));
}

static inline uint32_t get_u32(struct reading *reading)
{
    return bytes_get_u32(get(reading, 4));
}

static inline uint64_t get_u64(struct reading *reading)
{
    return bytes_get_u64(get(reading, 8));
}

/* A count of things that take at least a byte each. */
static inline uint64_t get_count(struct reading *reading)
{
    uint64_t count = get_u64(reading);
    if (count > reading->rest.size)
        reading->failed = true;
    return reading->failed ? 0 : count;
}

static inline struct slice get_slice(struct reading *reading)
{
    uint32_t size = get_u32(reading);
    const void *data = size <= reading->rest.size ? get(reading, size) : NULL;
    if (!data || reading->failed) {
        reading->failed = true;
        return slice_of(NULL, 0);
    }
    return slice_of(data, size);
}

/* In the arena until the next entry; NULL is what was NULL. */
static inline const char *get_text(struct reading *reading)
{
    uint32_t size = get_u32(reading);
    if (size == SNAPSHOT_NO_TEXT || reading->failed)
        return NULL;
    const void *data = size <= 512 ? get(reading, size) : NULL;
    char *text = data ? arena_text(&reading->arena, slice_of(data, size)) : NULL;
    reading->failed |= !text || memchr(text, 0, size);
    return reading->failed ? NULL : text;
}

static inline const char *get_word(struct reading *reading)
{
    const char *text = get_text(reading);
    reading->failed |= !text;
    return text ? text : "";
}

static inline void get_name(struct reading *reading, const char **slot)
{
    name_set(&reading->fold->names, slot, get_text(reading));
}

/* The values of a struct that was written as it is; a snapshot is of this very program's version. */
static inline void get_values(struct reading *reading, void *into, size_t size)
{
    struct slice slice = get_slice(reading);
    if (slice.size == size)
        memcpy(into, slice.data, size);
    else
        reading->failed = true;
}

#endif
