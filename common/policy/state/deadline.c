/* deadline: a heap of those that wait, a list of those that were given out, an array of those that nobody was told of. */
#include "common/policy/state/deadline.h"

#include "common/base/memory.h"

#include <stdlib.h>

void deadlines_init(struct deadlines *deadlines)
{
    *deadlines = (struct deadlines){0};
    heap_init(&deadlines->waiting);
    list_init(&deadlines->given);
}

void deadlines_clear(struct deadlines *deadlines)
{
    heap_clear(&deadlines->waiting);
    free(deadlines->unreported);
    free(deadlines->ended);
}

bool deadline_is_set(const struct deadline *deadline)
{
    return heap_is_member(&deadline->node) || list_is_linked(&deadline->given);
}

bool deadline_is_of(const struct deadline *deadline, int64_t due_at)
{
    return deadline_is_set(deadline) && deadline->due_at == due_at;
}

/* --- reporting --- */

/* The last of the unreported ones takes its place. */
static void leave_unreported(struct deadlines *deadlines, struct deadline *deadline)
{
    uint32_t place = deadline->report & ~DEADLINE_UNREPORTED;
    struct deadline *last = deadlines->unreported[--deadlines->unreported_count];
    deadlines->unreported[place] = last;
    last->report = deadline->report;
    deadline->report = 0;
}

static void forget_report(struct deadlines *deadlines, struct deadline *deadline)
{
    if (deadline->report & DEADLINE_UNREPORTED) {
        leave_unreported(deadlines, deadline);
    } else if (deadline->report) {
        MAKE_ROOM(deadlines->ended, deadlines->ended_count, deadlines->ended_capacity);
        deadlines->ended[deadlines->ended_count++] = deadline->report;
        deadline->report = 0;
    }
}

struct deadline *deadline_take_unreported(struct deadlines *deadlines)
{
    if (deadlines->unreported_count == 0)
        return NULL;
    struct deadline *deadline = deadlines->unreported[deadlines->unreported_count - 1];
    leave_unreported(deadlines, deadline);
    return deadline;
}

uint32_t deadline_report(struct deadlines *deadlines, struct deadline *deadline)
{
    deadlines->last_number = (deadlines->last_number + 1) & ~DEADLINE_UNREPORTED;
    deadline->report = deadlines->last_number = deadlines->last_number ? deadlines->last_number : 1;
    return deadline->report;
}

/* --- setting --- */

void deadline_stop(struct deadlines *deadlines, struct deadline *deadline)
{
    if (!deadline_is_set(deadline))
        return;
    heap_remove(&deadlines->waiting, &deadline->node);
    list_remove(&deadline->given);
    forget_report(deadlines, deadline);
    deadlines->count--;
}

void deadline_set(struct deadlines *deadlines, struct deadline *deadline, int64_t due_at)
{
    if (deadline_is_set(deadline) && deadline->due_at == due_at)
        return; /* it keeps its place, and stays given out */
    deadline_stop(deadlines, deadline);
    deadline->due_at = due_at;
    heap_put(&deadlines->waiting, &deadline->node, due_at);
    MAKE_ROOM(deadlines->unreported, deadlines->unreported_count, deadlines->unreported_capacity);
    deadline->report = DEADLINE_UNREPORTED | (uint32_t)deadlines->unreported_count;
    deadlines->unreported[deadlines->unreported_count++] = deadline;
    deadlines->count++;
}
