/* fuzzing: what the fuzz targets have in common. */
#ifndef BELLHOP_TESTS_FUZZ_FUZZING_H
#define BELLHOP_TESTS_FUZZ_FUZZING_H

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds)
{
    if (!holds)
        abort();
}

/* One for all runs: making it anew each time would take most of the time. */
static inline struct arena *fresh_arena(void)
{
    static struct arena arena;
    if (!arena.memory)
        arena_init(&arena, 1024 * 1024);
    arena_reset(&arena, 0);
    return &arena;
}

#endif
