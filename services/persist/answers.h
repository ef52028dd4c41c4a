/* answers: when a case changes, every listener is sent the case as it stands, and its answer with the answerer's
 * sentence. */
#ifndef BELLHOP_PERSIST_ANSWERS_H
#define BELLHOP_PERSIST_ANSWERS_H

#include "common/store/read/database.h"
#include "services/persist/commit.h"
#include "services/persist/reply.h"

struct answers;
struct answers *answers_new(struct database *database, reply_send *reply, void *owner);
void answers_free(struct answers *answers);

/* Each connection counts once; when there are too many, the oldest gives way. */
void answers_listen(struct answers *answers, const struct link_peer *peer);

/* `source` is a valid one. Its updates go to `peer` alone, as long as that is connected; the newest counts. */
void answers_want(struct answers *answers, const char *source, const struct link_peer *peer, int64_t now_ms);

/* Send the cases that this commit changed. */
void answers_send(struct answers *answers, const struct commit *commit);

#endif
