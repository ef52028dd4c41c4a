/* commit: what waits to be stored in one transaction, and who waits for it. Pure.
 *
 * Requests are added while the previous transaction is under way. Each event is looked up in `recent`: a repeat needs no
 * row, only the outcome of the first one, in this commit or an earlier one. If the database finds more repeats, their
 * rows are dropped (commit_drop_found) and the rest is stored. Then each entry knows its receipt. */
#ifndef BELLHOP_PERSIST_COMMIT_H
#define BELLHOP_PERSIST_COMMIT_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/link/peer.h"
#include "services/persist/commit_parts.h"
#include "services/persist/rejected_quota.h"

#include "proto/bellhop/v1/append.pb-c.h"

struct batch;

struct commit {
    struct batch *batch;
    struct rejected_quota *quota; /* borrowed */
    struct commit_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    struct commit_append *appends;
    size_t append_count;
    size_t append_capacity;
    struct commit_waiter *deciders;
    size_t decider_count;
    size_t decider_capacity;
    struct commit_waiter *streams;
    size_t stream_count;
    size_t stream_capacity;
    struct bytes packed;
    struct commit_decision *decisions;
    size_t decision_count;
    size_t decision_capacity;
    struct bytes doubtful;
    struct commit_doubt *doubts;
    size_t doubt_count;
    size_t doubt_capacity;
    int64_t now;    /* UTC; set by the owner before it adds anything */
    unsigned tries; /* attempts to store it */
    /* An event is known to differ from the one in the log, which must be read to say how. */
    bool has_conflict;
};

/* `quota` limits the rejected events that are kept. */
struct commit *commit_new(struct rejected_quota *quota);
void commit_free(struct commit *commit);
AUTO_FREE(commit)
void commit_reset(struct commit *commit);

/* Nobody waits for it, and there is nothing to store. */
bool commit_is_empty(const struct commit *commit);

/* Add a request with its rejected events. `scratch` is for decoding one event at a time; what cannot be decoded is
 * REJECTED. */
void commit_add_append(struct commit *commit, struct recent *recent, const struct link_peer *peer,
                       const WireAppendBatch *append, struct arena *scratch);

/* May this request begin the log? All of its events must propose policies. */
bool commit_begins_log(const WireAppendBatch *append, struct arena *scratch);

/* Add a DecisionBatch, whose `after` is where the cursor will be. False, with nothing added, if a decision cannot be
 * decoded, is out of order or lies outside (after, upto], or a deadline cannot be stored. */
bool commit_add_decisions(struct commit *commit, const struct link_peer *peer, const WireDecisionBatch *batch,
                          struct arena *scratch);

void commit_add_stream(struct commit *commit, const struct link_peer *peer, const WireStreamWrite *write);

/* Row `row` is in the log at (epoch, seq) with this content. `is_ours`: it is there because this very commit was stored
 * although the answer was lost; then it is COMMITTED. */
struct commit_found {
    size_t row;
    uint32_t epoch;
    uint64_t seq;
    int64_t recorded_at;
    struct slice canonical;
    bool is_ours;
};
void commit_drop_found(struct commit *commit, struct recent *recent, const struct commit_found *found,
                       size_t count);

/* It is stored: `recent` and the entries learn their positions. */
void commit_settle(struct commit *commit, struct recent *recent, uint32_t epoch);

/* After commit_settle(): doubts that turned out to be conflicts are kept with the next commit. */
void commit_keep_conflicts(const struct commit *settled, struct commit *next);

/* It will not be stored: its pending ids are forgotten. */
void commit_abandon(struct commit *commit, struct recent *recent);

/* The answer to one append of a settled commit. Borrows from the commit until the next call. */
struct commit_receipts {
    WireReceipt *receipts;
    WirePosition *positions;
    WireReceipt **list;
    size_t capacity;
};
void commit_receipts(const struct commit *commit, const struct commit_append *append, uint32_t epoch,
                     struct commit_receipts *room, WireAppendResult *ret_result);
void commit_receipts_clear(struct commit_receipts *room);

#endif
