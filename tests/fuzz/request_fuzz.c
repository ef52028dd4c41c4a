/* request_fuzz: any bytes as a register's request: refused with a word and a printable sentence, or encoded
 * again. */
#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* One for all runs: making it anew each time would take most of the time. */
static struct arena *fresh_arena(void)
{
    static struct arena arena;
    if (!arena.memory)
        arena_init(&arena, 1024 * 1024);
    arena_reset(&arena, 0);
    return &arena;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = fresh_arena();
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    void *request = wire_request_read(&wire_register_request_rules, slice_of(data, size), arena, &refusal);
    require(!request == (refusal.reason != WIRE_FINE));
    require(text_is_printable(refusal.field, strlen(refusal.field)));
    require(text_is_printable(refusal.explanation, strlen(refusal.explanation)));
    if (!request)
        return 0;
    struct bytes packed = {0};
    wire_pack(request, &packed);
    require(wire_request_read(&wire_register_request_rules, bytes_slice(&packed), arena, NULL) != NULL);
    bytes_clear(&packed);
    return 0;
}
