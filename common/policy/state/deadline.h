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
    DEADLINE_OF_GOOD_NEWS,
    DEADLINE_OF_POLICY,
    DEADLINE_OF_CARE
};

struct deadline {
    struct heap_node node;  /* waiting, by due_at */
    struct list_node given; /* given out, its event not applied yet */
    int64_t due_at;
    enum deadline_owner owner;
    uint32_t
        report; /* 0; DEADLINE_UNREPORTED and its place among them; or the number it was reported under */
};

#define DEADLINE_UNREPORTED (UINT32_C(1) << 31)

struct deadlines {
    struct heap waiting;
    struct list given;
    struct deadline **unreported; /* armed, and nobody was told: deadline_report() */
    size_t unreported_count, unreported_capacity;
    uint32_t *ended; /* numbers of those that were reported and are open no more */
    size_t ended_count, ended_capacity;
    uint32_t last_number;
    size_t count;
};

void deadlines_init(struct deadlines *deadlines);
void deadlines_clear(struct deadlines *deadlines);

/* Arm, or move. */
void deadline_set(struct deadlines *deadlines, struct deadline *deadline, int64_t due_at);
/* Does nothing to one that is not armed. */
void deadline_stop(struct deadlines *deadlines, struct deadline *deadline);
/* Take one of the unreported ones; NULL: there is none. */
struct deadline *deadline_take_unreported(struct deadlines *deadlines);
/* Give it a number, from 1; they begin again after two thousand million. */
uint32_t deadline_report(struct deadlines *deadlines, struct deadline *deadline);

bool deadline_is_set(const struct deadline *deadline);
/* It is armed for `due_at`. An event that names another time belongs to a clock that was stopped. */
bool deadline_is_of(const struct deadline *deadline, int64_t due_at);

#endif
