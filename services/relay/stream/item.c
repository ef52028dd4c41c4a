/* item: the decoded message lies behind the struct, in one piece of memory. */
#include "services/relay/stream/item.h"

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/wire/wire.h"

enum { ITEM_ARENA_LEAST = 2048, ITEM_ARENA_MOST = 16 * 1024 * 1024 };

struct item_memory {
    struct item item;
    struct arena arena;
};

/* Decoded into an arena that is doubled until the message fits. */
static const WireDecision *item_decode(struct item_memory *memory, struct slice packed)
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
    item->decision = item_decode(memory, packed);
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

void hold_key_of(const char *store_id, const char *interaction_id, const char *subject_id, struct bytes *into)
{
    bool has_interaction = interaction_id && *interaction_id;
    const char *key = has_interaction ? interaction_id : subject_id;
    if (!key || !*key)
        return;
    bytes_append_u8(into, has_interaction ? 'i' : 's');
    if (store_id)
        bytes_append_text(into, store_id);
    bytes_append_u8(into, 0);
    bytes_append_text(into, key);
}

void item_hold_key(const struct item *item, struct bytes *into)
{
    const WireDecision *decision = item->decision;
    hold_key_of(decision->store_id, decision->interaction_id, decision->subject_id, into);
}

const WireCase *item_case(const struct item *item)
{
    return item->decision->body_case == WIRE_DECISION__BODY_CASE ? item->decision->case_ : NULL;
}
