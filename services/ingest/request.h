/* request: a publish in flight, from its admission to its reply. */
#ifndef BELLHOP_INGEST_REQUEST_H
#define BELLHOP_INGEST_REQUEST_H

#include "common/base/arena.h"
#include "common/link/router.h"
#include "common/loop/loop.h"
#include "common/wire/position.h"
#include "common/wire/refusal.h"
#include "services/ingest/awaiting.h"
#include "services/ingest/outlet.h"

#include "proto/bellhop/v1/publish.pb-c.h"

/* What became of one event. */
struct outcome {
    WireReceipt__Result result;
    struct position position;
    uint8_t id_size; /* 0 or 16 */
    bool is_appended;
    struct refused_texts *refused; /* of REJECTED and CONFLICT */
    struct awaited awaited;        /* of await_verdict; holds the id in any case */
    struct bytes verdict;          /* encoded, when it has come */
};

struct refused_texts {
    char reason[32];
    char field[96];
    char explanation[224];
    int64_t recorded_at; /* of what it is in conflict with; 0: not told */
};

struct request {
    struct outlet_ticket ticket;
    struct list_node node; /* in the intake's list of all that are under way */
    struct link_peer peer;
    uint64_t request_id;
    int64_t received_us; /* monotonic */
    int64_t size_bytes;  /* as admitted */
    bool await_verdict;
    int64_t updates_since_at; /* 0: it wants none */
    size_t missing_verdicts;
    struct loop_timer verdict_timer;
    void *intake;
    size_t event_count;
    struct outcome outcomes[];
};

struct request *request_new(const struct link_peer *peer, uint64_t request_id, size_t event_count);

/* It must not wait for a verdict any more. NULL is fine. */
void request_free(struct request *request);
AUTO_FREE(request)

/* An event has joined the batch, or was rejected here. */
void request_note_accepted(struct request *request, size_t index, const uint8_t id[16]);
void request_note_rejected(struct request *request, size_t index, struct slice id,
                           const struct wire_refusal *refusal);

/* bellhop-persist's receipts for the events that joined the batch, in their order. */
void request_note_receipts(struct request *request, WireReceipt *const *receipts);

/* COMMITTED or DUPLICATE: a verdict belongs to it. */
static inline bool outcome_has_verdict(const struct outcome *outcome)
{
    return outcome->result == WIRE_RECEIPT__RESULT__COMMITTED ||
           outcome->result == WIRE_RECEIPT__RESULT__DUPLICATE;
}

/* Append the encoded RegisterReply; verdicts that have not come are PENDING. `arena` is used during the
 * call. False when it is too small. */
bool request_write_reply(const struct request *request, int64_t server_time, struct arena *arena,
                         struct bytes *into);

#endif
