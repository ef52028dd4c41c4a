/* deadline: something that will be due, inside the thing it is about. */
#ifndef BELLHOP_POLICY_STATE_DEADLINE_H
#define BELLHOP_POLICY_STATE_DEADLINE_H

#include "common/base/heap.h"
#include "common/base/list.h"

#include <stdint.h>

enum deadline_owner {
    DEADLINE_OF_COUNTDOWN,
    DEADLINE_OF_ESCALATION,
    DEADLINE_OF_FOLLOW_UP,
    DEADLINE_OF_PROMISE,
    DEADLINE_OF_APPOINTMENT,
    DEADLINE_OF_ATTENDANCE,
    DEADLINE_OF_GOOD_NEWS
};

struct deadline {
    struct heap_node node;  /* waiting, by due_at */
    struct list_node given; /* given out, its event not applied yet */
    int64_t due_at;
    enum deadline_owner owner;
};

struct deadlines {
    struct heap waiting;
    struct list given;
    size_t count;
};

void deadlines_init(struct deadlines *deadlines);
void deadlines_clear(struct deadlines *deadlines);

/* Arm, or move. */
void deadline_set(struct deadlines *deadlines, struct deadline *deadline, int64_t due_at);
/* Does nothing to one that is not armed. */
void deadline_stop(struct deadlines *deadlines, struct deadline *deadline);
bool deadline_is_set(const struct deadline *deadline);
/* It is armed for `due_at`. An event that names another time belongs to a clock that was stopped. */
bool deadline_is_of(const struct deadline *deadline, int64_t due_at);

#endif
