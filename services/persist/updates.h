/* updates: when a case is answered, whoever asked to hear it is told, with the answerer's sentence. */
#ifndef BELLHOP_PERSIST_UPDATES_H
#define BELLHOP_PERSIST_UPDATES_H

#include "common/store/database.h"
#include "services/persist/commit.h"
#include "services/persist/verdicts.h"

struct updates;
struct updates *updates_new(struct database *database, verdicts_reply *reply, void *owner);
void updates_free(struct updates *updates);

/* Each connection once; bounded, the oldest gives way. */
void updates_listen(struct updates *updates, const struct link_peer *peer);

/* Tell of the cases that this commit answered. */
void updates_tell(struct updates *updates, const struct commit *commit);

#endif
