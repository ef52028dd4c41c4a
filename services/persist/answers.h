/* answers: when a case is answered, whoever asked to hear it is told, with the answerer's sentence. */
#ifndef BELLHOP_PERSIST_ANSWERS_H
#define BELLHOP_PERSIST_ANSWERS_H

#include "common/store/read/database.h"
#include "services/persist/commit.h"
#include "services/persist/reply.h"

struct answers;
struct answers *answers_new(struct database *database, reply_send *reply, void *owner);
void answers_free(struct answers *answers);

/* Each connection once; bounded, the oldest gives way. */
void answers_listen(struct answers *answers, const struct link_peer *peer);

/* Tell of the cases that this commit answered. */
void answers_send(struct answers *answers, const struct commit *commit);

#endif
