/* item: the decoded message lies behind the struct, in one piece of memory. */
#include "services/relay/stream/item.h"

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/wire/wire.h"
#include "services/relay/stream/hold_key.h"

enum { ITEM_ARENA_LEAST = 2048, ITEM_ARENA_MOST = 16 * 1024 * 1024 };

struct item_memory {
    struct item item;
    struct arena arena;
};

/* Decoded into an arena that is doubled until the message fits. */
static const WireDecision *decode(struct item_memory *memory, struct slice packed)
{
    for (size_t size = ITEM_ARENA_LEAST; size <= ITEM_ARENA_MOST; size *= 2) {
        bool is_full = false;
        arena_init(&memory->arena, size);
        const WireDecision *decision =
            wire_unpack(&wire_decision__descriptor, packed, &memory->arena, &is_full);
        if (decision && decision->position)
            return decision;
        arena_clear(&memory->arena);
        if (!is_full)
            return NULL;
    }
    return NULL;
}

struct item *item_new(struct slice packed)
{
    struct item_memory *memory = NEW(item_memory);
    struct item *item = &memory->item;
    item->decision = decode(memory, packed);
    if (!item->decision) {
        free(memory);
        return NULL;
    }
    struct decision_id id = decision_id_of(item->decision);
    item->holders = 1;
    item->place = (struct place){.seq = id.position.seq, .ordinal = id.ordinal};
    item->topic = topic_of(item->decision);
    item->bytes = sizeof *memory + memory->arena.size;
    decision_id_format(id, item->decision_id);
    return item;
}

struct item *item_hold(struct item *item)
{
    item->holders++;
    return item;
}

void item_release(struct item *item)
{
    if (!item || --item->holders > 0)
        return;
    struct item_memory *memory = (struct item_memory *)item;
    arena_clear(&memory->arena);
    free(memory);
}

void item_hold_key(const struct item *item, struct bytes *into)
{
    const WireDecision *decision = item->decision;
    hold_key_write(decision->store_id, decision->interaction_id, decision->subject_id, into);
}

const WireCase *item_case(const struct item *item)
{
    return item->decision->body_case == WIRE_DECISION__BODY_CASE ? item->decision->case_ : NULL;
}
