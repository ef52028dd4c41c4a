/* recurrence: what comes up again and again: a topic that nobody at the counter could answer, a kind of incident or of
 * complaint in a store, and what went wrong in the contacts of one employee.
 *
 * Once somebody was told of a group, what came up in it, or comes up until its time is over, belongs to it and to no other. */
#ifndef BELLHOP_POLICY_STATE_RECURRENCE_H
#define BELLHOP_POLICY_STATE_RECURRENCE_H

#include "common/policy/state/state.h"

struct reading;

enum {
    RECURRENCE_TIMES = 16, /* that are looked at: those before an event, and its own */
    RECURRENCE_GROUPS = 4  /* that were told of, the last ones */
};

/* One time that it came up. */
struct occasion {
    int64_t at;
    uint64_t seq;
    const char *contact; /* NULL: none */
};

struct told_group {
    int64_t from, until;
};

struct recurrence {
    struct list_node recent;
    struct occasion *occasions; /* that belong to no group, oldest first */
    uint32_t count;
    uint32_t group_count;
    struct told_group groups[RECURRENCE_GROUPS]; /* in the order they were told */
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, NUL, kind and what came up, NUL, employee; of an exercise NUL and a mark */
};

enum { KEY_RECURRENCE_SIZE = 64 + 1 + 1 + 64 + 1 + 64 + 2 };

/* What an event is one more time of. It borrows from the event and the contact. */
struct recurrence_name {
    const char *subject;     /* the topic, or the kind of incident or complaint, or what went wrong */
    const char *employee_id; /* NULL: it is the store's */
    /* Told again in the same contact so soon (microseconds), it is the same; -1: each counts. */
    int64_t once_within;
    size_t key_size;
    char key[KEY_RECURRENCE_SIZE];
};

/* False: the event is one of nothing that is counted. */
bool recurrence_in_store(const WireEvent *event, struct recurrence_name *ret_name);
/* Of the employee who served when the customer complained, or when the contact ended dissatisfied; with the contact `before` the
 * event (NULL: nothing was known of it) and `after` it. */
bool recurrence_of_employee(const WireEvent *event, const struct interaction_known *before,
                            const struct interaction_known *after, struct recurrence_name *ret_name);

/* NULL: it has not come up yet. */
const struct recurrence *recurrence_find(const struct fold *fold, const struct recurrence_name *name);
/* It belongs to a group that was told of, or is one that was told before; `recurrence` may be NULL. */
bool recurrence_is_counted(const struct recurrence *recurrence, const struct recurrence_name *name,
                           const struct occurrence *occurrence);

void recurrence_observe(struct fold *fold, const struct recurrence_name *name,
                        const struct occurrence *occurrence);
/* A group was told of. */
void recurrence_tell(struct fold *fold, const struct recurrence_name *name, struct told_group group);

void recurrences_age(struct fold *fold);
void recurrences_clear(struct fold *fold);
void recurrences_write(const struct fold *fold, struct bytes *into);
void recurrences_read(struct reading *reading);

#endif
