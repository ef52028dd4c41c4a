/* topic: the questions that nobody at the counter could answer. */
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

struct topic *topic_find(const struct fold *fold, const char *store_id, const char *topic);
void topic_observe(struct fold *fold, const struct occurrence *occurrence);

void topics_age(struct fold *fold);
void topics_clear(struct fold *fold);
void topics_write(const struct fold *fold, struct bytes *into);
void topics_read(struct reading *reading);

#endif
