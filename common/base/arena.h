/* arena: bounded bump allocation; everything is given back at once.
 *
 * What is decoded from foreign bytes lives in one: a hostile message fills the arena, never the heap. */
#ifndef BELLHOP_BASE_ARENA_H
#define BELLHOP_BASE_ARENA_H

#include "common/base/auto.h"
#include "common/base/bytes.h"

#include <stddef.h>
#include <stdint.h>

struct arena {
    uint8_t *memory;
    size_t size;
    size_t used;
    size_t most_used; /* up to the last reset */
};

/* `size` is all there will ever be. */
void arena_init(struct arena *arena, size_t size);
void arena_clear(struct arena *arena);

/* On the heap. */
struct arena *arena_new(size_t size);
void arena_free(struct arena *arena);
AUTO_FREE(arena)

/* Aligned for any type; NULL when the arena is full. Never zeroed. */
static inline void *arena_allocate(struct arena *arena, size_t size)
{
    size_t room = arena->size - arena->used;
    if (size > room)
        return NULL;
    void *memory = arena->memory + arena->used;
    size_t aligned = (size + 15) & ~(size_t)15;
    arena->used += aligned < room ? aligned : room;
    return memory;
}

/* Copies; NULL when the arena is full. The text's copy ends with NUL. */
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_text(struct arena *arena, struct slice text);

/* Take back all that was allocated since arena->used was `used`; 0 takes back everything. */
void arena_reset(struct arena *arena, size_t used);

#endif
