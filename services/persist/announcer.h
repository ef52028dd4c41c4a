/* announcer: the feed, which announces what was committed and, at least every second, where the log is. */
#ifndef BELLHOP_PERSIST_ANNOUNCER_H
#define BELLHOP_PERSIST_ANNOUNCER_H

#include "common/link/publisher.h"
#include "services/persist/commit.h"
#include "services/persist/committer.h"

struct announcer;

/* Binds nothing yet. */
struct announcer *announcer_new(struct loop *loop);
void announcer_close(struct announcer *announcer);

/* 0, or -errno with the reason in `why`. */
int announcer_bind(struct announcer *announcer, struct link_context *context, const char *endpoint, char *why,
                   size_t why_size);

/* With the port that was bound. */
const char *announcer_endpoint(const struct announcer *announcer);

/* Announce a stored commit: its events, then its decisions. */
void announcer_announce(struct announcer *announcer, const struct commit *commit,
                        const struct committer_place *before, const struct committer_place *place);

/* Where the log was found; repeated until there is something to announce. */
void announcer_begin(struct announcer *announcer, const struct committer_place *place);

/* The oldest of the events found undecided was recorded at `at`. */
void announcer_set_undecided(struct announcer *announcer, int64_t at);

AUTO_CLOSE(announcer)

#endif
