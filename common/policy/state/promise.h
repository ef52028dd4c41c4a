/* promise: what somebody was promised, by when, by whom. Kept packed, as the last decision about it said it.
 *
 * One that is open or renegotiated runs a clock: first to the reminder of its owner, then to its due time.
 * One that ended is kept for a while: reports that come late meet it. */
#ifndef BELLHOP_POLICY_STATE_PROMISE_H
#define BELLHOP_POLICY_STATE_PROMISE_H

#include "common/base/arena.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/occurrence.h"
#include "common/policy/state/ownership.h"

struct fold;
struct reading;

enum promise_state { PROMISE_OPEN, PROMISE_KEPT, PROMISE_BROKEN, PROMISE_RENEGOTIATED, PROMISE_WITHDRAWN };

const char *promise_state_word(enum promise_state state);

static inline bool promise_is_live(enum promise_state state)
{
    return state == PROMISE_OPEN || state == PROMISE_RENEGOTIATED;
}

struct promise {
    struct list_node recent;    /* among the live or the ended ones, longest untouched first */
    struct list_node in_bearer; /* a live one, among those of its owner */
    struct bearer *bearer;      /* NULL: it has no owner, or has ended */
    struct deadline deadline;
    enum promise_state state;
    uint32_t
        round; /* of its clock: counts its changes. What is due is judged by the policy in force by then */
    int64_t due_at;
    int64_t remind_at; /* 0: nobody is reminded any more */
    uint64_t seq;      /* of the last event that changed it */
    int64_t touched_at;
    bool is_drill;
    bool is_silenced; /* runs no clock */
    bool is_foretold; /* its end was reported before its making, which is still unknown */
    bool is_settled;  /* broken, and kept or called off after all: nobody need come any more */
    bool is_kept;     /* if it is settled: which of the two */
    int64_t settled_at;
    int64_t moved_at; /* when it was last put off; 0: never */
    int64_t made_at;
    const char *customer;    /* NULL: unknown */
    const char *product;     /* that it waits for; NULL: none */
    const char *interaction; /* as long as the customer is unknown: in which it was made. NULL: in none */
    uint8_t *packed;         /* WirePromise */
    size_t packed_size;
    uint16_t key_size;
    char key[]; /* store, NUL, promise */
};

/* Who carries promises that are not kept yet. */
struct bearer {
    struct list promises; /* through in_bearer */
    uint16_t key_size;
    char key[]; /* store, NUL, employee */
};

/* As it is, in `arena`. NULL when the arena is full. */
WirePromise *promise_read(const struct promise *promise, struct arena *arena);

/* When the owner is reminded of what was promised, or became known to need preparation, at `from`: when the policy's
 * share of the time is left, but no later than its least notice. If the whole time is shorter than that notice, the
 * share alone counts. 0: never. */
int64_t promise_remind_at(const struct policy *policy, int64_t from, int64_t due_at);

/* The name of the answer owed to a proposal, among promises; no register may give one like it. */
enum { PROPOSAL_PROMISE_SIZE = 64 + 1 };
void promise_id_of_proposal(const char *proposal_id, char into[static PROPOSAL_PROMISE_SIZE]);
bool promise_is_of_proposal(const char *promise_id);

/* Of the events about promises; NULL of others. */
const char *promise_id_of(const WireEvent *event);
struct promise *promise_find(const struct fold *fold, const char *store_id, const char *promise_id,
                             bool is_drill);

/* How many live promises `employee_id` carries that are due within `window_us` of `due_at`, without `but`,
 * which may be NULL. Exercises and the rest are counted apart. */
unsigned promises_around(const struct fold *fold, const char *store_id, const char *employee_id,
                         int64_t due_at, int64_t window_us, const struct promise *but, bool is_drill);

/* Those that `employee_id` carries in the store. NULL: none. */
const struct list *promises_of_bearer(const struct fold *fold, const char *store_id, const char *employee_id);

/* It is known now to whom it was made. */
void promise_take_name(struct fold *fold, struct promise *promise, const char *customer_id);

/* Make it what the decision, about an event at `at` and `seq`, says. */
void promise_become(struct fold *fold, const WireDecision *decision, int64_t at, uint64_t seq);
/* It is somebody else's, or known for whom it is: nothing else changes. */
void promise_hand_on(struct fold *fold, const WirePromise *body);
/* Let the event happen, whatever is decided of it. */
void promise_observe(struct fold *fold, const struct occurrence *occurrence);
/* The clock of this round has passed. */
void promise_expire(struct fold *fold, struct promise *promise, const WireDeadlinePassed *passed);

void promises_age(struct fold *fold);
void promises_clear(struct fold *fold);
void promises_write(const struct fold *fold, struct bytes *into);
void promises_read(struct reading *reading);

#endif
