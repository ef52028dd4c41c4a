/* utf8: RFC 3629, without overlong forms and surrogates. */

#include "common/policy/cel/utf8.h"

static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if ((first & 0xf0) == 0xe0)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t utf8_length(const char *bytes, size_t size)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *b = (const unsigned char *)bytes;
    size_t length = size ? sequence_length(b[0]) : 0;
    if (length <= 1)
        return length;
    if (length > size)
        return 0;
    uint32_t point = b[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (b[i] & 0x3f);
    }
    return point >= lowest[length] && utf8_is_scalar(point) ? length : 0;
}

size_t utf8_count(const char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return count;
}

bool utf8_is_scalar(uint32_t point)
{
    return point < 0x110000 && (point < 0xd800 || point > 0xdfff);
}

size_t utf8_write(uint32_t point, char *ret_bytes)
{
    if (point < 0x80) {
        ret_bytes[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        ret_bytes[i] = (char)(0x80 | (point & 0x3f));
    ret_bytes[0] = (char)((0xf00u >> length) | point);
    return length;
}

size_t utf8_cut(const char *bytes, size_t size, size_t limit)
{
    if (size <= limit)
        return size;
    while (limit > 0 && ((unsigned char)bytes[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}
