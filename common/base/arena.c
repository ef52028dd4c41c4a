/* arena: one block, a mark that moves. */
#include "common/base/arena.h"

#include "common/base/memory.h"

#include <assert.h>

void arena_init(struct arena *arena, size_t size)
{
    *arena = (struct arena){.memory = memory_allocate(size), .size = size};
}

void arena_clear(struct arena *arena)
{
    free(arena->memory);
    *arena = (struct arena){0};
}

struct arena *arena_new(size_t size)
{
    struct arena *arena = NEW(arena);
    arena_init(arena, size);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_clear(arena);
    free(arena);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_allocate(arena, size);
    return copy && size ? memcpy(copy, data, size) : copy;
}

char *arena_text(struct arena *arena, struct slice text)
{
    if (text.size == SIZE_MAX)
        return NULL;
    char *copy = arena_allocate(arena, text.size + 1);
    if (!copy)
        return NULL;
    if (text.size)
        memcpy(copy, text.data, text.size);
    copy[text.size] = 0;
    return copy;
}

void arena_reset(struct arena *arena, size_t used)
{
    assert(used <= arena->used);
    if (arena->used > arena->most_used)
        arena->most_used = arena->used;
    arena->used = used;
}
