/* raw: tags, base-128 numbers and sizes. */
#include "common/wire/raw.h"

/* Read a base-128 number off the front; false when it does not end. */
static bool read_number(struct slice *bytes, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes->size && i < 10; i++) {
        value |= (uint64_t)(bytes->data[i] & 0x7f) << (7 * i);
        if (bytes->data[i] < 0x80) {
            *bytes = slice_of(bytes->data + i + 1, bytes->size - i - 1);
            *ret_value = value;
            return true;
        }
    }
    return false;
}

/* How many bytes the content takes; a number is read here and then takes none. */
static bool read_size(struct slice *bytes, unsigned kind, uint64_t *ret_size)
{
    switch (kind) {
    case WIRE_RAW_NUMBER:
        if (!read_number(bytes, ret_size))
            return false;
        *ret_size = 0;
        return true;
    case WIRE_RAW_DELIMITED:
        return read_number(bytes, ret_size);
    case WIRE_RAW_FIXED64:
    case WIRE_RAW_FIXED32:
        *ret_size = kind == WIRE_RAW_FIXED64 ? 8 : 4;
        return true;
    }
    return false;
}

bool wire_raw_read(struct slice *bytes, struct wire_raw *ret_raw)
{
    uint64_t tag, size;
    *ret_raw = (struct wire_raw){0};
    if (!read_number(bytes, &tag))
        return false;
    ret_raw->number = (unsigned)(tag >> 3);
    ret_raw->kind = (unsigned)(tag & 7);
    if (!read_size(bytes, ret_raw->kind, &size) || size > bytes->size)
        return false;
    if (ret_raw->kind == WIRE_RAW_DELIMITED)
        ret_raw->content = slice_of(bytes->data, (size_t)size);
    *bytes = slice_of(bytes->data + size, bytes->size - (size_t)size);
    return true;
}
