/* heap: a binary heap of nodes that live in the caller's structs, smallest key first.
 *
 * Nodes know their place, so any can be moved or removed in O(log n). Equal keys come out by `order`,
 * which heap_put() counts up: they come out in the order they were put in. The heap owns no node. */
#ifndef BELLHOP_BASE_HEAP_H
#define BELLHOP_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_node {
    int64_t key;
    uint64_t order; /* decides between equal keys */
    size_t place;   /* from 1; 0: in no heap */
};

struct heap {
    struct heap_node **nodes;
    size_t count;
    size_t capacity;
    uint64_t next_order;
};

/* An all-zero heap is initialised and empty. */
void heap_init(struct heap *heap);

/* Forgets the nodes, which become free for another heap. */
void heap_clear(struct heap *heap);

/* Put in `node`, or move it when it is in this heap already; it queues behind equal keys. */
void heap_put(struct heap *heap, struct heap_node *node, int64_t key);

/* The same, with the order among equal keys chosen by the caller. */
void heap_put_ordered(struct heap *heap, struct heap_node *node, int64_t key, uint64_t order);

/* Does nothing to a node that is in no heap. */
void heap_remove(struct heap *heap, struct heap_node *node);

/* The smallest, or NULL. */
static inline struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count ? heap->nodes[0] : NULL;
}

static inline bool heap_is_member(const struct heap_node *node)
{
    return node->place != 0;
}

#endif
