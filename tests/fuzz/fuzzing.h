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

/* Any bytes as a request: refused with a word and a printable sentence, or encoded again and read alike. */
static inline void try_request(const struct wire_message_rules *rules, const uint8_t *data, size_t size)
{
    struct arena *arena = fresh_arena();
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    void *request = wire_request_read(rules, slice_of(data, size), arena, &refusal);
    require(!request == (refusal.reason != WIRE_FINE));
    require(text_is_printable(refusal.field, strlen(refusal.field)));
    require(text_is_printable(refusal.explanation, strlen(refusal.explanation)));
    if (!request)
        return;
    struct bytes packed = {0};
    wire_pack(request, &packed);
    require(wire_request_read(rules, bytes_slice(&packed), arena, NULL) != NULL);
    bytes_clear(&packed);
}

#endif
