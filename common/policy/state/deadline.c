/* deadline: a heap of those that wait, a list of those that were given out. */
#include "common/policy/state/deadline.h"

void deadlines_init(struct deadlines *deadlines)
{
    heap_init(&deadlines->waiting);
    list_init(&deadlines->given);
    deadlines->count = 0;
}

void deadlines_clear(struct deadlines *deadlines)
{
    heap_clear(&deadlines->waiting);
}

bool deadline_is_set(const struct deadline *deadline)
{
    return heap_is_member(&deadline->node) || list_is_linked(&deadline->given);
}

bool deadline_is_of(const struct deadline *deadline, int64_t due_at)
{
    return deadline_is_set(deadline) && deadline->due_at == due_at;
}

void deadline_stop(struct deadlines *deadlines, struct deadline *deadline)
{
    if (!deadline_is_set(deadline))
        return;
    heap_remove(&deadlines->waiting, &deadline->node);
    list_remove(&deadline->given);
    deadlines->count--;
}

void deadline_set(struct deadlines *deadlines, struct deadline *deadline, int64_t due_at)
{
    if (deadline_is_set(deadline) && deadline->due_at == due_at)
        return; /* it keeps its place, and stays given out */
    deadline_stop(deadlines, deadline);
    deadline->due_at = due_at;
    heap_put(&deadlines->waiting, &deadline->node, due_at);
    deadlines->count++;
}
