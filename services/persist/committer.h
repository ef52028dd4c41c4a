/* committer: one transaction after the other, without a timer.
 *
 * Three commits take turns: one is filled, one is being stored, and the senders of one are answered. When the database
 * finds a repeat, the commit goes through a look-up; when the connection is lost, the next session looks it up, within
 * a few seconds. After that its senders have to try again. */
#ifndef BELLHOP_PERSIST_COMMITTER_H
#define BELLHOP_PERSIST_COMMITTER_H

#include "common/loop/loop.h"
#include "common/store/write/writer.h"
#include "services/persist/commit.h"
#include "services/persist/config.h"

/* Where the log is: what is committed. */
struct committer_place {
    uint32_t epoch;
    uint64_t head;
    uint64_t cursor;
    int64_t recorded_at;
};

struct committer_calls {
    /* The writer changed its state; `why` if it is not ready. */
    void (*on_state)(void *owner, enum writer_state state, const char *why);
    /* A commit is stored and every entry has its receipt; it lives until the call returns. `before` is where the log
     * was. */
    void (*on_stored)(void *owner, const struct commit *commit, const struct committer_place *before);
    /* It is not stored; all its senders may try again. */
    void (*on_abandoned)(void *owner, const struct commit *commit, const char *reason);
    void *owner;
};

struct committer;
struct committer *committer_open(struct loop *loop, const struct persist_config *config,
                                 const struct committer_calls *calls);
void committer_close(struct committer *committer);

/* NULL: it takes requests. Else why they are answered BUSY, a stable word. */
const char *committer_busy_reason(const struct committer *committer);

/* Add requests to this one; it is stored once the writer is free, at the end of this turn at the earliest. */
struct commit *committer_filling(struct committer *committer);
struct recent *committer_recent(struct committer *committer);

/* A door rejected an event: what is followed of its source hears of its number. */
void committer_note_rejected(struct committer *committer, const WireRejectedEvent *rejected);

/* The filling commit has reached its limit. */
bool committer_is_full(const struct committer *committer);

/* Where the cursor will be once everything added is stored. */
uint64_t committer_cursor_to_be(const struct committer *committer);

/* The log has no event, and none is under way. */
bool committer_log_is_empty(const struct committer *committer);

const struct committer_place *committer_place(const struct committer *committer);

/* Turn the loop until everything added is stored, for at most `grace_ms`. */
void committer_drain(struct committer *committer, int64_t grace_ms);

AUTO_CLOSE(committer)

#endif
