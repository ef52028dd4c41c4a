/* loan: authority that somebody has lent to somebody else, in a store, for a time.
 *
 * What is kept is what was lent; how far it reaches is the lender's own at the moment it is used. A loan that was taken
 * back is kept for a while, so that its lending may be told after it. */
#ifndef BELLHOP_POLICY_STATE_LOAN_H
#define BELLHOP_POLICY_STATE_LOAN_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "proto/bellhop/v1/decision.pb-c.h"

struct fold;
struct reading;

enum { LOANS_OF_BORROWER = 16 };

struct loan {
    const char *lender; /* names of the state */
    const char *role;   /* that is lent; NULL: it was taken back before it was told */
    int64_t from_at, until_at;
    int64_t changed_at; /* when it was lent or taken back, whichever happened last */
    bool is_drill;
};

/* All that one employee of a store has borrowed, in the order they first did. */
struct loans {
    struct list_node recent;
    struct loan *items;
    unsigned count;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, NUL, borrower */
};

/* NULL: they have borrowed nothing. */
const struct loans *loans_of(const struct fold *fold, const char *store_id, const char *borrower);
/* NULL: none. */
const struct loan *loan_find(const struct loans *loans, const char *lender, bool is_drill);
/* It holds at that time, in earnest or in the exercise. */
bool loan_holds(const struct loan *loan, int64_t at, bool is_drill);
/* There is no room for another one. */
bool loans_are_full(const struct loans *loans, int64_t now);

/* Authority is lent, or taken back. */
void loan_become(struct fold *fold, const WireLoan *body);

/* Forget what ended long ago and what is beyond the cap; at the end, all. */
void loans_age(struct fold *fold);
void loans_clear(struct fold *fold);

/* Of a snapshot. */
void loans_write(const struct fold *fold, struct bytes *into);
void loans_read(struct reading *reading);

#endif
