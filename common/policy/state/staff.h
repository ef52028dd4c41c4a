/* staff: employees, the stores they are on duty in, and what they know. */
#ifndef BELLHOP_POLICY_STATE_STAFF_H
#define BELLHOP_POLICY_STATE_STAFF_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/care.h"
#include "common/policy/state/key.h"
#include "proto/bellhop/v1/event.pb-c.h"

struct fold;
struct reading;

/* Somebody whose duty was announced, or who serves. */
struct employee {
    struct list_node recent;
    struct list served;        /* open interactions, through in_server */
    struct list backups;       /* live cases while they are busy, through in_employee */
    struct list_node in_store; /* among the staff */
    char *knows;               /* topics and departments: each 't' or 'd', the word, NUL */
    uint32_t knows_size;
    const char *role;
    const char *drilled_role; /* in an exercise, whose duty is no duty in earnest */
    bool is_on_duty;
    int64_t duty_at; /* when that began, or ended; 0: nothing was told of it */
    int64_t
        served_from_at; /* the beginning of the store's day on which it was last said that they served; 0: never */
    uint8_t served_level; /* and as what */
    int64_t back_at;      /* off duty: when they are expected again; 0: nobody said */
    uint64_t seq;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, NUL, employee */
};

/* Their duty was announced, and has ended. */
static inline bool staff_is_off(const struct employee *employee)
{
    return employee->duty_at && !employee->is_on_duty;
}

static inline const char *staff_id(const struct employee *employee)
{
    return key_second(employee->key);
}

struct store {
    struct list_node recent;
    struct list staff;             /* on duty, longest first, through in_store */
    struct deadline policy_begins; /* when the staff hear of the next policy; see policy_begin.h */
    uint64_t policy_next;          /* its version, while that is armed */
    uint64_t policy_told;          /* the last version they know of; 0: none */
    uint32_t on_duty;
    int64_t day_from_at; /* likewise, of its day */
    struct care care;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* the store's id */
};

/* On duty an employee belongs to the staff of the store, and knows what the event says. */
void staff_join(struct fold *fold, struct store *store, struct employee *employee, const WireOnDuty *duty);
void staff_leave(struct fold *fold, struct employee *employee);
enum knowledge { KNOWS_TOPIC = 't', KNOWS_DEPARTMENT = 'd' };
bool staff_knows(const struct employee *employee, enum knowledge kind, const char *word);
/* The store is forgotten. */
void staff_forget(struct fold *fold, struct store *store);

/* After those of stores and employees: who is on the staff, in what order, and knows what. */
void staff_write(const struct fold *fold, struct bytes *into);
void staff_read(struct reading *reading);

#endif
