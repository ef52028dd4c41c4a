/* bytes: growth by doubling, and numbers byte by byte. */
#include "common/base/bytes.h"

#include "common/base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

bool slice_equal(struct slice left, struct slice right)
{
    return left.size == right.size && (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

void bytes_clear(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

uint8_t *bytes_reserve(struct bytes *bytes, size_t size)
{
    size_t needed;
    bool too_much = __builtin_add_overflow(bytes->size, size, &needed) || needed > SIZE_MAX / 2;
    assert(!too_much);
    if (needed > bytes->capacity || !bytes->data) {
        size_t capacity = bytes->capacity ? bytes->capacity : 64;
        while (capacity < needed)
            capacity *= 2;
        bytes->data = memory_resize(bytes->data, capacity);
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->size;
}

void bytes_append(struct bytes *bytes, const void *data, size_t size)
{
    if (size == 0)
        return;
    memcpy(bytes_reserve(bytes, size), data, size);
    bytes->size += size;
}

void bytes_append_slice(struct bytes *bytes, struct slice slice)
{
    bytes_append(bytes, slice.data, slice.size);
}

void bytes_append_text(struct bytes *bytes, const char *text)
{
    bytes_append(bytes, text, strlen(text));
}

void bytes_append_format(struct bytes *bytes, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    bytes_append_format_list(bytes, format, values);
    va_end(values);
}

void bytes_append_format_list(struct bytes *bytes, const char *format, va_list values)
{
    va_list again;
    va_copy(again, values);
    bytes_reserve(bytes, 64);
    size_t room = bytes->capacity - bytes->size;
    int size = vsnprintf((char *)bytes->data + bytes->size, room, format, values);
    assert(size >= 0);
    if ((size_t)size >= room)
        vsnprintf((char *)bytes_reserve(bytes, (size_t)size + 1), (size_t)size + 1, format, again);
    bytes->size += (size_t)size;
    va_end(again);
}

void bytes_append_u8(struct bytes *bytes, uint8_t value)
{
    *bytes_reserve(bytes, 1) = value;
    bytes->size += 1;
}

void bytes_append_u16(struct bytes *bytes, uint16_t value)
{
    bytes_put_u16(bytes_reserve(bytes, 2), value);
    bytes->size += 2;
}

void bytes_append_u32(struct bytes *bytes, uint32_t value)
{
    bytes_put_u32(bytes_reserve(bytes, 4), value);
    bytes->size += 4;
}

void bytes_append_u64(struct bytes *bytes, uint64_t value)
{
    bytes_put_u64(bytes_reserve(bytes, 8), value);
    bytes->size += 8;
}

const char *bytes_text(struct bytes *bytes)
{
    *bytes_reserve(bytes, 1) = 0;
    return (const char *)bytes->data;
}

void bytes_put_u16(uint8_t *into, uint16_t value)
{
    value = __builtin_bswap16(value);
    memcpy(into, &value, sizeof value);
}

void bytes_put_u32(uint8_t *into, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(into, &value, sizeof value);
}

void bytes_put_u64(uint8_t *into, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(into, &value, sizeof value);
}

uint16_t bytes_get_u16(const uint8_t *from)
{
    uint16_t value;
    memcpy(&value, from, sizeof value);
    return __builtin_bswap16(value);
}

uint32_t bytes_get_u32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return __builtin_bswap32(value);
}

uint64_t bytes_get_u64(const uint8_t *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return __builtin_bswap64(value);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "big-endian numbers are made by swapping");
