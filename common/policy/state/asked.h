/* asked: the employees who were asked for a word about a case, and have not given it yet. */
#ifndef BELLHOP_POLICY_STATE_ASKED_H
#define BELLHOP_POLICY_STATE_ASKED_H

#include "common/policy/state/state.h"

struct reading;

struct asked {
    struct list_node recent;
    const char *employee, *store; /* names */
    bool is_drill;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* the case's id */
};

/* NULL: nobody was asked, or they have answered, or it was too long ago. */
const struct asked *asked_find(const struct fold *fold, const char *escalation_id);
/* `decision` is a notice that asks. */
void asked_note(struct fold *fold, const WireDecision *decision);
/* They have answered. */
void asked_answer(struct fold *fold, const char *escalation_id);

void asked_age(struct fold *fold);
void asked_clear(struct fold *fold);
void asked_write(const struct fold *fold, struct bytes *into);
void asked_read(struct reading *reading);

#endif
