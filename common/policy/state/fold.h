/* fold: the state that the log makes.
 *
 * decide_event() of decide/ is pure: the same state, record and event give the same decisions, byte for byte. fold_apply()
 * changes the state by the event and by stored decisions alone and never decides again, so that a restarted or newer program
 * continues what an older one decided. No clock but the record's, no chance, no I/O.
 *
 * For each event of the log, in order: decide, store the decisions, apply them; up to the stored cursor: read
 * the stored decisions and apply them. */
#ifndef BELLHOP_POLICY_STATE_FOLD_H
#define BELLHOP_POLICY_STATE_FOLD_H

#include "common/base/arena.h"
#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/text.h"
#include "proto/bellhop/v1/decision.pb-c.h"
#include "proto/bellhop/v1/event.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

enum { ENGINE_VERSION = 3 };

/* What is held, at most, and how long after its last event. Beyond a cap the one longest untouched is
 * forgotten, counted and reported by a finding. Products that events described are kept for good. */
struct fold_limits {
    size_t interactions, closed_interactions, customers, employees, stores;
    size_t recurrences;
    size_t asked;
    size_t good_news;
    size_t cases, follow_ups, remedies, promises, charges;
    size_t products, purchases, shelves, wants, appointments;
    int64_t interaction_age_ms; /* of one that never closed */
    int64_t closed_age_ms;      /* of one that did */
    int64_t ended_age_ms;       /* of a case that ended */
    int64_t recurrence_age_ms;
    int64_t asked_age_ms;
    int64_t customer_age_ms, employee_age_ms, remedy_age_ms;
};
extern const struct fold_limits fold_limits_default;

struct fold;

/* `limits` NULL: the defaults. `seed` is the hash maps'; it has no influence on what is decided. */
struct fold *fold_new(const struct fold_limits *limits, uint64_t seed);
void fold_free(struct fold *fold);
AUTO_FREE(fold)

/* The record must be the next one. 0, or -EINVAL and why: the record does not follow, or an accepted policy
 * cannot be loaded; then the fold must not be used any further. */
int fold_apply(struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
               WireDecision *const *decisions, size_t count, char why[static WHY_SIZE]);

/* Of the last event applied; 0 and 0 in the beginning. */
uint32_t fold_epoch(const struct fold *fold);
uint64_t fold_seq(const struct fold *fold);
/* Version of the policy in force, 0 when there is none. */
uint64_t fold_policy_version(const struct fold *fold);

/* --- looking at it --- */

struct fold_counts {
    int64_t interactions, open_interactions, customers, employees, stores;
    int64_t cases, follow_ups, remedies, promises, products, purchases, wants, appointments, deadlines,
        policies;
    int64_t posts;      /* levels that are served, or were */
    int64_t unattended; /* open cases at the top level with nobody home */
    int64_t seq;        /* of the last event applied */
    int64_t bytes;      /* held, without allocator overhead */
    uint64_t forgotten; /* entries dropped because of a cap */
};

void fold_count(const struct fold *fold, struct fold_counts *ret_counts);

/* --- snapshots: a cache of the state, versioned; the caller adds a checksum of its own --- */

/* In pieces of about a megabyte, so that writing them down takes little memory. */
typedef void fold_snapshot_piece(void *owner, struct slice piece);
void fold_snapshot_stream(const struct fold *fold, fold_snapshot_piece *on_piece, void *owner);

/* NULL when these are not the bytes of a snapshot of this version. What it gives decides as the one written.
 */
struct fold *fold_snapshot_read(const struct fold_limits *limits, uint64_t seed, struct slice snapshot);

#endif
