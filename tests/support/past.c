/* past: keeps each event and decision as its bytes, read again. */
#include "tests/support/past.h"

#include "common/base/embedded.h"
#include "common/wire/wire.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { ARENA_SIZE = 16 << 20 };

static struct slice keep(struct past *past, const void *message)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(message, &packed);
    void *copy = arena_copy(past->arena, packed.data, packed.size);
    assert_non_null(copy);
    return slice_of(copy, packed.size);
}

static void record(void *owner, const WireLoggedEvent *record, const WireEvent *event,
                   WireDecision *const *decisions, size_t count)
{
    struct past *past = owner;
    assert_true(past->count < PAST_EVENTS && count <= PAST_DECISIONS);
    size_t at = past->count++;
    past->events[at].record = *record;
    past->events[at].position = *record->position;
    past->events[at].record.position = &past->events[at].position;
    past->events[at].event = wire_unpack(&wire_event__descriptor, keep(past, event), past->arena, NULL);
    for (size_t index = 0; index < count; index++) {
        past->events[at].packed[index] = keep(past, decisions[index]);
        past->events[at].decisions[index] =
            wire_unpack(&wire_decision__descriptor, past->events[at].packed[index], past->arena, NULL);
    }
    past->events[at].count = count;
}

struct past *past_new(struct shop *shop)
{
    struct past *past = memory_zeroed(sizeof *past);
    past->arena = arena_new(ARENA_SIZE);
    shop->recorded = record;
    shop->recorder = past;
    shop_propose(shop, NULL, 0);
    return past;
}

void past_free(struct past *past)
{
    if (!past)
        return;
    arena_free(past->arena);
    free(past);
}

struct slice past_shipped(void)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    return slice_of(file->data, *file->size);
}
