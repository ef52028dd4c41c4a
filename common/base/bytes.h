/* bytes: a borrowed run of bytes (slice), a growing one (bytes), and big-endian numbers. */
#ifndef BELLHOP_BASE_BYTES_H
#define BELLHOP_BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *data; /* may be NULL when size is 0 */
    size_t size;
};

static inline struct slice slice_of(const void *data, size_t size)
{
    return (struct slice){.data = data, .size = size};
}

/* Without the final NUL; of NULL it is empty. */
static inline struct slice slice_of_text(const char *text)
{
    return slice_of(text, text ? strlen(text) : 0);
}

bool slice_equal(struct slice left, struct slice right);

/* Growing bytes in the caller's storage; all zero is empty. The contents move when it grows. */
struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* Release the memory. */
void bytes_clear(struct bytes *bytes);

/* Forget the contents, keep the memory. */
static inline void bytes_reset(struct bytes *bytes)
{
    bytes->size = 0;
}

/* Room for `size` more: returns where they go. Nothing counts until bytes_grew(). */
uint8_t *bytes_reserve(struct bytes *bytes, size_t size);

/* `size` bytes of the reserved room have been filled. */
static inline void bytes_grew(struct bytes *bytes, size_t size)
{
    bytes->size += size;
}

void bytes_append(struct bytes *bytes, const void *data, size_t size);
void bytes_append_slice(struct bytes *bytes, struct slice slice);

/* Without the final NUL. */
void bytes_append_text(struct bytes *bytes, const char *text);
void bytes_append_format(struct bytes *bytes, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bytes_append_format_list(struct bytes *bytes, const char *format, va_list values);

/* Big-endian. */
void bytes_append_u8(struct bytes *bytes, uint8_t value);
void bytes_append_u16(struct bytes *bytes, uint16_t value);
void bytes_append_u32(struct bytes *bytes, uint32_t value);
void bytes_append_u64(struct bytes *bytes, uint64_t value);

/* The contents as a C string: a NUL is put behind them, not counted. Valid until the next change. */
const char *bytes_text(struct bytes *bytes);

static inline struct slice bytes_slice(const struct bytes *bytes)
{
    return slice_of(bytes->data, bytes->size);
}

/* Big-endian numbers in fixed places. */
void bytes_put_u16(uint8_t *into, uint16_t value);
void bytes_put_u32(uint8_t *into, uint32_t value);
void bytes_put_u64(uint8_t *into, uint64_t value);
uint16_t bytes_get_u16(const uint8_t *from);
uint32_t bytes_get_u32(const uint8_t *from);
uint64_t bytes_get_u64(const uint8_t *from);

#endif
