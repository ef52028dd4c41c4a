/* decider: the fold at work: events become decisions, decisions become batches for persist.
 *
 * The fold runs ahead of what is stored: each event is decided on the state that the ones before it made,
 * stored or not. A batch names the position it was decided from and the one it leads to. When persist refuses
 * one, everything decided since is void, and a new decider is made from what is stored. */
#ifndef BELLHOP_ESCALATE_DECIDER_H
#define BELLHOP_ESCALATE_DECIDER_H

#include "common/base/auto.h"
#include "common/base/digest.h"
#include "common/base/text.h"
#include "common/policy/state/fold.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "services/escalate/marker.h"

enum { DECIDER_BATCH_EVENTS = 1000, DECIDER_BATCH_BYTES = 2 * 1024 * 1024 };

struct decider_numbers {
    uint64_t decided; /* events */
    uint64_t applied; /* events whose stored decisions were applied */
    uint64_t decisions;
    uint64_t evaluations;
    uint64_t quarantined;
    int64_t quarantine_seq; /* of the newest; 0: none */
};

struct decider;
struct metrics;

/* Takes the fold. `marker` stays where it is. */
struct decider *decider_new(struct fold *fold, struct marker *marker);
void decider_free(struct decider *decider);
AUTO_FREE(decider)

/* Borrowed, for its clocks and counts. */
struct fold *decider_fold(struct decider *decider);

/* Position of the last event that was decided or applied. */
uint64_t decider_seq(const struct decider *decider);

/* Apply the next event, which was decided before: `packed` are its decisions. 0, or -EINVAL and why: then the
 * state is no longer usable. */
int decider_apply(struct decider *decider, const WireLoggedEvent *record, const struct slice *packed,
                  size_t count, char why[static WHY_SIZE]);

/* Decide the next event; its decisions join the batch. 0, or -EINVAL and why, likewise. */
int decider_decide(struct decider *decider, const WireLoggedEvent *record, char why[static WHY_SIZE]);

/* The number of events in the batch, and of their decisions; send it when it is full. */
size_t decider_batch_events(const struct decider *decider);
size_t decider_batch_decisions(const struct decider *decider);
bool decider_batch_is_full(const struct decider *decider);

struct decided_batch {
    uint64_t after; /* seq */
    uint64_t upto;
    size_t decisions;
    uint8_t hash[CONTENT_HASH_SIZE]; /* of all its decisions, by decider_hash() */
};

/* Fill `ret_message` (decisions, after, upto, deadlines, borrowed until the next decider_decide()) and begin the next
 * batch. */
struct decided_batch decider_take_batch(struct decider *decider, uint32_t epoch,
                                        WireDecisionBatch *ret_message);

/* Over the size and the bytes of each: shows whether the stored decisions are those that were sent. */
void decider_hash(const ProtobufCBinaryData *decisions, size_t count,
                  uint8_t ret_hash[static CONTENT_HASH_SIZE]);

const struct decider_numbers *decider_numbers(const struct decider *decider);

/* Put its numbers, and those of its fold, among `metrics` until it is freed. */
void decider_register(struct decider *decider, struct metrics *metrics);

#endif
