/* auto: locals that own, and handing over.
 *
 * AUTO(loop) *l = loop_new() is freed by loop_free when its scope ends; TAKE(l) hands it over and leaves NULL.
 * A module that has noun_free() writes AUTO_FREE(noun) once, below it in its header; one that has noun_close(),
 * AUTO_CLOSE(noun). */
#ifndef BELLHOP_BASE_AUTO_H
#define BELLHOP_BASE_AUTO_H

#include <stdlib.h>

/* A pointer to `struct noun` in this scope's possession: AUTO(loop) *loop = loop_new(); */
#define AUTO(noun) __attribute__((cleanup(noun##_auto_free))) struct noun

/* A `struct noun` held by value, emptied by noun_clear(): AUTO_CLEAR(bytes) line = {0}; */
#define AUTO_CLEAR(noun) __attribute__((cleanup(noun##_clear))) struct noun

/* A text made by malloc or base/memory: AUTO_TEXT char *name = memory_copy_text(…); */
#define AUTO_TEXT __attribute__((cleanup(text_auto_free)))

/* Makes AUTO(noun) work: defines what runs at the end of the scope. */
#define AUTO_FREE(noun)                                                                                      \
    static inline void noun##_auto_free(struct noun **owned)                                                 \
    {                                                                                                        \
        noun##_free(*owned);                                                                                 \
    }

/* The same for a noun that has noun_close(). */
#define AUTO_CLOSE(noun)                                                                                     \
    static inline void noun##_auto_free(struct noun **owned)                                                 \
    {                                                                                                        \
        if (*owned)                                                                                          \
            noun##_close(*owned);                                                                            \
    }

/* The pointer's value; the variable becomes NULL, so that its scope frees nothing. */
#define TAKE(pointer)                                                                                        \
    ({                                                                                                       \
        __typeof__(pointer) taken_ = (pointer);                                                              \
        (pointer) = NULL;                                                                                    \
        taken_;                                                                                              \
    })

static inline void text_auto_free(char **owned)
{
    free(*owned);
}

#endif
