/* memory: heap memory that is there, or the process ends.
 *
 * Everything returned is released with free(). When memory runs out, the process says so and aborts, here and
 * nowhere else. What must survive that (the client library) calls malloc itself. */
#ifndef BELLHOP_BASE_MEMORY_H
#define BELLHOP_BASE_MEMORY_H

#include <stddef.h>

/* Never NULL, also for size 0. */
void *memory_allocate(size_t size);
void *memory_zeroed(size_t size);

/* As realloc(): `memory` may be NULL, and is gone afterwards. */
void *memory_resize(void *memory, size_t size);

/* As memory_resize() for `count` elements; a product that does not fit a size_t counts as out of memory. */
void *memory_resize_array(void *memory, size_t count, size_t element_size);

/* A copy that is the caller's; of NULL it is NULL. */
char *memory_copy_text(const char *text);
void *memory_copy(const void *data, size_t size);

/* A zeroed `struct noun` on the heap: struct loop *loop = NEW(loop); */
#define NEW(noun) ((struct noun *)memory_zeroed(sizeof(struct noun)))

/* Room for one more element of `array`, which holds `count` and has room for `capacity`. */
#define MAKE_ROOM(array, count, capacity)                                                                    \
    do {                                                                                                     \
        if ((count) == (capacity)) {                                                                         \
            (capacity) = (capacity) ? 2 * (capacity) : 16;                                                   \
            (array) = memory_resize_array((array), (capacity), sizeof *(array));                             \
        }                                                                                                    \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
