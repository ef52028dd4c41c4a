/* heap: sift up, sift down, and every node told its new place. */
#include "common/base/heap.h"

#include "common/base/memory.h"

#include <stdlib.h>

static bool comes_before(const struct heap_node *left, const struct heap_node *right)
{
    return left->key != right->key ? left->key < right->key : left->order < right->order;
}

static void put_at(struct heap *heap, size_t index, struct heap_node *node)
{
    heap->nodes[index] = node;
    node->place = index + 1;
}

static void sift_up(struct heap *heap, size_t index)
{
    struct heap_node *node = heap->nodes[index];
    while (index > 0) {
        size_t parent = (index - 1) / 2;
        if (!comes_before(node, heap->nodes[parent]))
            break;
        put_at(heap, index, heap->nodes[parent]);
        index = parent;
    }
    put_at(heap, index, node);
}

static void sift_down(struct heap *heap, size_t index)
{
    struct heap_node *node = heap->nodes[index];
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && comes_before(heap->nodes[child + 1], heap->nodes[child]))
            child++;
        if (!comes_before(heap->nodes[child], node))
            break;
        put_at(heap, index, heap->nodes[child]);
        index = child;
    }
    put_at(heap, index, node);
}

void heap_init(struct heap *heap)
{
    *heap = (struct heap){0};
}

void heap_clear(struct heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        heap->nodes[i]->place = 0;
    free(heap->nodes);
    heap_init(heap);
}

void heap_put(struct heap *heap, struct heap_node *node, int64_t key)
{
    heap_put_ordered(heap, node, key, heap->next_order++);
}

void heap_put_ordered(struct heap *heap, struct heap_node *node, int64_t key, uint64_t order)
{
    heap_remove(heap, node);
    MAKE_ROOM(heap->nodes, heap->count, heap->capacity);
    node->key = key;
    node->order = order;
    heap->nodes[heap->count] = node;
    sift_up(heap, heap->count++);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    if (!heap_is_member(node))
        return;
    size_t index = node->place - 1;
    struct heap_node *last = heap->nodes[--heap->count];
    node->place = 0;
    if (last == node)
        return;
    put_at(heap, index, last);
    sift_up(heap, index);
    sift_down(heap, last->place - 1);
}
