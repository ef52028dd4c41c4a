/* topic: who can answer what, and the questions that nobody at the counter could. */
#ifndef BELLHOP_POLICY_STATE_TOPIC_H
#define BELLHOP_POLICY_STATE_TOPIC_H

#include "common/policy/state/state.h"

struct reading;

enum { TOPIC_TIMES = 16 }; /* that are looked at: those before an event, and its own */

/* A topic somebody was asked about in a store, in vain. */
struct topic {
    struct list_node recent;
    int64_t asked_at[TOPIC_TIMES - 1]; /* the last times, oldest first */
    uint32_t asked;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, NUL, topic */
};

struct topic *state_topic(const struct fold *fold, const char *store_id, const char *topic);
void topic_observe(struct fold *fold, const struct occurrence *occurrence);
/* On duty an employee belongs to the staff of the store, and knows what the event says. */
void staff_join(struct fold *fold, struct store *store, struct employee *employee, const WireOnDuty *duty);
void staff_leave(struct fold *fold, struct employee *employee);
enum knowledge { KNOWS_TOPIC = 't', KNOWS_DEPARTMENT = 'd' };
bool staff_knows(const struct employee *employee, enum knowledge kind, const char *word);
/* The store is forgotten. */
void staff_forget(struct fold *fold, struct store *store);

void topics_age(struct fold *fold);
void topics_clear(struct fold *fold);
void topics_write(const struct fold *fold, struct bytes *into);
void topics_read(struct reading *reading);
/* After those of stores and employees: who is on the staff, in what order, and knows what. */
void staff_write(const struct fold *fold, struct bytes *into);
void staff_read(struct reading *reading);

#endif
