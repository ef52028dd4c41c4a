/* operation_text: strings. Their order is that of code points, which in UTF-8 is that of bytes. */

#include "common/policy/cel/operation.h"
#include "common/policy/cel/utf8.h"

#include <string.h>

#define OPERATION(name)                                                                                      \
    const char *name(__attribute__((unused)) struct machine *machine, const union cel_datum *a,              \
                     union cel_datum *ret)

enum { BYTES_PER_STEP = 64 };

/* Below zero, zero, above. */
static int text_compare(struct cel_text a, struct cel_text b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter ? memcmp(a.bytes, b.bytes, shorter) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

#define RELATION(name, comparison)                                                                           \
    OPERATION(name)                                                                                          \
    {                                                                                                        \
        ret->truth = text_compare(a[0].text, a[1].text) comparison;                                          \
        return NULL;                                                                                         \
    }

RELATION(string_less, < 0)
RELATION(string_less_equal, <= 0)
RELATION(string_more, > 0)
RELATION(string_more_equal, >= 0)

OPERATION(string_concat)
{
    struct cel_text left = a[0].text, right = a[1].text;
    if (!machine_charge(machine, (left.size + right.size) / BYTES_PER_STEP))
        return machine_out_of_steps;
    char *bytes = machine_allocate(machine, left.size + right.size);
    if (!bytes)
        return machine_out_of_memory;
    if (left.size)
        memcpy(bytes, left.bytes, left.size);
    if (right.size)
        memcpy(bytes + left.size, right.bytes, right.size);
    ret->text = (struct cel_text){bytes, left.size + right.size};
    return NULL;
}

OPERATION(string_size)
{
    ret->integer = (int64_t)utf8_count(a[0].text.bytes, a[0].text.size);
    return NULL;
}

/* memmem() is linear in the sum of both sizes. */
OPERATION(string_contains)
{
    if (!machine_charge(machine, (a[0].text.size + a[1].text.size) / BYTES_PER_STEP))
        return machine_out_of_steps;
    ret->truth = a[1].text.size == 0 ||
                 (a[0].text.size && memmem(a[0].text.bytes, a[0].text.size, a[1].text.bytes, a[1].text.size));
    return NULL;
}

OPERATION(string_starts_with)
{
    struct cel_text text = a[0].text, start = a[1].text;
    ret->truth =
        start.size == 0 || (start.size <= text.size && memcmp(text.bytes, start.bytes, start.size) == 0);
    return NULL;
}

OPERATION(string_ends_with)
{
    struct cel_text text = a[0].text, end = a[1].text;
    ret->truth = end.size == 0 || (end.size <= text.size &&
                                   memcmp(text.bytes + text.size - end.size, end.bytes, end.size) == 0);
    return NULL;
}
