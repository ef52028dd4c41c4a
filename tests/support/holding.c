/* holding: snapshots in one piece, and deadlines taken back. */
#include "tests/support/holding.h"

#include "common/policy/state/state.h"

static void append(void *owner, struct slice piece)
{
    bytes_append(owner, piece.data, piece.size);
}

void holding_write(const struct fold *fold, struct bytes *into)
{
    fold_snapshot_stream(fold, append, into);
}

void holding_due_again(struct fold *fold)
{
    struct list_node *first;
    while ((first = list_take_first(&fold->deadlines.given))) {
        struct deadline *deadline = CONTAINER_OF(first, struct deadline, given);
        heap_put(&fold->deadlines.waiting, &deadline->node, deadline->due_at);
    }
}
