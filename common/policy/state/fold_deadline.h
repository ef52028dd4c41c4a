/* fold_deadline: the deadlines of a fold: the next one, those that have passed, and what others are to know of the open ones. */
#ifndef BELLHOP_POLICY_STATE_FOLD_DEADLINE_H
#define BELLHOP_POLICY_STATE_FOLD_DEADLINE_H

#include "common/base/uuid.h"
#include "common/policy/state/fold.h"

enum { FOLD_ID_SIZE = 65 };

/* A deadline that has passed. */
struct fold_deadline {
    WireDeadlinePassed body;    /* borrowed from the fold until the next call */
    const char *store_id;       /* likewise; NULL: none */
    const char *interaction_id; /* likewise; NULL: none */
    bool drill;
    char foreign_id[FOLD_ID_SIZE]; /* "kind/subject/round/rule/step" */
    struct uuid id;                /* of its event */
    char subject[FOLD_ID_SIZE];    /* body.subject points here */
};

/* When the next deadline passes that was not yet given out by fold_due(). False: there is none. */
bool fold_next_deadline(const struct fold *fold, int64_t *ret_due_at);

/* Give out the next deadline with due_at <= now, once; it stays open until its event is applied. False: none
 * is due. */
bool fold_due(struct fold *fold, int64_t now, struct fold_deadline *ret_deadline);

/* The event that says so, from "bellhop/escalate"; it borrows from the deadline. Its id is derived from what
 * it says: to append one twice is harmless. */
WireEvent fold_deadline_event(struct fold_deadline *deadline);

/* The oldest deadline that is still open, given out or not. False: there is none. */
bool fold_oldest_deadline(const struct fold *fold, int64_t *ret_due_at);

/* --- reporting --- */

/* For whoever keeps a list of the open deadlines that no row of a decision shows: whatever the fold holds a deadline of but a
 * case's, a follow-up's first and a promise's own. Each gets a number when it is given out, as deadline_report() says.
 * Between two calls of fold_apply(), ask first for those that have ended, then for those that were armed. */

/* One that was given out here and is open no more, once. False: there is none. */
bool fold_deadline_ended(struct fold *fold, uint32_t *ret_number);

/* One that is open and was not given out here, once. False: there is none. */
bool fold_deadline_armed(struct fold *fold, uint32_t *ret_number, struct fold_deadline *ret_deadline);

#endif
