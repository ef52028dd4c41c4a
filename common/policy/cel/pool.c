/* pool: chunks in a list, the newest first; a large piece gets a chunk of its own. */

#include "common/policy/cel/pool.h"

#include "common/base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_ALIGNMENT = 16, POOL_CHUNK_BYTES = 4096 - 64 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(POOL_ALIGNMENT) char bytes[];
};

struct pool {
    struct chunk *newest;
};

struct pool *pool_new(void)
{
    return NEW(pool);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    for (struct chunk *chunk = pool->newest, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(pool);
}

static struct chunk *grow(struct pool *pool, size_t size)
{
    size_t wanted = size > POOL_CHUNK_BYTES ? size : POOL_CHUNK_BYTES;
    struct chunk *chunk = memory_allocate(sizeof *chunk + wanted);
    *chunk = (struct chunk){.next = pool->newest, .size = wanted};
    return pool->newest = chunk;
}

void *pool_allocate(struct pool *pool, size_t size)
{
    size_t rounded = (size + POOL_ALIGNMENT - 1) & ~(size_t)(POOL_ALIGNMENT - 1);
    struct chunk *chunk = pool->newest;
    if (!chunk || chunk->size - chunk->used < rounded)
        chunk = grow(pool, rounded);
    void *piece = chunk->bytes + chunk->used;
    chunk->used += rounded;
    return memset(piece, 0, rounded);
}

char *pool_text(struct pool *pool, const char *bytes, size_t size)
{
    char *text = pool_allocate(pool, size + 1);
    if (size)
        memcpy(text, bytes, size);
    return text;
}

char *pool_print(struct pool *pool, const char *format, ...)
{
    va_list arguments, again;
    assert(format);
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = pool_allocate(pool, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}
