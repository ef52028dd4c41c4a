/* entry: what all entries of the state have in common. Internal to common/policy. */
#ifndef BELLHOP_POLICY_STATE_ENTRY_H
#define BELLHOP_POLICY_STATE_ENTRY_H

#include "common/base/memory.h"
#include "common/policy/state/state.h"

#include <stdlib.h>

/* A zeroed entry with room for its key, and a final NUL, behind it. */
static inline void *entry_new(struct fold *fold, size_t entry_size, size_t key_size)
{
    fold->bytes += entry_size + key_size + 1;
    return memory_zeroed(entry_size + key_size + 1);
}

static inline void entry_free(struct fold *fold, void *entry, size_t entry_size, size_t key_size)
{
    fold->bytes -= entry_size + key_size + 1;
    free(entry);
}

/* A new one, under the key in `from`. */
#define ENTRY_ADD(fold, map, entry, from, size)                                                              \
    ((entry) = entry_new(fold, sizeof *(entry), size), (entry)->key_size = (uint16_t)(size),                 \
     memcpy((entry)->key, from, size), (void)map_put(map, (entry)->key, size, entry))

/* Out of its list and its map, and freed. */
#define ENTRY_REMOVE(fold, map, entry)                                                                       \
    (list_remove(&(entry)->recent), (void)map_take(map, (entry)->key, (entry)->key_size),                    \
     entry_free(fold, entry, sizeof *(entry), (entry)->key_size))

/* To the end of the list, wherever it is: the longest untouched come first. */
static inline void entry_touch(struct list *list, struct list_node *node)
{
    list_remove(node);
    list_append(list, node);
}

/* Drop the entries of a list that were touched longest ago: those too old, and (counted as lost) those beyond the cap. */
#define ENTRIES_AGE(noun, list, age_us, is_above_cap, drop)                                                  \
    for (struct list_node * node; (node = list_first(list));) {                                              \
        struct noun *oldest = CONTAINER_OF(node, struct noun, recent);                                       \
        bool is_old = oldest->touched_at + (age_us) < fold->recorded_at;                                     \
        if (!is_old && !(is_above_cap))                                                                      \
            break;                                                                                           \
        fold->forgotten += !is_old;                                                                          \
        drop(fold, oldest);                                                                                  \
    }

#define ENTRIES_CLEAR(noun, list, drop)                                                                      \
    for (struct list_node * node; (node = list_first(list));)                                                \
        drop(fold, CONTAINER_OF(node, struct noun, recent));

/* Keep `body` packed instead of what was kept before. */
void entry_repack(struct fold *fold, const ProtobufCMessage *body, uint8_t **packed, size_t *size);

#endif
