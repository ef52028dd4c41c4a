/* decide: what is concluded from one event.
 *
 * Pure: the same state, record and event give the same decisions, byte for byte. */
#ifndef BELLHOP_POLICY_DECIDE_DECIDE_H
#define BELLHOP_POLICY_DECIDE_DECIDE_H

#include "common/policy/state/fold.h"

struct rule_look;

enum { DECISIONS_MOST = 4096, DECISIONS_BYTES = 16 * 1024 * 1024 };

/* Called while deciding for each rule that is looked at; see look.h. */
typedef void rule_looked(void *owner, const struct rule_look *look);

/* What is concluded from one event, in order of ordinal. The decisions live in here, and borrow from the
 * record, the event and the fold, until the next decide_event() with it, or until the fold changes: encode
 * them first, or apply them directly (fold_apply() takes care). */
struct decisions {
    WireDecision *items[DECISIONS_MOST];
    size_t count;
    struct arena arena;
    struct decisions_workspace *workspace;
    uint64_t evaluations; /* of conditions and other expressions, since it was made */
    rule_looked *looked;  /* NULL: nobody asks */
    void *owner;          /* of `looked` */
};

struct decisions *decisions_new(void);
void decisions_free(struct decisions *decisions);
AUTO_FREE(decisions)

/* 0, or -EOVERFLOW when there are more decisions than fit: such an event is to be quarantined. */
int decide_event(const struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
                 struct decisions *ret_decisions);

/* The one decision about an event at which deciding failed: QUARANTINED, and a verdict that says so. */
void decisions_quarantine(const struct fold *fold, const WireLoggedEvent *record, const WireEvent *event,
                          struct decisions *ret_decisions);

#endif
