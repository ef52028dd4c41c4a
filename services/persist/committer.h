/* committer: one transaction after the other, without a timer.
 *
 * Commits take turns: one is filled while another is being stored and those who wait for a third are told. A
 * repeat that the database finds sends the commit through a look-up; a lost connection sends it through a look-up
 * by the next session, for at most a few seconds, after which everybody who waits is told to try again. */
#ifndef BELLHOP_PERSIST_COMMITTER_H
#define BELLHOP_PERSIST_COMMITTER_H

#include "common/loop/loop.h"
#include "common/store/write/writer.h"
#include "services/persist/commit.h"
#include "services/persist/config.h"
#include "services/persist/sources.h"

/* Where the log is, as far as it is committed. */
struct committer_place {
    uint32_t epoch;
    uint64_t head;
    uint64_t cursor;
    int64_t recorded_at;
};

struct committer_calls {
    /* The writer changed its state; `why` when it is not ready. */
    void (*on_state)(void *owner, enum writer_state state, const char *why);
    /* A commit is stored and every entry has its receipt; the commit is whole until the call returns. `before`
     * is the place it moved the log from. */
    void (*on_stored)(void *owner, const struct commit *commit, const struct committer_place *before);
    /* It is not stored; all who wait may try again. */
    void (*on_abandoned)(void *owner, const struct commit *commit, const char *reason);
    void *owner;
};

struct committer;
struct committer *committer_open(struct loop *loop, const struct persist_config *config,
                                 const struct committer_calls *calls);
void committer_close(struct committer *committer);

/* NULL: it takes requests. Else why they are busy now, a stable word. */
const char *committer_busy_reason(const struct committer *committer);

/* To add requests to; it is stored when the writer is free, from the end of this turn on. */
struct commit *committer_filling(struct committer *committer);
struct recent *committer_recent(struct committer *committer);

/* The filling commit has as much as is good for it. */
bool committer_is_full(const struct committer *committer);

/* Where the cursor will be when all that was added is stored. */
uint64_t committer_cursor_to_be(const struct committer *committer);

/* The log has no event, and none is on its way. */
bool committer_log_is_empty(const struct committer *committer);

const struct committer_place *committer_place(const struct committer *committer);

/* Turn the loop until what was added is stored, at most `grace_ms`. */
void committer_drain(struct committer *committer, int64_t grace_ms);

static inline void committer_free(struct committer *committer)
{
    if (committer)
        committer_close(committer);
}
AUTO_FREE(committer)

#endif
