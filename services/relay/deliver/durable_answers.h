/* durable_answers: what sessions say of their deliveries. Internal to the durable streams. */
#ifndef BELLHOP_RELAY_DELIVER_DURABLE_ANSWERS_H
#define BELLHOP_RELAY_DELIVER_DURABLE_ANSWERS_H

#include "common/wire/position.h"
#include "services/relay/stream/place.h"

struct durable;

/* A confirmation that is answered once it is stored. */
struct durable_answer {
    uint64_t session;
    char decision_id[DECISION_ID_TEXT_SIZE];
};

struct durable_answers {
    struct durable_answer *all;
    size_t count;
    size_t capacity;
};

void durable_answers_refuse(struct durable *durable, uint64_t session, const char *decision_id,
                            const char *complaint);

/* False, after having refused, when `decision_id` is none or the stream is not open. */
bool durable_answers_place(struct durable *durable, uint64_t session, const char *decision_id,
                           struct place *ret_place);

/* What waited is on its way to be stored; and: it is stored, say so. */
void durable_answers_ask(struct durable *durable);
void durable_answers_send(struct durable *durable);

void durable_answers_clear(struct durable_answers *answers);

#endif
