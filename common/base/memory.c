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

void *memory_allocate(size_t size)
{
    return memory_resize(NULL, size);
}

void *memory_zeroed(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        give_up();
    return memory;
}

void *memory_resize(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);
    if (!moved)
        give_up();
    return moved;
}

void *memory_resize_array(void *memory, size_t count, size_t element_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_size, &size))
        give_up();
    return memory_resize(memory, size);
}

char *memory_copy_text(const char *text)
{
    return text ? memory_copy(text, strlen(text) + 1) : NULL;
}

void *memory_copy(const void *data, size_t size)
{
    if (!data)
        return NULL;
    return memcpy(memory_allocate(size), data, size);
}
