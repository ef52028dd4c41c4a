/* follow_up: a task with a due time, open or overdue. Kept packed, as the last decision about it said it. */
#ifndef BELLHOP_POLICY_STATE_FOLLOW_UP_H
#define BELLHOP_POLICY_STATE_FOLLOW_UP_H

#include "common/base/arena.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/customer.h"
#include "common/policy/state/deadline.h"

struct fold;

struct follow_up {
    struct list_node recent;
    struct list_node in_customer;
    struct customer *customer; /* NULL: none, or forgotten */
    struct deadline deadline;
    const struct policy *policy; /* of its opening */
    int kind;                    /* FollowUpKind */
    const char *interaction;     /* as long as the customer is unknown: which it came of. NULL: none */
    struct list_node in_waiting; /* while it waits until its owner is on duty */
    const char *waits_for;       /* them; NULL: it does not */
    bool is_overdue;
    bool is_drill;
    uint64_t opened_seq;
    int64_t touched_at;
    uint8_t *packed; /* WireFollowUp */
    size_t packed_size;
    uint16_t id_size;
    char id[];
};

WireFollowUp *follow_up_read(const struct follow_up *follow_up, struct arena *arena);

/* Forget it. */
void follow_up_drop(struct fold *fold, struct follow_up *follow_up);

#endif
