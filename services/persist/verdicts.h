/* verdicts: who waits for a verdict, and who hears when a case changes.
 *
 * A verdict that is decided while somebody waits is taken from the decisions just committed; older ones are read.
 * Waiting is bounded in number and time: afterwards the answer is PENDING, never a guess. */
#ifndef BELLHOP_PERSIST_VERDICTS_H
#define BELLHOP_PERSIST_VERDICTS_H

#include "common/loop/loop.h"
#include "services/persist/commit.h"
#include "services/persist/committer.h"
#include "services/persist/reply.h"

struct verdicts;
struct verdicts *verdicts_open(struct loop *loop, const char *database_url, reply_send *reply, void *owner);
void verdicts_close(struct verdicts *verdicts);

/* Where the log is. */
void verdicts_begin(struct verdicts *verdicts, const struct committer_place *place);

/* A commit is stored: senders that set want_verdict begin to wait, those whose event is decided now are answered, and
 * so are the listeners. */
void verdicts_note(struct verdicts *verdicts, const struct commit *commit,
                   const struct committer_place *before, const struct committer_place *place);

/* Answered at once, when it is decided, or after its wait_ms. */
void verdicts_read(struct verdicts *verdicts, const struct link_peer *peer, const WireVerdictRead *read);

/* `peer` hears every VerdictUpdate from now on, for as long as it is connected, but for those of sources that
 * another one wants. */
void verdicts_listen(struct verdicts *verdicts, const struct link_peer *peer);

/* The VerdictUpdates of this source go to `peer` alone: the newest that wanted them. */
void verdicts_want(struct verdicts *verdicts, const char *source, const struct link_peer *peer);

AUTO_CLOSE(verdicts)

#endif
