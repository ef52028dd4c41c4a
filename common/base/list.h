/* list: a doubly linked list through nodes that live in the caller's structs.
 *
 * Nothing allocates, nothing is owned. A node is in at most one list; one that was never linked is all zero,
 * or initialised with list_node_init(). Every operation takes constant time, except list_count(). */
#ifndef BELLHOP_BASE_LIST_H
#define BELLHOP_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_node {
    struct list_node *next; /* NULL: in no list */
    struct list_node *previous;
};

struct list {
    struct list_node head; /* first and last, or itself when empty */
};

/* The struct of which `node` is the field `member`. */
#define CONTAINER_OF(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

/* for each node, oldest first; the list must not change meanwhile */
#define LIST_EACH(node, list)                                                                                \
    for (struct list_node *node = (list)->head.next; node != &(list)->head; node = node->next)

/* the same, and the body may remove `node` */
#define LIST_EACH_SAFE(node, list)                                                                           \
    for (struct list_node *node = (list)->head.next, *node##_next = node->next; node != &(list)->head;       \
         node = node##_next, node##_next = node->next)

static inline void list_init(struct list *list)
{
    list->head.next = list->head.previous = &list->head;
}

static inline void list_node_init(struct list_node *node)
{
    node->next = node->previous = NULL;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->head.next == &list->head;
}

static inline bool list_is_linked(const struct list_node *node)
{
    return node->next != NULL;
}

/* Put `node`, which is in no list, right before `position`. */
static inline void list_insert_before(struct list_node *position, struct list_node *node)
{
    node->next = position;
    node->previous = position->previous;
    position->previous->next = node;
    position->previous = node;
}

static inline void list_append(struct list *list, struct list_node *node)
{
    list_insert_before(&list->head, node);
}

static inline void list_prepend(struct list *list, struct list_node *node)
{
    list_insert_before(list->head.next, node);
}

/* Does nothing to a node that is in no list. */
static inline void list_remove(struct list_node *node)
{
    if (!list_is_linked(node))
        return;
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_node_init(node);
}

/* NULL when empty. */
static inline struct list_node *list_first(const struct list *list)
{
    return list_is_empty(list) ? NULL : list->head.next;
}

static inline struct list_node *list_last(const struct list *list)
{
    return list_is_empty(list) ? NULL : list->head.previous;
}

/* Remove and return the first; NULL when empty. */
static inline struct list_node *list_take_first(struct list *list)
{
    struct list_node *first = list_first(list);
    if (first)
        list_remove(first);
    return first;
}

static inline size_t list_count(const struct list *list)
{
    size_t count = 0;
    LIST_EACH(node, list)
        count++;
    return count;
}

#endif
