/* memory: the one place where running out of memory ends the process. */
#include "common/base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void give_up(void)
{
    fputs("bellhop: out of memory\n", stderr);
    abort();
}

void *allocate(size_t size)
{
    return reallocate(NULL, size);
}

void *allocate_zeroed(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        give_up();
    return memory;
}

void *reallocate(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);
    if (!moved)
        give_up();
    return moved;
}

void *reallocate_array(void *memory, size_t count, size_t element_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_size, &size))
        give_up();
    return reallocate(memory, size);
}

char *duplicate_text(const char *text)
{
    return text ? duplicate_bytes(text, strlen(text) + 1) : NULL;
}

void *duplicate_bytes(const void *data, size_t size)
{
    if (!data)
        return NULL;
    return memcpy(allocate(size), data, size);
}
