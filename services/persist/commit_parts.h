/* commit_parts: what a commit consists of: events with their outcomes, the requests they came in, and who waits. */
#ifndef BELLHOP_PERSIST_COMMIT_PARTS_H
#define BELLHOP_PERSIST_COMMIT_PARTS_H

#include "common/link/peer.h"
#include "services/persist/recent.h"

#include "proto/bellhop/v1/append.pb-c.h"

enum { COMMIT_NO_ROW = UINT32_MAX };

/* Why an event is in conflict with the one of its id that is in the log. */
struct commit_conflict {
    char field[96]; /* the first that differs; "": could not be told */
    char explanation[224];
    int64_t recorded_at; /* of the one in the log; 0: could not be told */
};

/* One event of a request. */
struct commit_entry {
    struct uuid id;
    uint8_t hash[CONTENT_HASH_SIZE];
    uint32_t row;                 /* of the batch's events; COMMIT_NO_ROW: a repeat, or refused */
    struct recent_event *pending; /* of an entry with a row */
    WireReceipt__Result result;
    uint32_t epoch; /* where it is, once settled */
    uint64_t seq;
    const char *reason;               /* a stable word, static, if it is neither COMMITTED nor DUPLICATE */
    struct commit_conflict *conflict; /* of CONFLICT */
    bool wants_verdict;
};

/* One AppendBatch. */
struct commit_append {
    struct link_peer peer;
    uint64_t batch_id;
    size_t first_entry;
    size_t entry_count;
};

/* One DecisionBatch or StreamWrite. */
struct commit_waiter {
    struct link_peer peer;
    uint64_t id;
};

/* One decision, in `packed`. */
struct commit_decision {
    size_t offset;
    size_t size;
    uint64_t seq;
    WireDecisionKind kind;
};

/* A repeat that differs from an event that is still pending. Whether it is a conflict is known once that one is settled;
 * until then its content is kept here. */
struct commit_doubt {
    size_t entry;
    size_t offset; /* in `doubtful`: the source with its NUL, then the content */
    size_t size;
};

#endif
